"""English below `/en/`: told by the address alone, complete, in its own words, and never mixed with Indonesian."""

import ast
import json
import re
import struct
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation.template import templatize

from donations.actions import addresses
from donations.forms.inputs import WholeNumber
from donations.models import Aggregator, ContactPerson
from ksbb.core.crypto import decrypt, private_code, private_link
from ksbb.core.language import twin_path
from ksbb.core.models import OutboxMessage
from ksbb.templatetags import formats
from ksbb.urls import pages as twins
from locations.models import Location
from programs.models import PackageVersion, Program, Statement
from tests import factories
from tests.house import source

pytestmark = pytest.mark.sqlite  # words do not depend on the engine: once is enough
PO = settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"
# Staff read Indonesian only; CONTRIBUTING.md leaves the same out.
FOR_STAFF = re.compile(r"(^|/)(admin|account|mfa|tests)/|(^|/)(admin\w*|adapter)\.py$")
MARKS = "_ gettext gettext_lazy gettext_noop ngettext ngettext_lazy pgettext pgettext_lazy".split()
# Words that no English sentence needs, names of packages and areas left out.
INDONESIAN = set(
    "dan yang untuk dari dengan atau tidak belum sudah ini itu anda kami semua setiap masih pada oleh akan dapat lihat "
    "pilih tempat paket bantuan jumlah tanggal nama janji komitmen tersalurkan diajukan kebutuhan kurang terpenuhi "
    "menurut halaman surel sampai diterima hari kembali cari saring beri buka kirim isi tulis "
    "keadaan siapa mana lewat seperti karena kalau setelah sesudah sebelum ada pernah sejak lagi lalu dijanjikan "
    "dibutuhkan diperiksa pengaduan jawaban keluarga perkiraan batas angka tutup kumpulkan perbesar catatan menunggu "
    "terlambat".split()
)


# --- The catalogue ----------------------------------------------------------------------------------------------------
def unquoted(line):
    return re.sub(
        r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), line[line.index('"') + 1 : -1]
    )


def entries(text):
    """Yield each entry of a .po as {msgctxt, msgid, msgid_plural, msgstr, msgstr[0], …}, with its flags."""
    for block in text.strip().split("\n\n"):
        entry, key = {"flags": ""}, None
        for line in block.splitlines():
            if line.startswith("#"):
                entry["flags"] += line if line.startswith("#,") else ""
                continue
            if not line.startswith('"'):
                key = line.split(" ", 1)[0]
            entry[key] = entry.get(key, "") + unquoted(line)
        if "msgid" in entry:
            yield entry


def key_of(entry):
    """Return an entry's key as compiled catalogues write it."""
    context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
    plural = f"\0{entry['msgid_plural']}" if "msgid_plural" in entry else ""
    return f"{context}{entry['msgid']}{plural}"


def said(entry):
    """Return an entry's translations, one per plural form."""
    return [text for key, text in entry.items() if key.startswith("msgstr")]


def catalogue():
    return {key_of(entry): entry for entry in entries(PO.read_text())}


def compiled():
    """Return {key: text} of the compiled catalogue, read by its format: two tables of lengths and offsets."""
    raw = PO.with_suffix(".mo").read_bytes()
    _magic, _version, count, keys, texts = struct.unpack("<5I", raw[:20])

    def at(table, index):
        length, start = struct.unpack_from("<2I", raw, table + 8 * index)
        return raw[start : start + length].decode()

    return {at(keys, index): at(texts, index) for index in range(count)}


def test_no_entry_is_empty_or_fuzzy():
    rows = [entry for key, entry in catalogue().items() if key]
    assert len(rows) > 1000
    assert [entry["msgid"] for entry in rows if "fuzzy" in entry["flags"] or not all(said(entry))] == []


def test_the_compiled_catalogue_is_the_written_one():
    written = {key: "\0".join(said(entry)) for key, entry in catalogue().items()}
    assert {key: text for key, text in compiled().items() if key} == {key: text for key, text in written.items() if key}


def test_every_placeholder_survives():
    named = re.compile(r"%\(\w+\)[sd]|%[sd]")
    lost = [
        entry["msgid"]
        for entry in catalogue().values()
        if key_of(entry) and any(set(named.findall(text)) != set(named.findall(entry["msgid"])) for text in said(entry))
    ]
    assert lost == []


