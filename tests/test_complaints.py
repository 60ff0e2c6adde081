"""`/pengaduan/`: prefilled from links, sent without JavaScript or a name, tracked by a code, counted in public."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from donations import figures
from donations.actions import complaints
from donations.actions.ledger import wib_day
from donations.figures.complaints import median
from donations.forms.complaint import complaint_code, own_page
from donations.models import Complaint, ComplaintCategory, ComplaintState
from ksbb.core.crypto import decrypt, private_code
from ksbb.core.models import AuditEntry, OutboxMessage
from ksbb.core.privacy import mask
from tests import factories
from tests.kk_numbers import kk

pytestmark = pytest.mark.django_db
PAGE = "/pengaduan/"
NOW = timezone.now()
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)


def address(**query):
    return f"{PAGE}?{urlencode(query)}"


def filled(client, url=PAGE, **changes):
    number = client.get(url).context["form"]["number"].value()
    return {"category": "kurang", "text": "Hanya tiga yang datang.", "contact": "", "number": number, **changes}


def send(client, url=PAGE, **changes):
    return client.post(url, filled(client, url, **changes))


def page_of(made):
    return reverse("complaint", args=[private_code("complaint", made.number)])


# --- What it is about -------------------------------------------------------------------------------------------------
def test_about_a_place(client):
    place = factories.location()
    page = client.get(address(lokasi=place.code))
    assert place.name in page.text
    send(client, address(lokasi=place.code))
    assert Complaint.objects.get().location == place


def named(name, **more):
    return factories.location(name=name, **more)


@pytest.mark.parametrize("typed", ["code", "name", "suggested"])
def test_a_place_is_found_by_what_is_typed(client, typed):
    place = named("Panti Contoh Kasih")
    named("Panti Contoh Damai")
    words = {"code": place.code, "name": "contoh kasih", "suggested": f"{place.name} {place.code}"}
    assert 'name="place"' in client.get(PAGE).text
    assert send(client, place=words[typed]).status_code == 302
    assert Complaint.objects.get().location == place


def test_of_several_places_one_is_chosen_and_nothing_typed_is_lost(client):
    places = [named("Panti Contoh Kasih"), named("Panti Contoh Damai")]
    page = send(client, place="panti contoh", text="Berasnya apek.")
    assert page.status_code == 400
    assert "Berasnya apek." in page.text
    assert all(f'<input type="radio" name="place" value="{place.code}"' in page.text for place in places)
    assert send(client, place=places[1].code).status_code == 302
    assert Complaint.objects.get().location == places[1]


@pytest.mark.parametrize("typed", ["Panti Entah", "x", "%", "rw"])
def test_an_unknown_place_is_said_beside_its_box(client, typed):
    named("Panti Contoh Kasih")
    page = send(client, place=typed)
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["place"])


def test_a_hidden_place_is_not_found(client):
    hidden = named("Panti Contoh Kasih", published=False)
    assert list(send(client, place=hidden.code).context["form"].errors) == ["place"]


def test_the_address_knows_better_than_the_box(client):
    place = factories.location()
    assert 'name="place"' not in client.get(address(lokasi=place.code)).text


def test_about_a_collaboration_however_its_code_is_typed(client):
    made = factories.accepted(factories.need(), 2)
    send(client, address(kolaborasi=made.code.lower().replace("-", " ")))
    assert Complaint.objects.get().commitment == made


def test_about_a_figure_with_category_and_name_filled_in(client):
    url = address(halaman="/transparansi/?sampai=2020-05-27", angka="paket komitmen", kategori="lain")
    page = client.get(url)
    assert page.context["form"]["figure"].value() == "paket komitmen"
    assert re.search(r'value="lain"[^>]*checked', page.text)
    assert 'href="/transparansi/?sampai=2020-05-27"' in page.text
    send(client, url, figure="paket komitmen", category="lain")
    made = Complaint.objects.get()
    assert (made.page, made.figure) == ("/transparansi/?sampai=2020-05-27", "paket komitmen")


@pytest.mark.parametrize("kind", ["location", "collaboration"])
def test_a_page_of_a_place_or_collaboration_means_it(client, kind):
    made = factories.accepted(factories.need(), 2)
    place = made.lines.get().need.location
    send(client, address(halaman=reverse(kind, args=[made.code if kind == "collaboration" else place.code])))
    row = Complaint.objects.get()
    assert (row.location, row.commitment) == ((place, None) if kind == "location" else (None, made))


def test_an_english_page_is_kept_in_indonesian(client):
    page = client.get(f"/en{address(halaman='/en/transparansi/')}")
    assert page.context["subject"].page == "/transparansi/"
    assert client.get(address(halaman="/en/transparansi/")).context["subject"].page == "/transparansi/"


@pytest.mark.parametrize(
    "foreign",
    [
        "//jahat.example/",
        "https://jahat.example/",
        "/\\jahat.example/",
        "/tidak-ada/",
        "/admin/",
        "/api/v1/angka/",
        "/komitmen-saya/rahasia/",
        "/lokasi-saya/rahasia/",
        "/pengaduan/7F3K-Q2MD-9XPA-L4TT/",
        "javascript:alert(1)",
        "/x" * 149,
        "/lokasi/\n/",
    ],
)
def test_other_addresses_are_no_page_of_ours(client, foreign):
    page = client.get(address(halaman=foreign))
    assert page.status_code == 400
    assert page.context["subject"].page == ""
    assert f'href="{foreign}"' not in page.text


@pytest.mark.parametrize("query", ["lokasi=tidak-ada", "kolaborasi=KSBB-0000-0000", "kategori=x", "angka=" + "x" * 121])
def test_a_wrong_value_is_said_and_left_out(client, query):
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 400
    assert "notice" in page.text
    assert send(client, f"{PAGE}?{query}").status_code == 302


def test_an_unpublished_place_is_not_told(client):
    hidden = factories.location(published=False)
    assert hidden.name not in client.get(address(lokasi=hidden.code)).text


@given(st.text(max_size=60))
def test_any_address_is_judged_without_a_fault(text):
    from django.core.exceptions import ValidationError

    try:
        kept, match = own_page(f"/{text}")
    except (ValidationError, ValueError):
        return
    assert kept.startswith("/")
    assert "secret" not in match.kwargs


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_without_a_name_or_contact(client):
    answer = send(client)
    made = Complaint.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{page_of(made)}?baru=ya")
    assert not OutboxMessage.objects.exists()
    page = client.get(answer.url)
    assert private_code("complaint", made.number) in page.text
    assert "Hanya tiga yang datang." not in page.text


def test_with_a_mailbox_the_code_comes_by_mail(client):
    answer = send(client, contact=" Ibu@Contoh.id ")
    mail = OutboxMessage.objects.get()
    assert decrypt(mail.recipient_cipher) == "ibu@contoh.id"
    assert answer.url.split("?")[0] in decrypt(mail.body_cipher)
    assert "ibu@contoh.id" not in client.get(answer.url).text


def test_a_number_that_looks_like_a_kk_is_masked_and_she_is_told(client):
    answer = send(client, text="KK 3174 0500 0000 0001 belum dapat")
    assert "3174" not in Complaint.objects.get().text
    assert answer.url.endswith("?baru=ya&disamarkan=ya")
    assert "kami samarkan" in client.get(answer.url).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 2_001}, "text"),
        ({"category": ""}, "category"),
        ({"category": "bansos"}, "category"),
        ({"contact": "bukan kontak"}, "contact"),
        ({"contact": "x" * 201}, "contact"),
        ({"figure": "x" * 121}, "figure"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, changes, field):
    page = send(client, **changes)
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {field}
    assert f'href="#id_{field}' in page.text
    assert not Complaint.objects.exists()


def test_a_double_click_is_one_complaint(client):
    data = filled(client)
    answers = {client.post(PAGE, data).url for _ in range(3)}
    assert len(answers) == 1
    assert Complaint.objects.count() == 1


def test_the_same_form_with_other_words_is_422_and_may_be_sent_again(client):
    data = filled(client)
    client.post(PAGE, data)
    page = client.post(PAGE, {**data, "text": "Ternyata dua."})
    assert page.status_code == 422
    assert client.post(PAGE, {**data, "text": "Ternyata dua.", "number": page.context["form"]["number"].value()})
    assert Complaint.objects.count() == 2


def test_a_forged_number_names_nobody_elses(client):
    theirs = factories.complaint()
    send(client, number=theirs.number)
    assert Complaint.objects.count() == 2


def test_ten_an_hour_from_one_address_then_wait(client):
    data = [filled(client) for _ in range(11)]
    answers = [client.post(PAGE, each) for each in data]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert "Hanya tiga yang datang." in answers[-1].text
    assert client.post(PAGE, filled(client), REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE donations_complaint; --", "{{ 7 }}"])
def test_words_stay_words(client, text):
    page = send(client, address(halaman="/transparansi/", angka=text), text=text, category="")
    assert text not in page.text or "<" not in text
    assert send(client, text=text).status_code == 302


# --- Tracking ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("shape", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_is_found_however_it_is_typed(client, shape):
    made = factories.complaint()
    answer = client.post(PAGE, {"act": "track", "code": shape(private_code("complaint", made.number))})
    assert answer.url == page_of(made)


@pytest.mark.parametrize("code", ["", "KSBB-7F3K-Q2MD", "x" * 41, "7F3K-Q2MD-9XPA-L4T0"])
def test_what_cannot_be_a_code_is_said(client, code):
    page = client.post(PAGE, {"act": "track", "code": code})
    assert page.status_code == 400
    assert page.context["track_form"].errors["code"]


def test_an_unknown_code_is_404_with_a_way_on(client):
    page = client.get(reverse("complaint", args=["7F3K-Q2MD-9XPA-L4TT"]))
    assert page.status_code == 404
    assert f'href="{PAGE}"' in page.text


def test_the_page_behind_a_code_is_kept_by_nobody(client):
    answer = client.get(page_of(factories.complaint()))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_codes_are_masked_in_logs():
    assert "7F3K" not in mask("GET /pengaduan/7F3K-Q2MD-9XPA-L4TT/ 404")
    assert "7F3K" not in mask("GET /en/pengaduan/7F3K-Q2MD-9XPA-L4TT/?baru=ya")
    assert "7F3K" not in mask("GET /lacak/?kode=7F3K-Q2MD-9XPA-L4TT")
    assert mask("/pengaduan/?lokasi=1") == "/pengaduan/?lokasi=1"


def test_a_code_typed_at_lacak_leads_here(client):
    made = factories.complaint()
    answer = client.get("/lacak/", {"kode": private_code("complaint", made.number).lower()})
    assert (answer.status_code, answer.url) == (302, page_of(made))


def test_the_answer_stands_there_and_can_be_refused(client):
    made = factories.answered(text="Sudah diantar kemarin.", contact="ibu@contoh.id")
    page = client.get(page_of(made))
    assert "Sudah diantar kemarin." in page.text
    assert client.post(page_of(made), {"reason": ""}).status_code == 400
    answer = client.post(page_of(made), {"reason": "Belum juga."})
    assert (answer.status_code, answer.url) == (302, page_of(made))
    made.refresh_from_db()
    assert made.state == ComplaintState.REOPENED
    page = client.get(page_of(made))
    assert "Belum juga." not in page.text
    assert "Dibuka lagi" in page.text
    assert client.post(page_of(made), {"reason": "Sekali lagi."}).status_code == 409


def test_after_fourteen_days_it_cannot_be_reopened(client):
    made = factories.answered(now=NOW - timedelta(days=15))
    assert "Buka lagi pengaduan ini" not in client.get(page_of(made)).text
    assert client.post(page_of(made), {"reason": "Belum."}).status_code == 409


@pytest.mark.parametrize("state", ["masuk", "ditangani", "dijawab", "dibuka-lagi", "ditutup"])
def test_every_state_has_its_page(client, state):
    made = factories.complaint(location=factories.location(), page="/peta/", now=NOW - timedelta(days=30))
    if state != "masuk":
        complaints.take(complaint=made, now=NOW, by=factories.user())
    if state in ("dijawab", "dibuka-lagi"):
        factories.answered(made)
    if state == "dibuka-lagi":
        complaints.reopen(complaint=made, reason="Belum.", now=NOW)
    if state == "ditutup":
        complaints.close(complaint=made, reason="Ganda.", now=NOW, by=factories.user())
    page = client.get(page_of(made))
    assert (page.status_code, made.state) == (200, state)
    assert made.get_state_display() in page.text


def test_looking_costs_little_and_writes_nothing(client, django_assert_max_num_queries):
    made = factories.answered(location=factories.location())
    with django_assert_max_num_queries(4):
        client.get(page_of(made))
    with django_assert_max_num_queries(3):
        client.get(address(lokasi=made.location.code))


# --- Counted in public ------------------------------------------------------------------------------------------------
def counted():
    return figures.complaints(wib_day(NOW)).everything


def test_each_is_counted_once_by_what_became_of_it():
    factories.complaint(now=NOW)
    factories.complaint(now=NOW - timedelta(days=30))
    factories.answered(now=NOW - timedelta(days=3))
    reopened = factories.answered(now=NOW - timedelta(days=3))
    complaints.reopen(complaint=reopened, reason="Belum.", now=NOW)
    complaints.close(complaint=factories.complaint(), reason="Ganda.", now=NOW, by=factories.user())
    shown = counted()
    assert (shown.waiting, shown.late, shown.answered, shown.unanswered, shown.total) == (1, 1, 2, 1, 5)
    assert shown.median_days == 0
    assert shown.on_time == pytest.approx(2 / 3)


def test_categories_sum_to_the_whole():
    for category in ComplaintCategory.values:
        factories.complaint(category=category)
    factories.answered(category="mutu")
    board = figures.complaints(wib_day(NOW))
    assert len(board.by_category) == 8
    assert sum(row.total for _label, row in board.by_category) == board.everything.total == 9


def test_an_answer_after_the_seventh_working_day_is_not_in_time():
    made, by = factories.complaint(now=MONDAY), factories.user()
    complaints.take(complaint=made, now=MONDAY, by=by)
    complaints.answer(complaint=made, text="Maaf.", now=MONDAY + timedelta(days=10), by=by)
    assert made.answer_days == 8
    assert counted().on_time == 0


@given(st.lists(st.integers(0, 40), max_size=40))
def test_the_median_is_the_median(numbers):
    from collections import Counter
    from statistics import median as known

    assert median(Counter(numbers)) == (known(numbers) if numbers else None)


def test_counting_is_one_query_however_many(client, django_assert_num_queries):
    for _ in range(4):
        factories.answered()
    with django_assert_num_queries(1):
        page = client.get(PAGE)
    assert "dijawab dalam tujuh hari kerja" in page.text


def test_nothing_of_a_complaint_is_public_but_its_count(client):
    place = factories.location()
    factories.complaint("Rahasia sekali", location=place, contact="ibu@contoh.id", figure="angka aneh")
    for path in (PAGE, reverse("location", args=[place.code]), "/", "/transparansi/"):
        text = client.get(path).text
        assert not [word for word in ("Rahasia sekali", "ibu@contoh.id", "angka aneh") if word in text]


# --- "Angka ini keliru?" ----------------------------------------------------------------------------------------------
def test_every_figure_leads_here(client):
    page = client.get("/transparansi/?program=pangan")
    links = re.findall(r'href="(/pengaduan/\?[^"]+)"', page.text.replace("&amp;", "&"))
    assert len(links) >= page.text.count('class="figure') > 0
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert answer.context["subject"].page.startswith("/transparansi/")
        assert answer.context["form"]["category"].value() == "lain"


def test_places_areas_and_collaborations_lead_here(client):
    made = factories.accepted(factories.need(), 2)
    place = made.lines.get().need.location
    area = reverse("area", args=[place.area_id])
    for path, link in (
        (reverse("location", args=[place.code]), address(lokasi=place.code)),
        (reverse("collaboration", args=[made.code]), address(kolaborasi=made.code)),
        (area, address(kategori="lain", halaman=area)),
    ):
        assert f'href="{link}" rel="nofollow">Ada yang keliru' in client.get(path).text.replace("&amp;", "&")
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("number", [kk(), " ".join(re.findall("....", kk()))])
def test_the_status_check_ends_in_a_complaint_without_the_number(client, number):
    page = client.post("/cek-kk/", {"kk": number})
    links = re.findall(r'href="(/pengaduan/\?[^"]+)"', page.text)
    assert links == [address(kategori="tidak-menerima")]
    assert client.get(links[0]).context["form"]["category"].value() == "tidak-menerima"


def test_codes_survive_every_spelling():
    assert complaint_code("7f3k q2md 9xpa l4tt") == "7F3K-Q2MD-9XPA-L4TT"
    assert complaint_code("KSBB-7F3K-Q2MD") == ""


def test_the_audit_knows_when(client):
    send(client)
    assert AuditEntry.objects.filter(kind="complaint.submitted").count() == 1
