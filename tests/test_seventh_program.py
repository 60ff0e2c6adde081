"""A seventh programme is data: entered once, it stands on every page, filter, API answer, file and figure."""

import pytest
from django.utils import timezone

from programs.models import NeedPeriod
from tests import factories

pytestmark = pytest.mark.django_db
SLUG, NAME = "air-bersih", "Air Bersih"
PACKAGE, PACKAGE_NAME = "tandon-air", "Tandon air"


@pytest.fixture
def seventh():
    """A place with a need, a promise and a delivery in a programme that no code knows; a partner that takes money."""
    factories.aggregator()
    program = factories.program(SLUG, NAME)
    package = factories.package(PACKAGE, 1_500_000, of=program, name=PACKAGE_NAME, kind="aset")
    kind = factories.kind("rusunawa", "Rusunawa")
    need = factories.need(10, at=factories.location(of_kind=kind), of=package)
    factories.delivered(need, 2)
    return need


def test_the_admin_makes_one_without_code(admin_client):
    answer = admin_client.post(
        "/admin/programs/program/add/",
        {
            "slug": SLUG, "name": NAME, "status": "berjalan", "lead_agency": "Dinas Contoh", "summary": "Air.",
            "description": "", "started_on": "", "position": 7, "packages-TOTAL_FORMS": 0, "packages-INITIAL_FORMS": 0,
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:2000]


PAGES = [
    ("/", NAME),
    ("/program/", NAME),
    (f"/program/{SLUG}/", PACKAGE_NAME),
    ("/lokasi/", PACKAGE_NAME),
    (f"/lokasi/?program={SLUG}", "Rusunawa"),
    (f"/lokasi/?paket={PACKAGE}", "Rusunawa"),
    ("/lokasi/?jenis=rusunawa", "Rusunawa"),
    ("/kolaborasi/", NAME),
    (f"/kolaborasi/?program={SLUG}", PACKAGE_NAME),
    ("/transparansi/", PACKAGE_NAME),
    (f"/transparansi/?program={SLUG}", PACKAGE_NAME),
    ("/beri-bantuan/dana/", NAME),
    ("/api/v1/program/", SLUG),
    ("/api/v1/paket/", PACKAGE),
    (f"/api/v1/lokasi/?program={SLUG}", PACKAGE),
    (f"/api/v1/kebutuhan/?paket={PACKAGE}", PACKAGE),
    (f"/api/v1/kolaborasi/?program={SLUG}", PACKAGE),
    (f"/data/kolaborasi.csv?program={SLUG}", PACKAGE),
    (f"/data/kebutuhan.csv?program={SLUG}", PACKAGE),
    ("/data/angka.csv?per=paket", PACKAGE),
]


def body(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


@pytest.mark.parametrize(("path", "shown"), PAGES, ids=[path for path, _shown in PAGES])
def test_it_shows_up_everywhere(client, seventh, path, shown):
    answer = client.get(path)
    assert answer.status_code == 200
    assert shown in body(answer)


def test_it_counts(client, seventh):
    shown = client.get(f"/api/v1/angka/?program={SLUG}").json()
    assert shown["tersalurkan"] == {"total": 2, "paket": {PACKAGE: 2}}
    assert client.get("/api/v1/angka/").json()["komitmen"]["paket"][PACKAGE] == 2


def test_it_can_be_promised(client, seventh):
    page = client.get(f"/beri-bantuan/?lokasi={seventh.location.code}")
    assert PACKAGE_NAME in page.content.decode()
    assert NeedPeriod.objects.open().filter(ends_on__gte=timezone.localdate()).exists()
