"""Scripts stored in every field of text, through every page, panel, list and file in Chromium: nothing runs."""

import pytest
from django.db import models
from playwright.sync_api import expect

from ksbb.core import audit, version
from ksbb.core.crypto import encrypt, private_code, private_link
from ksbb.core.language import twin_path
from locations.models import Area, AreaAlias, Location
from tests import factories
from tests.browser.journey import follow
from tests.browser.visit import Visit
from tests.house.test_audience import OURS
from tests.payloads import HANDLERS, MARK, PAYLOADS, SCRIPTS
from tests.test_canaries import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("stored scripts")]
KEYS = {"slug", "code", "number", "reference", "proof_code", "contact_channel", "kind", "demo_visitor", "key"}
PLAIN = (
    "/ /lokasi/?ukuran=200 /kolaborasi/?ukuran=200 /kolaborator/?ukuran=200 /agregator/ /program/ /program/pangan/ "
    "/transparansi/ /pengaduan/ /beri-bantuan/ /beri-bantuan/dana/ /data/ /lacak/ /wilayah/31.74.05.1006/ "
    "/wilayah/31.74.05/ /wilayah/31.74/"
).split()
IN_FULL = 8  # pages of one kind that are opened; the others are read by Chromium's parser alone
# Markup made of a payload, or a link that would run.
STRUCK = f"""root => [...root.querySelectorAll("[{MARK}], [href^='javascript:' i], [src^='javascript:' i]")].map(
  each => each.outerHTML.slice(0, 200))"""
READ = f"""async paths => {{
  const struck = {STRUCK}, found = [];
  for (const path of paths) {{
    const answer = await fetch(path);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) found.push(path + " " + answer.status);
    found.push(...struck(page).map(each => path + " " + each));
  }}
  return found;
}}"""
HREFS = "all => all.map(each => each.getAttribute('href'))"
LINKS_IN = """async paths => {
  const found = new Set();
  for (const path of paths) {
    const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    page.querySelectorAll("a[href*='/langkah/']").forEach(each => found.add(each.getAttribute("href")));
  }
  return [...found];
}"""


def spoil(row, turn):
    """Put payloads into every text of a row, others in each field; keys stay as they are."""
    changes = {}
    for field in row._meta.concrete_fields:
        turn += 7
        payload = PAYLOADS[turn % len(PAYLOADS)]
        if field.name in KEYS or field.primary_key or field.choices or field.is_relation:
            continue
        if isinstance(field, models.BinaryField) and field.name.endswith("_cipher"):
            changes[field.name] = encrypt(payload)
        elif isinstance(field, models.JSONField) and field.name == "data":
            changes[field.name] = {"changes": payload, payload[:30]: payload}
        elif isinstance(field, models.CharField | models.TextField):
            # What becomes a link is checked where it is typed.
            start = {"website": "https://example.org/", "page": "/lokasi/?q="}.get(field.name, "")
            changes[field.name] = (start + payload)[: field.max_length]
    if changes:
        type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.fixture(scope="session", autouse=True)
