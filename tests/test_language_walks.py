"""English where a walk over addresses does not come: steps of forms, answers, pictures, errors, and one or many."""

from datetime import date

import pytest
from django.db import OperationalError, connection
from django.utils.translation import override

from donations.views import collaborations
from ksbb import charts
from ksbb import views as home
from locations.models import Need
from locations.views import area, location
from tests import factories
from tests.kk_numbers import kk
from tests.test_kk_check import DELIVERED, RECORDED, UNKNOWN, _at_once, receipt_code  # noqa: F401
from tests.test_language import english, indonesian, named, words_of
from tests.typed import Form

# Words do not depend on the engine: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def left_over(answer):
    """Return the Indonesian words of an answer's page, each with its sentence."""
    assert '<html lang="en">' in answer.content.decode()
    known = named()
    return [(found, text) for text in words_of(answer).texts if (found := indonesian(text, known))]


# --- A promise in steps -----------------------------------------------------------------------------------------------
class Steps:
    """Presses the buttons of the promise form as a browser without scripts does."""

    def __init__(self, client, *needs):
        self.client = client
        self.path = english("/beri-bantuan/?" + "&".join(f"lokasi={need.location.code}" for need in needs))
        self.answer = client.get(self.path)

    def press(self, value, **typed):
        form = Form(self.answer.text, "janji")
        self.answer = self.client.post(self.path, {**form.fields, **typed, "to": value}, follow=True)
        return left_over(self.answer)

    def declared(self):
        return {name: "on" for name in self.answer.context["form"].fields if name.startswith("statement_")}


def test_every_step_of_a_promise_and_what_is_wrong_in_it(client):
    here, there = factories.need(40), factories.need(20)
    steps, giver = Steps(client, here, there), {"name": "Jane", "contact": "jane@contoh.id", "category": "perorangan"}
    assert steps.press("next") == []
    assert steps.press("next", **{f"need_{here.pk}": "500"}) == []
    assert steps.press("next", **{f"need_{here.pk}": "20", f"need_{there.pk}": "1"}) == []
    assert steps.press("next") == []
    assert steps.press("next", attribution="nama", **giver) == []
    assert "Check and send" in steps.answer.text
    assert "We hold all of it for you at once for" in steps.answer.text
    assert steps.press("send") == []
    assert steps.press("send", **steps.declared()) == []
    assert "Your promise" in steps.answer.text
    assert "/en/lacak/?kode=KSBB-" in steps.answer.text


# --- Complaints -------------------------------------------------------------------------------------------------------
def test_a_complaint_from_the_empty_form_to_its_answer(client):
    path = english("/pengaduan/")
    form = client.get(path).context["form"]
    data = {each.html_name: each.value() or "" for each in form}
    assert left_over(client.post(path, data)) == []
    assert left_over(client.post(path, {"act": "track", "code": "salah"})) == []
    choice = next(each.html_name for each in form if each.name == "category")
    words = next(each.html_name for each in form if each.name == "text")
    sent = client.post(path, {**data, choice: "tidak-menerima", words: f"KK {kk()}."}, follow=True)
    assert sent.redirect_chain[0][0].startswith("/en/pengaduan/")
    assert left_over(sent) == []
    assert "The answer will be on this page by" in sent.text


# --- A family asks ----------------------------------------------------------------------------------------------------
def test_every_answer_to_a_family(client, settings, receipt_code):  # noqa: F811
    settings.KK_LIMIT = 6
    asked = [
        (UNKNOWN, ""),
        (RECORDED, ""),
        (DELIVERED, ""),
        (DELIVERED, receipt_code),
        (DELIVERED, "22222222"),
        ("12", ""),
    ]
    for number, code in [*asked, (UNKNOWN, "")]:
        assert left_over(client.post(english("/cek-kk/"), {"kk": number, "kode": code})) == []


# --- Pictures, charts -------------------------------------------------------------------------------------------------
def test_pictures_speak_english():
    place = factories.need(100).location
    done = factories.delivered(factories.need(30), 30)
    with override("en"):
        drawn = [
            home.picture(),
            area.picture(place.area),
            location.picture(location.found(place.code)),
            collaborations.picture(collaborations.found(done.code)),
        ]
    for picture in drawn:
        words = " ".join((picture.title, picture.kicker, picture.words))
        assert indonesian(words, named()) == set(), words


@pytest.mark.parametrize(
    ("left", "says"), [(1, "still needs 1 package: 1 sembako."), (1200, "still needs 1,200 packages: 1,200 sembako.")]
)
def test_one_package_is_no_packages(left, says):
    place = factories.need(left).location
    with override("en"):
        assert location.plea(location.found(place.code)).endswith(says)
        sums = {"left": left, "needed": left, "lacking_places": 1}
        assert area.plea(place.area, sums).endswith("at 1 place.")


def test_charts_write_english_numbers_and_days():
    days = [charts.Moved(date(2020, 5, 4), 0, 1500), charts.Moved(date(2026, 5, 4), 0, 2500)]
    with override("en"):
        drawn = charts.trend(days, days, step=7, names=("a", "b"), label="c", marks=[(days[0].day, 1500, "4 May 2020")])
        said = charts.silences([one.day for one in days], 7)
    assert "1,500" in drawn
    assert "1.500" not in drawn
    assert "no" in drawn
    assert "records" in drawn
    assert indonesian(said, []) == set()
    assert "May 2020" in said


# --- Errors on our side -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("error", "status"), [(OperationalError("database is locked"), 503), (ValueError("?"), 500)])
def test_a_fault_of_ours_is_told_in_english(client, error, status):
    client.raise_request_exception = False

    def fail(*_):
        raise error

    with connection.execute_wrapper(fail):
        answer = client.get(english("/lokasi/"))
    assert answer.status_code in ({status} if connection.vendor == "sqlite" else {500, 503})
    assert left_over(answer) == []


def test_the_remainder_that_a_script_tells_is_counted_in_english(client):
    need = factories.need(3)
    text = client.get(english(f"/beri-bantuan/?lokasi={need.location.code}")).text
    assert 'data-one="Still needed: {n} package"' in text
    assert 'data-many="Still needed: {n} packages"' in text
    assert Need.objects.get(pk=need.pk).quantity == 3
