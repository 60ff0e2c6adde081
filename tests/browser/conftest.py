"""Chromium, and the real portal on the demo city (KSBB_PORTAL_URL: another one; KSBB_DEMO_VAR: prepared data)."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.visit import Visit
from tests.portal import Portal

# As root Chromium has no sandbox; the rest keeps it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
expect.set_options(timeout=30_000)  # as long as Playwright waits for all else; speed is shown by benchmarks
NAMES = ("chromium", "chromium-browser", "google-chrome")


def flags(url):
    """Return Chromium's flags for looking at the portal at `url`; no other name is found: nothing leaves this machine.

    Told to the browser once, since whoever stops each request to look at it changes the times of those that count.
    """
    return [*FLAGS, f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {urlsplit(url).hostname}, EXCLUDE localhost"]


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address and the state folder of a portal with the demo city (KSBB_PORTAL_VAR: the other one's folder)."""
    if url := os.environ.get("KSBB_PORTAL_URL"):
        yield url.rstrip("/"), os.environ.get("KSBB_PORTAL_VAR", "var")
        return
    server = Portal(tmp_path_factory.mktemp("portal") / "var").start()
    yield server.url, server.var
    server.stop()


@pytest.fixture(scope="session")
def portal(served):
    """The address of a portal with the demo city, served as in production."""
    return served[0]


@pytest.fixture(scope="session")
def portal_folder(served):
    """The state folder of that portal, where the demo's accounts are kept."""
    return served[1]


@pytest.fixture(scope="session")
def browser(portal):
    """A headless Chromium of the system."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        pytest.skip("no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM")
    with sync_playwright() as playwright:
        lean, env = Path(__file__).with_name("chromium.sh"), {**os.environ, "CHROMIUM": path}
        chromium = playwright.chromium.launch(executable_path=lean, env=env, args=flags(portal))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(portal, browser):
    """Make visitors: `visit(width=360, javascript=False).open("/lokasi/")`; a page's faults fail the test.

    `url=`: a visitor of another portal.
    """
    visits = []

    def make(url=portal, **options):
        visits.append(Visit(browser, url, **options))
        return visits[-1]

    yield make
    problems = [problem for each in visits for problem in each.close()]
    assert problems == []


@pytest.fixture(params=[360, 1280], ids=["phone", "desk"])
def width(request):
    """The two widths at which each page must look right."""
    return request.param


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def javascript(request):
    """With JavaScript and without."""
    return request.param
