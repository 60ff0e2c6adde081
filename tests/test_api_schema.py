"""The API against its own OpenAPI document: no 5xx, no status it does not announce, whatever is asked."""

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from ksbb.wsgi import application
from tests import factories

schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(["not_a_server_error", "status_code_conformance"])


def test_the_document_is_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


@pytest.fixture
def api(db):
    """The document as served, over a small city."""
    need = factories.need(20)
    factories.promise(need, 2)
    factories.delivered(need, 3)
    factories.received(5_000_000)
    # As Django's own test client does: the request must not close the connection that holds the test's transaction.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/skema/?format=json", application)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


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
