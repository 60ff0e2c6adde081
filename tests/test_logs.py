"""Lines for machines: one JSON object each, masked, with the name of the request they are about."""

import io
import json
import logging
import logging.config

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from ksbb.core import logs, request_id
from ksbb.settings import MIDDLEWARE
from tests.kk_numbers import kk

PROXY = "10.0.0.1"


def said(write):
    """Return the lines that `write(logger)` leaves in the log of machines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("ksbb.test")
    logger.addHandler(handler)
    write(logger)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_object_whatever_is_said():
    [line] = said(lambda logger: logger.warning('two\nlines of "%s"', "text"))
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "ksbb.test", 'two\nlines of "text"')
    assert line["time"].endswith("+00:00")


def fail_with_secrets(logger):
    try:
        raise ValueError(f'kk {kk()}, "kode=7F3KQ2MD"')
    except ValueError:
        logger.exception("GET /komitmen-saya/s3cr3t-l1nk/ of %s", "-".join(kk()))


def test_no_number_and_no_private_link_is_told():
    [line] = said(fail_with_secrets)
    assert "ValueError" in line["exception"]
    whole = json.dumps(line)
    assert not {secret for secret in (kk(), "3-1-7-4", "s3cr3t", "7F3KQ2MD") if secret in whole}


@pytest.mark.parametrize("shape", ["line", "json"])
def test_both_shapes_are_settings_that_work(shape):
    formatter = logging.config.DictConfigurator(logs.configuration(shape)).configure_formatter
    assert "secret" in formatter(logs.FORMATTERS[shape]).format(logging.makeLogRecord({"msg": "secret"}))


def test_no_other_shape_is_taken():
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT must be one of line, json"):
        logs.configuration("xml")


# --- The name of a request --------------------------------------------------------------------------------------------
def named(client, given, address):
    return client.get("/healthz", headers={"x-request-id": given}, REMOTE_ADDR=address).headers["X-Request-ID"]


@override_settings(TRUSTED_PROXY=PROXY)
def test_the_proxy_names_a_request_and_nobody_else_does(client):
    assert named(client, "0123456789abcdef-x", PROXY) == "0123456789abcdef-x"
    assert named(client, "0123456789abcdef-x", "10.0.0.2") != "0123456789abcdef-x"


@override_settings(TRUSTED_PROXY=PROXY)
@pytest.mark.parametrize("name", ["short", "x" * 65, "two words here", 'quote"quote"', f"id-{kk()}"])
def test_a_name_that_does_not_look_like_one_is_replaced(client, name):
    assert named(client, name, PROXY) != name


def test_two_requests_have_two_names_of_one_length(client):
    one, other = named(client, "", "10.0.0.2"), named(client, "", "10.0.0.2")
    assert one != other
    assert len(one) == len(other) == 20


def test_a_line_about_a_request_carries_its_name(client):
    name = named(client, "", "10.0.0.2")
    assert request_id.current() == name
    [line] = said(lambda logger: logger.warning("seen"))
    assert line["request_id"] == name


def test_a_request_is_named_before_anything_else_happens_to_it():
    assert MIDDLEWARE[0] == "ksbb.core.request_id.RequestIdMiddleware"
