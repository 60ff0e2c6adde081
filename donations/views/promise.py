"""`/beri-bantuan/`: promise packages to one place or to several, in three steps; without a place, help to find one."""

from functools import lru_cache
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from donations.actions.promises import promise as make_promise
from donations.errors import KeyReused, NotEnoughLeft, Refused, TooOften
from donations.forms.promise import GIVER, PACKAGES, REVIEW, STEPS, PromiseForm, box_of, new_key, shifted, typed_in
from donations.models import Aggregator, Licence
from donations.nearest import least_helped, nearest_lacking
from donations.outlook import outlook
from ksbb.core import throttle
from ksbb.core.crypto import private_link
from ksbb.core.writers import in_line

from .asked_places import MOST_PLACES, asked_places
from .promise_parts import giver_facts, groups_of, is_special, plan_facts

BY_NAME = {str(step): step for step in STEPS}
MOST_OFFERS = 3


# Not "no-store": the review is the answer to a POST, which the browser's back button must find again.
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
@in_line
def promise(request):
    now = timezone.now()
    asked = asked_places(request.GET, now)
    if not asked.places:
        return _choose(request, asked)
    slug = request.GET.get("program")
    program = asked.program(slug)
    page = {"asked": asked, "now": now, "most_places": MOST_PLACES}
    page["program"] = program or next(iter(asked.programs()), None)
    page["needs"] = needs = asked.needs_of(page["program"])
    if not needs or (request.method != "POST" and not any(map(asked.left_at, needs))):
        return _nothing_to_promise(request, page)
    if request.method == "POST":
        return _next(request, page)
    if request.GET.get("langkah") == str(GIVER):
        return _forward(request, page, _form(page, typed_in(request.GET, needs)), PACKAGES)
    form = _form(page, initial=_wished(request, page)).show(PACKAGES, quiet=True)
    return _show(request, page, form, PACKAGES, status=200 if asked.is_whole and (program or not slug) else 400)


# --- Without a place, or with places that need nothing now ------------------------------------------------------------
def _choose(request, asked):
    """Help to find a place; unknown codes are named."""
    context = {"unknown": asked.unknown, "places": least_helped(today=asked.today)}
    return render(request, "donations/promise_chooser.html", context, status=400 if asked.unknown else 200)


def _nothing_to_promise(request, page):
    asked = page["asked"]
    packages = {need.package_id: (need.package, need.location) for need in page["needs"]}
    near = [(package, nearest_lacking(place, package, today=asked.today)) for package, place in packages.values()]
    near = [(package, needs) for package, needs in near if needs]
    paused = [until for until in map(asked.paused_until, asked.places) if until]
    context = {
        **page,
        "location": asked.places[0],
        "switches": _switches(page),
        "paused_until": min(paused) if len(paused) == len(asked.places) else None,
        "near": near,
        "places": [] if near else least_helped(today=asked.today, limit=5),
    }
    return render(request, "donations/promise_closed.html", context, status=409 if request.method == "POST" else 200)


# --- The form ---------------------------------------------------------------------------------------------------------
def _form(page, data=None, initial=None):
    asked = page["asked"]
    partners = _partners(asked.today)
    return PromiseForm(data, asked=asked, program=page["program"], partners=partners, now=page["now"], initial=initial)


@lru_cache(maxsize=2)
def _partners(today):
    """Return the question who is licensed today, composed once; each form asks it anew."""
    licensed = Licence.objects.valid_on(today).order_by().values("aggregator")
    return Aggregator.objects.filter(pk__in=licensed).select_related("collaborator").order_by("collaborator__name")


def _wished(request, page):
    """Return the boxes that a link fills in (`?paket=sembako&jumlah=5`)."""
    slug, quantity = request.GET.get("paket"), request.GET.get("jumlah", "")
    if not (quantity.isascii() and quantity.isdigit()) or len(quantity) > 6:
        return {}
    left_at = page["asked"].left_at
    return {box_of(need): min(int(quantity), left_at(need)) for need in page["needs"] if need.package.slug == slug}


def _next(request, page):
    """Go where the pressed button leads: back without a check and without a loss, forward only past what is right."""
    form = _form(page, shifted(request.POST, page["asked"]))
    to, here = request.POST.get("to"), BY_NAME.get(request.POST.get("step"), PACKAGES)
    back = PACKAGES if "shift" in request.POST else BY_NAME.get(to, REVIEW)
    if back != REVIEW:
        return _show(request, page, form.show(back, quiet=True), back)
    if to == "send" and form.first_wrong() is None:
        return _submit(request, page, form)
    return _forward(request, page, form, REVIEW if to == "send" else here)


