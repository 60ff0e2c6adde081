"""Pictures of all pages at two widths: of each kind that links lead to, and of what scenes play; README's among them.

`make screenshots` starts the portal on a demo of its own; KSBB_PORTAL_URL takes one that runs. The pictures go to
VAR/screenshots/<page>-<width>.png, README's to docs/img/. ONLY=map takes those whose name holds "map".
"""

import io
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

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from scenes import READY, SCENES, WITHOUT_SCRIPTS, lacking  # noqa: E402

from tests.browser.conftest import NAMES, flags  # noqa: E402
from tests.browser.crawl import pages  # noqa: E402
from tests.browser.visit import Visit  # noqa: E402
from tests.portal import Portal  # noqa: E402

WIDTHS = (360, 1280)
README = {
    "home": "/",
    "map": "/peta/",
    "place": "/lokasi/?jenis=rw&terpenuhi_min=30&sisa_min=20&urut=sisa",
    "dashboard": "/transparansi/?sampai=2020-05-27",
}
COLOURS = 255  # of README's pictures: each stays under 120 kB, and nobody sees the difference


def wanted(name):
    """Return whether this picture was asked for."""
    return os.environ.get("ONLY", "") in name


def take(visit, name, width):
    """Take one picture of the whole page as it stands."""
    visit.page.screenshot(path=TARGET / f"{name}-{width}.png", full_page=True)


def linked(browser, url):
    """Take every kind of page that links lead to."""
    visits = {width: Visit(browser, url, width=width) for width in WIDTHS}
    for name, path in pages(Visit(browser, url).page, url):
        for width, visit in visits.items():
            if wanted(name):
                visit.page.goto(path, wait_until="networkidle")
                take(visit, name, width)
        print(f"{name}: {path}", flush=True)


def played(browser, url, scene, width):
    """Play one scene and take its pictures."""
    visit = Visit(browser, url, width=width)
    for name in scene(visit):
        take(visit, name, width)
    visit.close()
    print(f"{scene.__name__}: {width}", flush=True)


def plain(browser, url, width):
    """Take the pages that scripts change most, without scripts."""
    visit = Visit(browser, url, width=width, javascript=False)
    visit.open("/")
    for path in (*WITHOUT_SCRIPTS, lacking(visit.page, 1)):
        visit.open(path)
        take(visit, f"no-script-{path.partition('?')[0].strip('/')}{'-place' if '?' in path else ''}", width)
    visit.close()


def for_readme(browser, url):
    """Take README's pictures: the first screen of four pages, small enough to lie in the repository."""
    visit = Visit(browser, url, width=1280)
    for name, path in README.items():
        page = visit.open(path)
        if name == "place":
            page.locator("main tbody a").first.click()
        if name == "map":
            page.wait_for_function(READY)
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(ROOT / f"docs/img/{name}.png", optimize=True)
    visit.close()


def photograph(browser, url):
    """Take all pictures of the portal at `url`."""
    linked(browser, url)
    for width in WIDTHS:
        for scene in SCENES:
            if wanted(scene.__name__):
                played(browser, url, scene, width)
        if wanted("no-script"):
            plain(browser, url, width)
    if wanted("readme"):
        for_readme(browser, url)


def main():
    """Start what is needed, take the pictures, stop."""
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not chromium:
        sys.exit("No Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        given = os.environ.get("KSBB_PORTAL_URL")
        server = None if given else Portal(Path(folder) / "var").start()
        try:
            url = given or server.url
            photograph(playwright.chromium.launch(executable_path=chromium, args=flags(url)), url)
        finally:
            if server:
                server.stop()
    print(f"Pictures: {TARGET}")


if __name__ == "__main__":
    main()
