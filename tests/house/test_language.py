"""The border between English inside and Indonesian outside, held against docs/glossary.md."""

import re

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver
from django.utils.text import slugify

from tests.house import source

# Names of standards and of machines, not words of a language.
STANDARD = set("api v1 healthz readyz well-known security static en id ksbb geojson csv json xlsx".split())
STAFF = ("admin/", "kelola/")


def rows():
    """Return the glossary's rows as lists of four cells."""
    lines = source.read(source.ROOT / "docs/glossary.md").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if len(row) == 4 and not set(row[0]) <= set("-: ")][1:]


def words(cell):
    """Return the separate words of a cell as slugs."""
    return {slugify(part) for part in re.split(r"[,;·/]", re.sub(r"[`*]", "", cell))} - {""}


def routes(patterns=None, before=""):
    """Yield (route, pattern) of every address."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from routes(pattern.url_patterns, route)


def public_segments():
    """Return the fixed segments of all public addresses, without converters and file endings."""
    public = [
        re.sub(r"<[^>]*>|\(\?P<[^)]*\)|[\^$\\]", "", route) for route, _ in routes() if not route.startswith(STAFF)
    ]
    segments = {
        slugify(part.split(".")[0] if not part.startswith(".") else part[1:])
        for route in public
        for part in route.split("/")
    }
    return segments - {""} - STANDARD


def test_the_glossary_is_a_table_of_four_columns():
    lines = [line for line in source.read(source.ROOT / "docs/glossary.md").splitlines() if line.startswith("|")]
    assert lines[0].replace(" ", "") == "|Indonesia|Code|Meaning|Nottobeconfusedwith|"
    assert [line for line in lines if line.count("|") != 5] == []


def test_no_word_stands_twice():
    first = [row[0] for row in rows()]
    assert len(first) == len(set(first))


def test_every_public_path_segment_is_in_the_glossary():
    known = set().union(*(words(row[0]) for row in rows()))
    assert public_segments() - known == set()


def test_every_model_is_in_the_glossary():
    known = {name for row in rows() for name in re.findall(r"`(\w+)", row[1])}
    ours = {model.__name__ for model in apps.get_models() if model.__module__.split(".")[0] in source.ROOMS}
    assert ours - known == set()


INDONESIAN = (
    "lokasi kebutuhan komitmen kolaborasi kolaborator penyaluran pengaduan periode paket wilayah dana donatur keluarga "
    "penerimaan peristiwa angka peta sisa jumlah tanggal agregator_mitra bantuan"
).split()


@pytest.mark.parametrize("path", [p for p in source.python(*source.ROOMS) if "demo" not in str(p)], ids=str)
def test_names_inside_are_english(path):
    """No function, class or argument carries an Indonesian noun; those live in strings at the border."""
    names = {node.name for node in [*source.functions(path), *source.classes(path)]}
    names |= {arg.arg for each in source.functions(path) for arg in [*each.args.args, *each.args.kwonlyargs]}
    assert [name for name in names if set(re.split(r"_|(?=[A-Z])", name.lower())) & set(INDONESIAN)] == []