def calls(tree):
    """Yield (name, constant arguments) of every call that marks a string for translation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            yield node.func.id, [each.value for each in node.args if isinstance(each, ast.Constant)]


def marked(path):
    """Yield the key of every string that a file of ours marks for translation."""
    text = source.read(path)
    if path.suffix != ".py":
        pieces = re.findall(
            r"\b(?:n|p)?(?:gettext|_)\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|, |count)+\)", templatize(text)
        )
        text = "\n".join(pieces)
    for name, words in calls(ast.parse(text)):
        if words and name.startswith("p"):
            yield "\x04".join(words[:2])
        elif words:
            yield words[0]


def test_every_source_string_has_an_entry():
    files = [*source.python(*source.ROOMS), *source.templates()]
    wanted = {key for path in files if not FOR_STAFF.search(str(path)) for key in marked(path)}
    assert len(wanted) > 1000
    assert wanted - {key.split("\0")[0] for key in catalogue()} == set()


# --- A small city -----------------------------------------------------------------------------------------------------
VOID = "area base br col embed hr img input link meta source track wbr path rect circle".split()


def leaves(value):
    """Return every text in a structure of JSON."""
    if isinstance(value, str):
        return [value]
    return [text for each in (value.values() if isinstance(value, dict) else value) for text in leaves(each)]


class Words(HTMLParser):
    """Collects what people read or hear of a page, without what is marked as machine's words or as Indonesian."""

    SPOKEN = ("title", "aria-label", "alt", "placeholder")
    # What scripts say later: words that wait in attributes, and those of the map in its settings.
    LATER = ("label", "done", "found", "none", "one", "many", "over", "waiting", "days")
    SPOKEN += tuple(f"data-{name}" for name in LATER)
    SHARED = ("description", "og:title", "og:description")

    def __init__(self):
        super().__init__()
        self.inside, self.texts, self.links, self.settings = [], [], [], None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and "lang" not in attrs:
            self.links.append(attrs.get("href", ""))
        if tag == "meta" and {attrs.get("name"), attrs.get("property")} & {*self.SHARED}:
            self.texts.append(attrs["content"])
        if attrs.get("id") == "map-settings":
            self.settings = ""
        if self.inside or tag in ("code", "script", "pre") or (attrs.get("lang") == "id" and tag != "html"):
            self.inside += [tag] if tag not in VOID else []
        else:
            self.texts += [attrs[name] for name in self.SPOKEN if attrs.get(name)]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if self.settings == "":
            self.settings = data
            self.texts += leaves([json.loads(data)[key] for key in ("words", "levels")])
        if not self.inside and data.strip():
            self.texts.append(data.strip())


def named():
    """Return what the database says in Indonesian where no mark can stand: in titles, labels and lists of names."""
    rows = [*Program.objects.values_list("summary"), *Statement.objects.values_list("title")]
    rows += [*Aggregator.objects.values_list("account_note"), *PackageVersion.objects.values_list("source")]
    return [text for row in rows for text in row if text]


def indonesian(text, known):
    """Return the Indonesian words of a text; addresses, codes and explained words ("paket (package)") left out."""
    for each in known:
        text = text.replace(each, "")
    text = re.sub(r"\S+/[a-z-]+/\S*|KSBB-\w{4}-\w{4}|[\w-]+ \([^)]*\)", "", text)
    return set(re.findall(r"[a-z]+", text.lower())) & INDONESIAN


def words_of(answer):
    found = Words()
    found.feed(answer.content.decode())
    return found


def page(name, *args, query=""):
    """Return the address of a page by its URL name."""
    return reverse(name, args=args) + query


def private(commitment):
    """Return the address of a giver's private page."""
    return page("my_commitment", private_link("commitment", commitment.code, commitment.link_generation))


def pages_of_places(need):
    """Return the addresses of pages about places, and of the form with one, several and wrong ones."""
    place, soon = need.location, date.today() + timedelta(days=1)  # a walk through all pages may pass midnight
    several = "&".join(f"lokasi={each.code}" for each in Location.objects.all())
    second = f"?lokasi={place.code}&langkah=2&jumlah-{need.pk}=5&isi=acuan&mulai={soon}&selesai={soon}"
    return [
        page("location", place.code),
        page("poster", place.code),
        page("map", query="?sisa_min=1"),
        page("map", query="?q=zzz"),
        *(page("area", code) for code in ("31.74", "31.74.05", "31.74.05.1006")),
        page("promise", query=f"?lokasi={place.code}"),
        page("promise", query="?lokasi=salah"),
        page("promise", query=f"?{several}"),
        page("promise", query=second),
        page("complaints", query=f"?lokasi={place.code}&angka=sembako&kategori=tidak-menerima"),
        page("complaints", query="?halaman=salah"),
        page("complaint", "salah"),
        page("locations", query="?sisa_min=-4&program=salah"),
        page("my_location", addresses.contact_link(ContactPerson.objects.get(location=place))),
    ]


