"""The facts that every city begins with: complete, loaded once, and never over what Pokja changed."""

from datetime import date
from itertools import pairwise

import pytest
from django.core.management import call_command

from donations import figures
from donations.actions import periods
from locations.models import Area, AreaAlias, LocationKind
from locations.reference import rt_register, rw_register
from programs.models import NeedPeriod, PackageKind, PackageType, PackageVersion, Program, Statement
from programs.reference import rows
from programs.spans import span_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    call_command("load_reference", verbosity=0)


def everything():
    models = (Area, AreaAlias, LocationKind, Program, PackageType, PackageVersion, Statement, NeedPeriod)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_areas_are_complete(loaded):
    levels = list(Area.objects.values_list("level", flat=True))
    assert {level: levels.count(level) for level in set(levels)} == {
        "provinsi": 1,
        "kota": 6,
        "kecamatan": 44,
        "kelurahan": 267,
    }


def test_populations_of_every_level_sum_to_the_official_one(loaded):
    for level in ("provinsi", "kota", "kecamatan", "kelurahan"):
        assert sum(Area.objects.filter(level=level).values_list("population", flat=True)) == 11_038_216


def test_every_area_lies_in_the_one_its_code_says(loaded):
    for area in Area.objects.exclude(level="provinsi"):
        assert area.parent_id == area.code.rpartition(".")[0]


def test_codes_are_valid(loaded):
    for area in Area.objects.all():
        area.clean_fields()


def test_the_register_has_its_own_totals():
    assert sum(map(len, rw_register().values())) == 2709
    assert sum(rt_register().values()) == 30_274


def test_the_register_names_known_areas(loaded):
    assert set(rw_register()) == set(Area.objects.filter(level="kelurahan").values_list("code", flat=True))


def test_kebayoran_lama_utara_has_no_rw_04():
    assert 4 not in rw_register()["31.74.05.1001"]


def test_loading_again_changes_nothing(loaded):
    before = everything()
    call_command("load_reference", verbosity=0)
    assert everything() == before


def test_what_pokja_changed_stays(loaded):
    Program.objects.filter(slug="pangan").update(name="Pangan Bersama", status="selesai")
    Area.objects.filter(code="31.74.05").update(name="Kebayoran")
    PackageVersion.objects.filter(package__slug="sembako").update(reference_price=250_000)
    call_command("load_reference", verbosity=0)
    assert Program.objects.get(slug="pangan").name == "Pangan Bersama"
    assert Area.objects.get(code="31.74.05").name == "Kebayoran"
    assert PackageVersion.objects.get(package__slug="sembako").reference_price == 250_000


def test_programmes(loaded):
    by_status = {"berjalan": set(), "diumumkan": set()}
    for program in Program.objects.all():
        by_status[program.status].add(program.slug)
        assert program.lead_agency
    assert by_status == {
        "berjalan": {"pangan", "umkm", "pendidikan", "permukiman"},
        "diumumkan": {"persampahan", "tenaga-kerja"},
    }


def test_published_reference_prices(loaded):
    prices = dict(PackageVersion.objects.values_list("package__slug", "reference_price"))
    assert (prices["sembako"], prices["siap-saji"], prices["lebaran"]) == (200_000, 45_000, 85_000)


def test_prices_without_a_source_say_so(loaded):
    for version in PackageVersion.objects.exclude(package__program__slug="pangan"):
        assert version.source.startswith("Perkiraan KSBB")


def test_each_kind_of_help_has_a_fitting_statement(loaded):
    for package in PackageType.objects.select_related("statement"):
        if package.kind == PackageKind.LOAN:
            assert package.statement.slug == "pinjaman"
        if package.program.slug == "pangan" and package.kind == PackageKind.GOODS:
            assert any("halal" in line for line in package.statement.lines)


def test_periods_are_closed_and_do_not_overlap(loaded):
    spans = list(NeedPeriod.objects.order_by("starts_on"))
    assert all(not period.is_open for period in spans)
    assert [str(period.starts_on) for period in spans[:4]] == ["2020-04-24", "2020-05-01", "2020-05-08", "2020-05-15"]
    for earlier, later in pairwise(spans):
        assert earlier.ends_on < later.starts_on
    assert spans[-1].starts_on <= date(2020, 11, 26) <= spans[-1].ends_on


def test_every_published_figure_has_a_source():
    published = rows("published_totals")
    assert len(published) > 50
    assert [row for row in published if not row["source"] or not row["value"].isdigit()] == []


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2020, 4, 24), date(2020, 4, 30), "24–30 April 2020"),
        (date(2020, 6, 29), date(2020, 7, 5), "29 Juni–5 Juli 2020"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Desember 2026–3 Januari 2027"),
    ],
)
def test_names_of_spans(first, last, name):
    assert span_name(first, last) == name


def test_a_new_week_has_its_name(loaded, settings):
    from django.utils import timezone

    period, new = periods.open_week(now=timezone.make_aware(timezone.datetime(2026, 11, 18, 9)))
    assert (new, period.slug, period.name) == (True, "2026-11-16", "16–22 November 2026")


def test_a_seventh_programme_needs_no_code(loaded):
    program = Program.objects.create(slug="kesehatan", name="Kesehatan", status="berjalan", summary="Obat dan vitamin.")
    statement = Statement.objects.get(slug="umum")
    PackageType.objects.create(program=program, slug="vitamin", name="Vitamin", statement=statement)
    assert figures.totals().committed.by_package["vitamin"] == 0
    assert figures.totals(program=program).committed.by_package == {"vitamin": 0}
