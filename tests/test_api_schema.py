"""The API against its own OpenAPI document: no 5xx, no status it does not announce, whatever is asked."""

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, settings

from tests import factories

schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(["not_a_server_error", "status_code_conformance"])


def test_the_document_is_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


@pytest.fixture
def api(server_door):
    """The document as served, over a small city."""
    need = factories.need(20)
    factories.promise(need, 2)
    factories.delivered(need, 3)
    factories.received(5_000_000)
    return schemathesis.openapi.from_wsgi("/api/v1/skema/?format=json", server_door)


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_breaks_and_nothing_is_undocumented(case):
    response = case.call()
    case.validate_response(response, checks=CHECKS)
