"""Pictures of all pages at two widths, one for each kind of page that links lead to from the home page.

`make screenshots` starts the portal on a demo of its own; KSBB_PORTAL_URL takes one that runs. The pictures go to
VAR/screenshots/<page>-<width>.png.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
TARGET = Path(os.environ.get("VAR") or ROOT / "var").resolve() / "screenshots"

import django  # noqa: E402 - found through the lines above

django.setup()

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser.conftest import FLAGS, NAMES  # noqa: E402
from tests.browser.crawl import pages  # noqa: E402
from tests.browser.visit import Visit  # noqa: E402
from tests.portal import Portal  # noqa: E402

WIDTHS = (360, 1280)


def photograph(browser, url):
    """Take all pictures of the portal at `url`."""
    visits = {width: Visit(browser, url, width=width) for width in WIDTHS}
    for name, path in pages(Visit(browser, url).page, url):
        for width, visit in visits.items():
            visit.page.goto(path, wait_until="load")
            visit.page.screenshot(path=TARGET / f"{name}-{width}.png", full_page=True)
        print(f"{name}: {path}", flush=True)


def main():
    """Start what is needed, take the pictures, stop."""
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not chromium:
        sys.exit("No Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        given = os.environ.get("KSBB_PORTAL_URL")
        server = None if given else Portal(Path(folder) / "var", os.environ.get("KSBB_DEMO_VAR")).start()
        try:
            photograph(playwright.chromium.launch(executable_path=chromium, args=FLAGS), given or server.url)
        finally:
            if server:
                server.stop()
    print(f"Pictures: {TARGET}")


if __name__ == "__main__":
    main()
