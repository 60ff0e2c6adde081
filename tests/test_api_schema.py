"""The API against its own OpenAPI document: no 5xx, no status it does not announce, whatever is asked."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
import schemathesis
from django.core.management import call_command
from django.test import RequestFactory
from drf_spectacular.views import SpectacularAPIView
from hypothesis import HealthCheck, Phase, settings
from rest_framework.response import Response

from ksbb.api import Schema
from ksbb.core import version
from tests import factories
from tests.test_concurrency import in_threads

schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(["not_a_server_error", "status_code_conformance"])


def test_the_document_is_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


@pytest.mark.django_db
def test_a_crowd_that_asks_first_has_it_drawn_once(monkeypatch):
    two_inside, drawn = Barrier(2), []

    def draw(view, request):
        drawn.append(request)
        with suppress(BrokenBarrierError):
            two_inside.wait(0.3)  # only a second thread in here could end this sooner
        return Response({"openapi": "3"})

    monkeypatch.setattr(SpectacularAPIView, "get", draw)
    version.data_version()
    asked = RequestFactory().get("/api/v1/skema/", {"format": "json"})
    answers = in_threads(lambda reader: Schema.as_view()(asked), range(4))
    assert len(drawn) == 1
    assert [answer.status_code for answer in answers] == [200] * 4


@pytest.mark.django_db
def test_it_is_not_sent_again_while_nothing_changed(client):
    first = client.get("/api/v1/skema/")
    again = client.get("/api/v1/skema/", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


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
