"""Every parameter of every address and every field of every form, with values nobody types in good faith: no 5xx."""

import random
import re
from urllib.parse import quote, urlencode

import pytest
from django.contrib.admin import site
from django.core.cache import cache
from django.urls import get_resolver, reverse

from donations.actions import addresses
from donations.models import ContactPerson
from donations.views import complaints, kk_check, track
from ksbb.core import challenge
from ksbb.core.crypto import private_code, private_link
from ksbb.core.parameters import Parameters
from tests import factories, nasty
from tests.kk_numbers import kk
from tests.typed import Form

pytestmark = pytest.mark.django_db
ROUNDS = 3
# Parameters that views read by themselves, and the names under which they are asked for elsewhere.
MORE_NAMES = ("langkah lokasi kolaborasi halaman angka kategori kode jumlah mitra mulai selesai isi setara dikirim "
              "baru disamarkan sejak format program paket fbclid").split()  # fmt: skip
FRIENDLY = {200, 301, 302, 304, 400, 403, 404, 405, 406, 409, 422, 429}


@pytest.fixture(autouse=True)
def _nothing_waits(monkeypatch, settings, tmp_path):
    """No floors, no throttles: every value shall reach what it is aimed at."""
    settings.KK_LIMIT = settings.PROMISE_LIMIT = 0
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    for module, name in ((kk_check, "FLOOR"), (kk_check, "FLOOR_WITHOUT_PROOF"), (track, "FLOOR")):
        monkeypatch.setattr(module, name, 0)
    monkeypatch.setattr(track, "MOST_REQUESTS", 10**6)
    monkeypatch.setattr(complaints, "MOST_AN_HOUR", 10**6)
    monkeypatch.setattr(challenge, "ITERATIONS", 10)


@pytest.fixture
def city():
    """A row behind every kind of address, as {name of the address: its key}."""
    need = factories.need(500)
    factories.contact(need.location)
    waiting, coming = factories.registered(need, 2), factories.accepted(need, 3)
    done, promised = factories.delivered(need, 4, by=factories.giver(name="PT Maju")), factories.promise(need, 1)
    money = factories.received(2_000_000)
    about = factories.answered(factories.complaint("Isinya kurang."))
    person = ContactPerson.objects.get()
    return {
        "need": need,
        "coming": coming,
        "waiting": waiting,
        "location": need.location.code,
        "area": "31.74.05",
        "program": "pangan",
        "collaboration": done.code,
        "collaborator": done.collaborator.slug,
        "delivery_photo": 1,
        "my_commitment": private_link("commitment", waiting.code, 2),
        "on_its_way": private_link("commitment", coming.code, 2),
        "prove_contact": private_link("proof", promised.code),
        "my_contribution": private_link("contribution", money.reference),
        "my_location": addresses.contact_link(person),
        "complaint": private_code("complaint", about.number),
    }


def routes():
    """Yield (name, pattern) of every address that is not the staff's."""
    waiting = [("", each) for each in get_resolver().url_patterns]
    while waiting:
        before, each = waiting.pop(0)
        pattern = before + str(each.pattern)
        if pattern.startswith("admin/"):
            continue
        if hasattr(each, "url_patterns"):
            waiting += [(pattern, one) for one in each.url_patterns]
        else:
            yield each.name, "/" + pattern


def filled(name, pattern, city):
    """Return an address in which every key leads somewhere."""
    fill = {"name": "lokasi", "ending": "csv", "digest": "abc", "rest": "apa", "slug": "pangan"}
    kind = (name or "").removeprefix("api_").removesuffix("_image").removesuffix("s")
    known = city.get(name) or city.get(kind) or city["location"]
    return re.sub(r"<\w+:(\w+)>", lambda key: str(city.get(name) or fill.get(key[1]) or known), pattern)


def parameter_names():
    """Return the name of every parameter that some filter or view reads."""
    found, waiting = set(MORE_NAMES), [Parameters]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found |= set(kind.base_filters)
    return sorted(found)


def is_for_machines(request):
    return request["REQUEST_METHOD"] == "GET" and request["PATH_INFO"].startswith(("/api/", "/data/"))


