"""Templates: each is used, none carries code or looks of its own, and one word names address, view and template."""

import inspect
import re
from pathlib import Path

import pytest
from django.template import engines

from tests.house import source
from tests.house.test_language import routes

ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.I),
    "inline style": re.compile(r"<style\b|\sstyle\s*=\s*[\"'{]", re.I),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']javascript:", re.I),
    "foreign origin": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|{%\s*autoescape off"),
}
NAMES = [str(path.relative_to("templates")) for path in source.templates()]


def replaces_another(name):
    """Tell whether a package brings a template of the same name, which ours replaces."""
    loaders = engines["django"].engine.template_loaders
    origins = [
        origin for loader in getattr(loaders[0], "loaders", loaders) for origin in loader.get_template_sources(name)
    ]
    own = str(source.ROOT / "templates")
    return any(not origin.name.startswith(own) and Path(origin.name).is_file() for origin in origins)


@pytest.fixture(scope="module")
def all_text():
    """Everything that may name a template."""
    return {path: source.read(path) for path in [*source.python(*source.ROOMS), *source.templates()]}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_is_used(name, all_text):
    mentioned = any(name in text for path, text in all_text.items() if str(path) != f"templates/{name}")
    assert mentioned or name in ERROR_PAGES or replaces_another(name)


@pytest.mark.parametrize("path", [p for p in source.templates() if p.suffix == ".html"], ids=str)
def test_no_template_carries_code_or_looks(path):
    """The Content-Security-Policy would refuse them; an unescaped output would be a hole."""
    assert [what for what, pattern in INLINE.items() if pattern.search(source.read(path))] == []


def test_the_patterns_can_fail():
    samples = [
        "<script>1</script>",
        '<p style="x">',
        '<a onclick="x">',
        '<a href="javascript:1">',
        '<img src="//x">',
        "{{ x|safe }}",
    ]
    assert [[what for what, p in INLINE.items() if p.search(sample)] for sample in samples] == [
        [what] for what in INLINE
    ]


def our_views():
    """Yield (name, view) of every address that one of our view functions answers."""
    for _, pattern in routes():
        view = inspect.unwrap(pattern.callback)
        view = getattr(view, "view_class", getattr(view, "cls", view))
        if pattern.name and view.__module__.split(".")[0] in source.ROOMS and ".views" in view.__module__:
            yield pattern.name, view


def test_one_word_names_address_and_view():
    different = [(name, view.__name__) for name, view in our_views() if name != view.__name__]
    assert different == []


def test_one_word_names_view_and_template():
    different = []
    for name, view in our_views():
        rendered = re.findall(r"render\(\s*request,\s*\"([^\"]+)\"", inspect.getsource(view))
        if rendered and not any(template.endswith(f"/{name}.html") for template in rendered):
            different.append((name, rendered))
    assert different == []
