"""What the promise form shows: each place's needs with their boxes, what was chosen there, and all of it in review."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from donations.forms.promise import EQUIVALENT
from donations.models import Attribution, Category
from ksbb.templatetags.formats import day_range, rupiah, unit
from ksbb.templatetags.progress import message


@dataclass
class Row:
    """One need with its box, and the words in which a script tells what is left by now."""

    need: object
    box: object

    @property
    def words(self):
        """Return the message of the bar for one, for many (`{n}` stands for the number), and for none left."""
        need, text = self.need, _("Masih dibutuhkan %(n)s %(unit)s")
        one, many = (text % {"n": "{n}", "unit": unit(need.package.unit, n)} for n in (1, 2))
        return {"one": one, "many": many, "none": message(need.quantity, need.quantity, 0, need.package.unit)}


@dataclass
class Group:
    """One place of the promise: its boxes, what others have covered, and what is promised so far."""

    place: object
    contact: object
    rows: list
    covered: list
    lines: list
    paused_until: object
    without: str

    @property
    def live(self):
        """Return where a script asks for what is left here."""
        return reverse("api_location", args=[self.place.code])


def groups_of(form, asked, program):
    """Return one Group per place. A need without anything left keeps its box only while something is typed into it."""
    return [_group(form, asked, program, place) for place in asked.places]


def _group(form, asked, program, place):
    here = [need for need in form.needs if need.location_id == place.pk]
    open_here = [need for need in here if asked.left_at(need) or form.box(need).value() or form.box(need).errors]
    return Group(
        place=place,
        contact=asked.contacts.get(place.pk),
        rows=[Row(need, form.box(need)) for need in open_here],
        covered=[need for need in here if need not in open_here],
        lines=[(Row(need, form.box(need)), n) for need, n in form.lines_of(place)] if form.is_bound else [],
        paused_until=asked.paused_until(place),
        without=asked.query(program, without=place),
    )


# --- What was answered ------------------------------------------------------------------------------------------------
def is_special(form):
    """Tell whether the seldom questions about contents and partner were answered, or must be seen again."""
    own = form["contents"].value() == EQUIVALENT or form["aggregator"].value()
    return bool(own or any(form[name].errors for name in ("contents", "equivalent", "aggregator")))


def plan_facts(form, outlook):
    """Return when and how the packages would come, as (term, value) pairs."""
    data = form.cleaned_data
    return [
        (_("Rencana"), day_range(data["window_start"], data["window_end"])),
        (_("Isi setara"), data["equivalent"] if data["contents"] == EQUIVALENT else ""),
        (_("Melalui"), str(data["aggregator"] or "")),
        (_("Perkiraan nilai"), _("%s menurut harga acuan") % rupiah(outlook.rupiah) if outlook.rupiah else ""),
    ]


def giver_facts(form):
    """Return who gives and how the gift shows it, as (term, value) pairs."""
    data = form.cleaned_data
    shown = data["alias"] if data["attribution"] == Attribution.ALIAS else data["name"]
    return [
        (_("Nama Anda atau lembaga"), data["name"]),
        (_("Memberi sebagai"), Category(data["category"]).label),
        (_("Nama yang tampil"), "Hamba Allah" if data["attribution"] == Attribution.ANONYMOUS else shown),
        (_("Surel atau nomor WhatsApp"), form["contact"].value()),
    ]