@pytest.fixture
def city(db, settings):
    """Return the Indonesian addresses of one page of every kind, each with something on it."""
    settings.DEMO = True
    need = factories.need(100)
    factories.contact(need.location)
    factories.need(20)
    waiting = factories.registered(need, 2)
    sent = factories.accepted(need, 10)
    done = factories.delivered(need, 30, by=factories.giver(name="PT Maju"))
    promised = factories.promise(need, 3)
    money = factories.received()
    about = factories.complaint(location=need.location, figure="sembako")
    again = factories.answered(factories.complaint("Isinya kurang.", commitment=done))
    plain = [each.name for each in twins[0].url_patterns if not re.search(r"<|\.png", str(each.pattern))]
    return [
        *(page(name) for name in plain),
        *pages_of_places(need),
        page("program", "pangan"),
        *(page("complaint", private_code("complaint", each.number)) for each in (about, again)),
        page("figures", query="?per=minggu&sampai=2020-05-27"),
        page("figures", query="?per=hari&program=pangan"),
        *(page("figures", query=f"?per={per}") for per in ("kecamatan", "kelurahan")),
        page("collaborations", query="?saluran=langsung"),
        page("track", query=f"?kode={sent.code}"),
        *(page("collaboration", made.code) for made in (waiting, sent, done)),
        page("collaborator", done.collaborator.slug),
        *(private(made) for made in (promised, waiting, sent, done)),
        page("prove_contact", private_link("proof", promised.code)),
        page("my_contribution", private_link("contribution", money.reference)),
        page("my_commitment", "salah"),
        "/tidak-ada/",
    ]


def english(path):
    return f"/en{path}"


WRONG_ON_PURPOSE = ("salah", "tidak-ada", "sisa_min=-4")
OURS = ("/", settings.SITE_URL)
ONE_LANGUAGE = ("/en/", "/api/", "/data/", "/static/", "/foto/")


def test_every_page_speaks_english_and_only_english(client, city):
    """`lang`, words, links: nothing Indonesian but data and addresses that have one language."""
    faults, known = [], named()
    for path in city:
        answer = client.get(english(path))
        words = words_of(answer)
        if answer.status_code != 200 and not any(each in path for each in WRONG_ON_PURPOSE):
            faults.append((path, answer.status_code))
        if '<html lang="en">' not in answer.content.decode():
            faults.append((path, "lang"))
        for text in words.texts:
            if left := indonesian(text, known):
                faults.append((path, left, text))
        faults += [
            (path, link)
            for link in words.links
            if link.startswith(OURS) and not link.removeprefix(settings.SITE_URL).startswith(ONE_LANGUAGE)
        ]
    assert faults == [], "\n".join(map(str, faults))


def test_twins_name_each_other(client, city):
    for path in city:
        bare, _mark, query = path.partition("?")
        if any(each in path for each in WRONG_ON_PURPOSE):
            continue
        for own, other, language in ((bare, english(bare), "id"), (english(bare), bare, "en")):
            answer = client.get(f"{own}?{query}" if query else own)
            text = answer.content.decode()
            # What finds no Indonesian on a page of the one language must find some on its twin.
            assert language == "en" or indonesian(" ".join(words_of(answer).texts), [])
            switch = re.search(r'<a class="lang" href="([^"]*)"', text)[1].replace("&amp;", "&")
            assert switch == (f"{other}?{query}" if query else other)
            if 'rel="canonical"' in text:
                assert f'rel="canonical" href="{settings.SITE_URL}{own}"' in text
                assert f'hreflang="{language}" href="{settings.SITE_URL}{own}"' in text


# --- The address alone ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/lokasi/", "/lokasi/3174051006-rw01/", "/enau/"])
def test_a_twin_of_a_twin_is_the_page(path):
    assert twin_path(path) == f"/en{path}"
    assert twin_path(twin_path(path)) == path


@pytest.mark.django_db
def test_headers_and_cookies_change_nothing(client):
    client.cookies["django_language"] = "en"
    answer = client.get("/tentang/", headers={"accept-language": "en"})
    assert '<html lang="id">' in answer.content.decode()
    assert "accept-language" not in answer.headers.get("Vary", "").lower()
    assert "accept-language" not in client.get("/en/tentang/").headers.get("Vary", "").lower()


