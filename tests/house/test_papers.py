"""Documents and pinned requirements: links lead somewhere, nothing speaks of one machine, pins fit what we ask for."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import source

PAPERS = [path for path in source.tracked() if path.suffix == ".md"]
# Hosts of package registries and folders of one machine, written so that this file does not contain them.
FOREIGN = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npm",
            "deb" + r"\.debian",
            r"(?<![\w.-])/" + "work/",
            "/tmp" + "/k/",
        ]
    )
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")


@pytest.mark.parametrize("path", PAPERS, ids=str)
def test_links_lead_to_files_that_exist(path):
    targets = [
        link.split("#")[0]
        for link in LINK.findall(source.read(path))
        if "://" not in link and not link.startswith("mailto:")
    ]
    assert [target for target in targets if target and not (source.ROOT / path.parent / target).exists()] == []


@pytest.mark.parametrize("path", PAPERS, ids=str)
def test_headings_that_links_name_exist(path):
    anchors = [link[1:] for link in LINK.findall(source.read(path)) if link.startswith("#")]
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in source.read(path).splitlines()
        if line.startswith("#")
    }
    assert [anchor for anchor in anchors if anchor not in headings] == []


def test_nothing_speaks_of_one_machine():
    texts = [
        path
        for path in source.tracked()
        if "vendor" not in path.parts and path.suffix not in (".woff2", ".png", ".jpg", ".mo", ".br", ".gz")
    ]
    assert [str(path) for path in texts if FOREIGN.search(source.read(path))] == []


def pins(name):
    """Return {package: version} of a requirements file; each pin must carry a hash."""
    text = source.read(source.ROOT / "requirements" / name)
    blocks = re.findall(
        r"^([A-Za-z0-9._-]+)==([^ \\]+)[^\n]*\\\n((?:\s+--hash=sha256:[0-9a-f]{64}[^\n]*\n)+)", text, re.M
    )
    assert len(blocks) == len(re.findall(r"^[A-Za-z0-9]", text, re.M)), "a pin without a hash"
    return {canonicalize_name(package): version for package, version, _ in blocks}


@pytest.mark.parametrize("group", ["run", "test"])
def test_pins_fit_what_the_project_asks_for(group):
    project = tomllib.loads(source.read(source.ROOT / "pyproject.toml"))
    wanted = project["project"]["dependencies"] if group == "run" else project["dependency-groups"]["test"]
    pinned = pins(f"{group}.txt")
    wrong = [
        text
        for text in wanted
        if not Requirement(text).specifier.contains(pinned[canonicalize_name(Requirement(text).name)])
    ]
    assert wrong == []


def test_every_dependency_says_why_it_is_here():
    lines = source.read(source.ROOT / "pyproject.toml").splitlines()
    named = [
        line
        for line in lines
        if re.match(r'\s+"[A-Za-z][\w.-]*(\[[\w,]+\])?([<>=].*)?",', line) and ("=" in line or "tzdata" in line)
    ]
    assert len(named) > 25
    assert [line for line in named if "#" not in line] == []


def test_nothing_fetches_requirements_from_elsewhere():
    for name in ("run.txt", "test.txt"):
        assert not re.search(r"://|^-", source.read(source.ROOT / "requirements" / name), re.M)
