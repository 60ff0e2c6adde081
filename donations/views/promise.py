"""`/beri-bantuan/`: promise packages to a place; without a place, help to find one."""

import secrets

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from donations.actions.ledger import wib_day
from donations.actions.promises import promise as make_promise
from donations.errors import KeyReused, NotEnoughLeft, Refused
from donations.forms.promise import PromiseForm
from donations.models import ContactPerson
from donations.nearest import least_helped, nearest_lacking
from ksbb.core.crypto import private_link
from locations.models import Location, Need
from programs.models import ProgramStatus


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request):
    code = request.GET.get("lokasi", "").strip()
    location = _location(code)
    if location is None:
        return _choose(request, code)
    needs = _open_needs(location)
    programs = _programs(needs)
    program = next((one for one in programs if one.slug == request.GET.get("program")), None)
    page = {"location": location, "programs": programs, "program": program or next(iter(programs), None)}
    page["needs"] = [need for need in needs if need.package.program == page["program"]]
    page["contact"] = ContactPerson.objects.filter(location=location).first()
    today = wib_day(timezone.now())
    paused_until = page["contact"].paused_on(today) if page["contact"] else None
    if paused_until or not any(need.remaining for need in page["needs"]):
        return _nothing_to_promise(request, page, paused_until, today)
    return _form(request, page, today, known_program=program is not None or not request.GET.get("program"))


# --- Without a place, or with one that needs nothing now --------------------------------------------------------------
def _location(code):
    places = Location.objects.public().select_related("kind", "area__parent__parent")
    return places.filter(code=code).first() if code else None


def _choose(request, code):
    """Help to find a place; an unknown code is named."""
    context = {"unknown": code, "places": least_helped(today=wib_day(timezone.now()))}
    return render(request, "donations/promise_chooser.html", context, status=400 if code else 200)


def _nothing_to_promise(request, page, paused_until, today):
    packages = {need.package_id: need.package for need in page["needs"]}
    near = [(package, nearest_lacking(page["location"], package, today=today)) for package in packages.values()]
    near = [(package, needs) for package, needs in near if needs]
    places = [] if near else least_helped(today=today, limit=5)
    context = {**page, "paused_until": paused_until, "near": near, "places": places}
    return render(request, "donations/promise_closed.html", context, status=409 if request.method == "POST" else 200)


# --- The form ---------------------------------------------------------------------------------------------------------
def _open_needs(location):
    return list(
        Need.objects.open()
        .filter(location=location, package__program__status=ProgramStatus.RUNNING)
        .select_related("package__program", "package__statement", "package_version", "period", "location__kind")
        .order_by("package__program__position", "package__position", "pk")
    )


def _programs(needs):
    """Return the programmes of the needs, those with something left first."""
    programs = {}
    for need in sorted(needs, key=lambda need: need.remaining == 0):
        programs.setdefault(need.package.program_id, need.package.program)
    return list(programs.values())


def _form(request, page, today, known_program):
    if request.method != "POST":
        form = PromiseForm(needs=page["needs"], today=today, initial=_wished(request, page["needs"]))
        return _show(request, page, form, status=200 if known_program else 400)
    form = PromiseForm(request.POST, needs=page["needs"], today=today)
    if not form.is_valid():
        return _show(request, page, form, status=400)
    return _submit(request, page, form, today)


def _wished(request, needs):
    """Return the boxes that a link fills in (`?paket=sembako&jumlah=5`)."""
    slug, quantity = request.GET.get("paket"), request.GET.get("jumlah", "")
    if not (quantity.isascii() and quantity.isdigit()) or len(quantity) > 6:
        return {}
    return {f"need_{need.pk}": min(int(quantity), need.remaining) for need in needs if need.package.slug == slug}


def _submit(request, page, form, today):
    try:
        made = make_promise(
            lines=form.lines(),
            giver=form.details(),
            terms=form.terms(),
            key=form.cleaned_data["key"] or secrets.token_urlsafe(16),
            now=timezone.now(),
        )
    except NotEnoughLeft as refusal:
        return _show(request, page, form, short=_alternatives(form, refusal, today), status=409)
    except KeyReused as refusal:
        form.data = {**form.data.dict(), "key": secrets.token_urlsafe(16)}
        form.refuse(refusal)
        return _show(request, page, form, status=422)
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, page, form, status=409)
    # Always the first link: after a proof by mail it is void, so that a form sent again opens nothing.
    return redirect("my_commitment", private_link("commitment", made.code))


def _alternatives(form, refusal, today):
    """Say beside each line what is left now, and return the nearest places that still lack that package."""
    short = []
    for need, wanted, left in refusal.short:
        words = {"left": left, "unit": ngettext(need.package.unit, need.package.unit, left)}
        form.add_error(
            f"need_{need.pk}",
            _("Sisa tinggal %(left)d %(unit)s. Kurangi jumlahnya.") % words
            if left
            else _("Baru saja habis dijanjikan orang lain. Kosongkan, atau pilih tempat terdekat di bawah."),
        )
        fresh = next(one for one in form.needs if one.pk == need.pk)
        fresh.reserved = need.reserved
        near = nearest_lacking(need.location, need.package, today=today)
        short.append({"need": need, "wanted": wanted, "left": left, "missing": wanted - left, "near": near})
    return short


def _show(request, page, form, *, short=(), status=200):
    context = {**page, "form": form, "short": short}
    return render(request, "donations/promise.html", context, status=status)
