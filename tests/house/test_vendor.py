"""What others wrote is exactly what they wrote: `static/vendor/SHA384` lists every vendored file.

Made anew in static/vendor by: find . -type f ! -name SHA384 | sort | xargs sha384sum > SHA384
"""

import hashlib

from tests.house.source import ROOT

VENDOR = ROOT / "static" / "vendor"


def listed():
    """Return {file: hash} as the list has it (the format of sha384sum)."""
    lines = (VENDOR / "SHA384").read_text().splitlines()
    return {
        name.removeprefix("./"): digest for digest, name in (line.split(maxsplit=1) for line in lines if line.strip())
    }


def present():
    """Return {file: hash} as the files are."""
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.name != "SHA384"]
    return {str(path.relative_to(VENDOR)): hashlib.sha384(path.read_bytes()).hexdigest() for path in files}


def test_every_vendored_file_is_listed_and_unchanged():
    assert present()
    assert present() == listed()


def test_every_library_brings_its_licence():
    without = [
        folder.name
        for folder in VENDOR.iterdir()
        if folder.is_dir()
        and not any("licen" in path.name.lower() or path.name == "OFL.txt" for path in folder.iterdir())
    ]
    assert without == []


def test_every_library_names_its_version():
    assert [
        folder.name
        for folder in VENDOR.iterdir()
        if folder.is_dir() and not folder.name.rpartition("-")[2][:1].isdigit()
    ] == []