def problem(address, answer):
    """Return what is unfriendly about an answer, or None."""
    if answer.status_code not in FRIENDLY:
        return address[:300], answer.status_code
    if answer.streaming:
        b"".join(answer.streaming_content)
    elif answer.status_code == 400 and is_for_machines(answer.request) and "galat" not in answer.json():
        return address[:300], answer.content[:200]
    return None


def problems(client, asked):
    """Ask for each (address, options) and return what was unfriendly."""
    client.raise_request_exception = False
    found = []
    for address, options in asked:
        cache.clear()
        method = client.post if "data" in options else client.get
        if fault := problem(address, method(address, **options)):
            found.append(fault)
    return found


def queries(chance, good):
    """Return a random query of up to three wrong values beside right ones."""
    names = chance.sample(parameter_names(), chance.randint(1, 3))
    wrong = [(name, value) for name in names for value in chance.sample(nasty.VALUES, chance.randint(1, 2))]
    raw = [f"{chance.choice(names)}={value}" for value in chance.sample(nasty.RAW, chance.randint(0, 1))]
    right = [(name, value) for name, value in good.items() if name not in names and chance.random() < 0.5]
    return "&".join([urlencode(right + wrong), *raw])


def test_no_parameter_breaks_a_page_a_file_or_the_api(client, city):
    chance = random.Random(2020)
    good = {"lokasi": city["location"], "program": "pangan", "langkah": "2", f"jumlah-{city['need'].pk}": "3"}
    addresses = [filled(name, pattern, city) for name, pattern in routes()]
    assert len(addresses) > 60
    asked = [(f"{address}?{queries(chance, good)}", {}) for address in addresses for _ in range(ROUNDS)]
    assert problems(client, asked) == []


def test_no_key_in_an_address_breaks_it(client, city):
    chance = random.Random(17)
    keyed = [pattern for _name, pattern in routes() if "<" in pattern]
    asked = []
    for pattern in keyed:
        for value in [*chance.sample(nasty.VALUES, 5), *chance.sample(nasty.RAW, 5)]:
            spelt = value if value in nasty.RAW else quote(value[:2_000], safe="")
            asked.append((re.sub(r"<\w+:\w+>", lambda _key, spelt=spelt: spelt, pattern), {}))
    assert problems(client, asked) == []


LOOKUPS = ("q p o e _popup _to_field perlu wilayah all id__exact location__id__exact submitted_at__year state kind "
           "submitted_at__month area__code__startswith taken_by__isnull password").split()  # fmt: skip