def _forward(request, page, form, done):
    """Show the first step that is not right yet: with its complaints when it is `done` or an earlier one."""
    wrong = form.first_wrong()
    if wrong and wrong <= done:
        return _show(request, page, form.show(wrong, quiet=False), wrong, status=400)
    if short := form.short():
        return _too_late(request, page, form, short)
    step = wrong or REVIEW
    if request.method == "POST" and step == GIVER and not form.knows_giver():
        # By its own address the page survives the back button, a reload and the language switch.
        query = f"{page['asked'].query(page['program'])}&langkah={GIVER}&{urlencode(form.in_address())}"
        return redirect(reverse("promise") + query)
    return _show(request, page, form.show(step, quiet=True), step)


def _submit(request, page, form):
    try:
        made = make_promise(
            lines=form.lines(),
            giver=form.details(),
            terms=form.terms(),
            key=form.cleaned_data.get("key") or new_key(),
            now=page["now"],
            needs=form.needs,
            visitor=throttle.visitor_of(request),
        )
    except TooOften as refusal:
        return _busy(request, page, form, refusal)
    except NotEnoughLeft as refusal:
        return _too_late(request, {**page, "somebody_was_quicker": True}, form, refusal.short)
    except Refused as refusal:
        return _refused(request, page, form, refusal)
    # Always the first link: after a proof by mail it is void, so that a form sent again opens nothing.
    return redirect("my_commitment", private_link("commitment", made.code))


def _busy(request, page, form, refusal):
    """Too many promises of late; the form stays as it is."""
    page["busy"] = refusal
    response = _show(request, page, form.show(REVIEW, quiet=True), REVIEW, status=429)
    response["Retry-After"] = str(refusal.seconds(page["now"]))
    return response


def _refused(request, page, form, refusal):
    """Show a rule's refusal beside its field, on the step where that field stands."""
    if refusal.field == "lines" and (short := form.short()):
        return _too_late(request, page, form, short)
    reused = isinstance(refusal, KeyReused)
    if reused:
        form.data = {**form.data, "key": new_key()}
    form.refuse(refusal)
    step = form.first_wrong() or REVIEW
    return _show(request, page, form.show(step, quiet=False), step, status=422 if reused else 409)


def _too_late(request, page, form, short):
    """Say beside each line what is left now, and offer the nearest places that still lack that package."""
    asked, offers = page["asked"], []
    fresh = {need.pk: need for need in form.needs}
    for need, wanted, left in short:
        fresh[need.pk].reserved = need.reserved
        form.add_error(box_of(need), _left_words(asked.paused_until(fresh[need.pk].location), need, left))
        near = nearest_lacking(need.location, need.package, today=asked.today) if len(offers) < MOST_OFFERS else []
        offers.append({"need": need, "wanted": wanted, "left": left, "near": near})
        for other in near:
            other.plus = asked.query(page["program"], plus=other.location)
            other.takes = min(wanted - left, other.remaining)
    return _show(request, {**page, "short": offers}, form.show(PACKAGES, quiet=False), PACKAGES, status=409)


def _left_words(paused_until, need, left):
    if paused_until:
        return _("Tempat ini meminta cukup dulu. Kosongkan jumlahnya, atau pilih tempat lain.")
    if not left:
        return _("Baru saja habis dijanjikan orang lain. Kosongkan, atau pilih tempat terdekat di bawah.")
    words = {"left": left, "unit": ngettext(need.package.unit, need.package.unit, left)}
    return _("Sisa tinggal %(left)d %(unit)s. Kurangi jumlahnya.") % words


def _switches(page):
    """Return (programme, query of the same places in it) pairs."""
    return [(one, page["asked"].query(one)) for one in page["asked"].programs()]


def _show(request, page, form, step, *, status=200):
    asked, program = page["asked"], page["program"]
    context = {**page, "form": form, "step": step, "groups": groups_of(form, asked, program)}
    context["here"] = asked.query(program)
    if step == PACKAGES:
        context["switches"] = _switches(page)
        context["is_special"] = is_special(form)
        context["contents"] = {need.package_id: need for need in form.needs}.values() if asked.several else ()
    if step == REVIEW:
        seen = outlook(form.needs, form.lines(), contact=form.cleaned_data["contact"], now=page["now"])
        context |= {"outlook": seen, "plan": plan_facts(form, seen), "person": giver_facts(form)}
    return render(request, "donations/promise.html", context, status=status)