@pytest.mark.django_db
def test_nothing_english_stays_in_the_thread(client):
    """What one page remembers in caches or in the thread, the next one does not say."""
    factories.accepted(factories.need(100), 35)
    for path in ("/en/", "/", "/en/lokasi/", "/lokasi/", "/en/tidak-ada/", "/tidak-ada/"):
        text = client.get(path).content.decode()
        assert ('<html lang="en">' in text) == path.startswith("/en/")
        assert ("Skip to content" in text) == path.startswith("/en/")
        assert get_language() == "id"


@pytest.mark.django_db
def test_files_and_api_say_the_same_after_an_english_page(client):
    factories.accepted(factories.need(100), 35)
    for path in ("/data/kolaborasi.csv", "/data/lokasi.csv", "/api/v1/kolaborasi/", "/api/v1/angka/?per=paket"):
        cache.clear()
        before = client.get(path).getvalue()
        cache.clear()
        client.get("/en/")
        client.get("/en/transparansi/?per=paket")
        assert client.get(path).getvalue() == before
        assert b"/en/" not in before


def test_caches_keep_the_languages_apart():
    cache.set("kata", "kebutuhan")
    with override("en"):
        assert cache.get("kata") is None
    assert cache.get("kata") == "kebutuhan"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "admin/",
        "admin/akun/masuk/",
        "api/v1/",
        "api/v1/lokasi/",
        "data/lokasi.csv",
        "healthz",
        "en/",
        "static/css/ksbb.css",
    ],
)
def test_what_has_one_address_has_no_english_one(client, path):
    assert client.get(f"/en/{path}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/en", "/en/"),
        ("/en?a=1", "/en/?a=1"),
        ("/en/lokasi?urut=sisa", "/en/lokasi/?urut=sisa"),
        ("/en/kolaborasi", "/en/kolaborasi/"),
    ],
)
def test_a_missing_slash_is_added(client, path, to):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, to)


@pytest.mark.django_db
def test_an_unknown_english_address_helps_in_english(client):
    answer = client.get("/en/tidak-ada/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "This page does not exist" in text
    assert 'href="/en/peta/"' in text


# --- What people do there ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_promise_made_in_english_stays_english_and_its_mail_indonesian(client):
    need = factories.need(100)
    page = f"/en/beri-bantuan/?lokasi={need.location.code}"
    form = client.get(page).context["form"]
    data = {
        f"need_{need.pk}": "1,000",
        **{name: "on" for name in form.fields if name.startswith("statement_")},
        "contents": "acuan",
        "window_start": date.today().isoformat(),
        "window_end": date.today().isoformat(),
        "category": "perorangan",
        "name": "Jane",
        "attribution": "nama",
        "contact": "jane@contoh.id",
        "key": form["key"].value(),
        "to": "send",
    }
    refused = client.post(page, data)
    assert refused.status_code == 409
    assert "Only 100 packages left. Lower the number." in refused.content.decode()
    made = client.post(page, {**data, f"need_{need.pk}": "5"})
    assert made.status_code == 302
    assert made["Location"].startswith("/en/komitmen-saya/")
    mail = OutboxMessage.objects.latest("pk")
    assert "/en/" not in decrypt(mail.body_cipher)
    assert "5 paket sembako" in decrypt(mail.body_cipher)


@pytest.mark.django_db
def test_refusals_are_english_there(client):
    answer = client.post("/en/cek-kk/", {"kk": "12"})
    assert answer.status_code in (200, 400)
    assert "A KK number has 16 digits." in answer.content.decode()


@pytest.mark.parametrize(("language", "text", "number"), [("en", "Rp 20,000,000", 20_000_000), ("en", "1,500", 1500)])
def test_english_thousands_are_understood(language, text, number):
    with override(language):
        assert WholeNumber().clean(text) == number


def test_indonesian_commas_stay_decimal():
    with pytest.raises(ValidationError):
        WholeNumber().clean("1,500")


def test_numbers_and_days_look_english():
    with override("en"):
        assert formats.rupiah(20_000_000) == "Rp 20,000,000"
        assert formats.percent(0.64) == "64%"
        assert formats.fulfilled(0.64) == "64% fulfilled"
        assert formats.short(1234) == "1.2k"
        assert [formats.unit("paket", n) for n in (1, 2)] == ["package", "packages"]
        assert formats.day(date(2020, 5, 3)) == "3 May 2020"