def test_no_parameter_breaks_a_list_of_the_staff(client, city):
    chance = random.Random(8)
    client.force_login(factories.user(is_superuser=True))
    lists = [reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_changelist") for kind in site._registry]
    assert len(lists) > 25
    asked = []
    for path in lists:
        for names in (chance.sample(LOOKUPS, 2), chance.sample(LOOKUPS, 1)):
            asked.append((f"{path}?{urlencode([(name, chance.choice(nasty.VALUES)) for name in names])}", {}))
        asked.append((f"{path}{quote(chance.choice(nasty.VALUES)[:500], safe='')}/change/", {}))
    assert problems(client, asked) == []


def test_no_date_and_no_answer_filled_in_by_a_link_breaks_a_page_of_the_staff(client, city):
    client.force_login(factories.user(is_superuser=True))
    wrong, asked = ("99999999999", "-1", "x", "\xff", "1,x", "9" * 400), []
    for kind, page in site._registry.items():
        path = reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_changelist")
        dates = [f"{page.date_hierarchy}__{part}" for part in ("year", "month", "day") if page.date_hierarchy]
        fields = [field.name for field in kind._meta.get_fields()]
        for value in wrong:
            asked += [(f"{path}?{urlencode({name: value, **dict.fromkeys(dates[:1], value)})}", {}) for name in dates]
            asked.append((f"{path}add/?{urlencode(dict.fromkeys(fields, value))}", {}))
    assert len(asked) > 400
    assert problems(client, asked) == []


# --- Forms ------------------------------------------------------------------------------------------------------------
def forms(client, city):
    """Yield (address, data of a good answer) of every form that the public sends."""
    page = f"{reverse('promise')}?lokasi={city['location']}"
    promise = Form(client.get(page).text, "janji").fields
    giver = {"category": "perorangan", "name": "Budi", "attribution": "nama", "alias": "", "contact": "b@contoh.id"}
    ticked = {name: "on" for name in client.get(page).context["form"].fields if name.startswith("statement_")}
    yield page, {**promise, **giver, **ticked, f"need_{city['need'].pk}": "1", "to": "send", "step": "3"}
    money = client.get(reverse("give_money")).context["form"]
    wished = {"amount": "20.000.000", "purpose": "terserah", "contract": "umum"}
    yield reverse("give_money"), {**{each.html_name: each.value() or "" for each in money}, **giver, **wished}
    yield reverse("complaints"), {"category": "mutu", "text": "Beras apek", "figure": "x", "contact": "", "number": ""}
    yield reverse("complaints"), {"act": "track", "code": "7F3K-Q2MD-9XPA-L4TT"}
    yield reverse("complaint", args=[city["complaint"]]), {"reason": "Belum beres."}
    yield reverse("kk_check"), {"kk": kk(1), "kode": "7F3KQ2MD", "bukti": ""}
    yield reverse("track"), {"code": city["collaboration"], "contact": "a@contoh.id"}
    for secret in (city["my_commitment"], city["on_its_way"]):
        for act in ("propose", "agree", "send", "cancel"):
            yield reverse("my_commitment", args=[secret]), {"act": act, "date": "2030-01-01", "reason": ""}
    yield reverse("prove_contact", args=[city["prove_contact"]]), {"act": ""}
    yield from place_forms(city)
    yield reverse("account_login"), {"login": "pokja", "password": "salah", "next": "/admin/"}


def place_forms(city):
    """Yield the forms of a person in charge: one for each answer."""
    page = reverse("my_location", args=[city["my_location"]])
    yield page, {"act": "pause", "until": "2030-01-01"}
    for made, acts in ((city["waiting"], ("accept", "propose", "reject")), (city["coming"], ("count", "propose"))):
        for act in acts:
            own = {"date": "2030-01-01", "reason": "", "version": "1", "receiver": "", "thanks": "", "photo": ""}
            own |= {
                f"{name}_{line.pk}": "1" for line in made.lines.all() for name in ("ok", "damaged", "short", "lost")
            }
            yield page, {"act": act, "kode": made.code, **{f"{made.code}-{act}-{name}": own[name] for name in own}}


def spoiled(chance, data):
    """Return a form's data with one to three fields wrong, sometimes one missing or one given twice."""
    names = chance.sample(sorted(data), min(len(data), chance.randint(1, 3)))
    wrong = {**data, **{name: chance.choice(nasty.VALUES) for name in names}}
    if chance.random() < 0.2:
        wrong.pop(chance.choice(sorted(data)))
    if chance.random() < 0.2:
        wrong[names[0]] = [chance.choice(nasty.VALUES), "x\x00"]
    return wrong


def test_no_field_of_a_form_breaks_it(client, city):
    chance = random.Random(4)
    asked = [
        (address, {"data": spoiled(chance, data), "REMOTE_ADDR": f"10.1.{n % 250}.{chance.randint(1, 250)}"})
        for address, data in forms(client, city)
        for n in range(2 * ROUNDS)
    ]
    assert problems(client, asked) == []


def test_no_body_and_no_header_breaks_an_address(client, city):
    addresses = {address for address, _data in forms(client, city)} | {
        "/",
        "/lokasi/",
        "/api/v1/lokasi/",
        "/data/dana.csv",
    }
    posts = [
        (address, {"data": body, "content_type": kind}) for address in sorted(addresses) for kind, body in nasty.BODIES
    ]
    gets = [(address, {"headers": headers}) for address in sorted(addresses) for headers in nasty.HEADERS]
    assert problems(client, posts + gets) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace", "options"])
def test_other_methods_are_refused(client, city, method):
    client.raise_request_exception = False
    for path in ("/", "/peta/", "/lokasi/", "/api/v1/lokasi/", "/data/lokasi.csv", "/cek-kk/", "/foto/1/", "/healthz"):
        if (method, path) != ("post", "/cek-kk/"):
            assert getattr(client, method)(path).status_code in (200, 204, 400, 404, 405), path
            assert method == "options" or getattr(client, method)(path).status_code != 200, path


def test_another_host_is_not_answered(client, db):
    client.raise_request_exception = False
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "ksbb.example:80@evil.example",
        "",
        "a b",
        "[::1",
        "x" * 300,
    ):
        assert client.get("/", headers={"host": host}).status_code == 400, host