def _beside_the_browser():
    """Let rows be written, and the database dropped at last, in the thread in which the browser's loop runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def city(settings, tmp_path):
    """A place, a promise and a complaint for each payload, and one row of everything else; all texts spoiled."""
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    kinds = [factories.kind(f"jenis-{n}", f"Jenis {n}") for n in range(4)]
    promises, complaints = [], []
    for n in range(len(PAYLOADS)):
        need = factories.need(20, at=factories.location(of_kind=kinds[n % 4]))
        promises.append(factories.accepted(need, 2, by=factories.giver(name=f"PT {n}")))
        complaints.append(factories.complaint(f"Isi {n}", location=need.location, figure="x"))
        factories.contact(need.location)
    factories.deliver(promises[0], receiver="x", receiver_role="x", note="x", thanks="x")
    factories.answered(complaints[0])
    factories.received(2_000_000)
    AreaAlias.objects.create(area=Area.objects.get(pk="31.74.05.1006"), name="x")
    for n in range(len(PAYLOADS)):
        audit.record("test.made", PAYLOADS[n][:120], now=NOW, note=PAYLOADS[n])
    for model in OURS:
        if model.__name__ not in ("LedgerEntry", "AuditEntry"):
            for turn, row in enumerate(model.objects.order_by("pk")):
                spoil(row, turn)
    version.forget()
    return {"promises": promises, "complaints": complaints, "places": list(Location.objects.order_by("pk"))}


@pytest.fixture
def visitor(live_server, browser):
    """Somebody who minds errors, exceptions, refusals of the policy, and windows that a script opens."""
    made = Visit(browser, live_server.url)
    made.page.on("dialog", lambda dialog: (made.problems.append(f"ran: {dialog.message}"), dialog.dismiss()))
    yield made
    assert made.close() == []


def opened(visitor, paths):
    """Open pages and return the markup in them that payloads made."""
    found = []
    for path in paths:
        page = visitor.open(path)
        found += [f"{path} {each}" for each in page.evaluate(f"({STRUCK})(document)")]
    return found


def test_what_looks_for_markup_finds_it(browser):
    page = browser.new_page()
    read = f"text => ({STRUCK})(new DOMParser().parseFromString('<p>' + text, 'text/html')).length"
    assert [payload for payload in [*SCRIPTS, *HANDLERS] if not page.evaluate(read, payload)] == []
    page.close()


def on_public_pages(city, visitor):
    """Return the markup that payloads made on public and private pages."""
    places = [f"/lokasi/{place.code}/" for place in city["places"]]
    reports = [f"/kolaborasi/{made.code}/" for made in city["promises"]]
    private = [f"/komitmen-saya/{private_link('commitment', made.code, 2)}/" for made in city["promises"]]
    tracked = [f"/pengaduan/{private_code('complaint', made.number)}/" for made in city["complaints"]]
    givers = [f"/kolaborator/{made.collaborator.slug}/" for made in city["promises"]]
    forms = [f"/beri-bantuan/?lokasi={place.code}" for place in city["places"]]
    posters = [f"/lokasi/{place.code}/poster/" for place in city["places"]]
    persons = [f"/lokasi-saya/{private_link('contact', place.contact_person.pk)}/" for place in city["places"]]
    kinds = (places, reports, private, tracked, givers, forms, posters, persons)
    found = opened(visitor, [*PLAIN, *(path for kind in kinds for path in kind[:2])])
    # Each field of a row has another payload, so that every fourth row shows all of them.
    every = [path for kind in kinds for path in kind[::4]]
    return found + visitor.page.evaluate(READ, [*every, *map(twin_path, [*PLAIN, *every[::IN_FULL]])])


def on_the_map(city, visitor):
    """Return the markup that payloads made in panels and suggestions."""
    page = visitor.open("/peta/?prioritas=")
    page.wait_for_function("() => document.getElementById('map-tools')?.hidden === false")
    for place in city["places"][:: len(PAYLOADS) // IN_FULL]:
        page.evaluate("code => { location.hash = code; }", place.code)
        expect(page.locator(f"#map-panel:not([hidden]) a[href*='{place.code}']").first).to_be_visible()
    page.locator("#id_q").press_sequentially("alert", delay=5)
    expect(page.locator("[role=option]").first).to_be_visible()
    return page.evaluate(f"({STRUCK})(document)")


def in_the_admin(city, visitor):
    """Return the markup that payloads made in lists, forms and steps."""
    user = factories.user("kepala", is_superuser=True)
    page = visitor.open("/admin/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", "rahasia-sekali")
    follow(page.get_by_role("button", name="Masuk", exact=True))
    lists = page.eval_on_selector_all("#content a[href^='/admin/'], #nav-sidebar a[href^='/admin/']", HREFS)
    lists = sorted({path.split("?")[0] for path in lists if path.count("/") == 4})
    assert len(lists) > 25
    found, rows = [], page.eval_on_selector_all("#content a.addlink", HREFS)
    for path in lists:
        found += opened(visitor, [path])
        rows += page.eval_on_selector_all("#result_list tbody th a", HREFS)[:1]
    found += opened(visitor, rows[::IN_FULL])
    return found + page.evaluate(READ, [*rows, *page.evaluate(LINKS_IN, rows)])


def check_files(city, client):
    """Hold that no browser takes a file of texts for a page, whatever stands in it."""
    place = city["places"][0]
    kinds = {"/data/lokasi.csv": "text/csv", "/data/kolaborasi.json": "application/json", "/data/lokasi.geojson":
             "application/geo+json", f"/lokasi/{place.code}/gambar.png": "image/png", "/api/v1/lokasi/":
             "application/json", "/api/v1/saran/?q=alert": "application/json"}  # fmt: skip
    for path, kind in kinds.items():
        answer = client.get(path)
        assert answer["Content-Type"].startswith(kind)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        if path.startswith("/data/"):
            assert answer["Content-Disposition"].startswith("attachment")
            b"".join(answer.streaming_content)


def test_no_stored_text_runs(city, visitor, client, subtests):
    assert len(PAYLOADS) >= 50
    for look in (on_public_pages, on_the_map, in_the_admin):
        with subtests.test(look.__name__):
            assert look(city, visitor) == []
    with subtests.test("files"):
        check_files(city, client)
