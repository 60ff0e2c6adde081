"""Steps: the admin's forms over `donations.actions`. One mechanism shows, confirms, guards and runs each of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field, unquote
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from donations.actions.staff import claim
from donations.errors import NotEnoughLeft, Refused, Stale

SALT = "ksbb.admin.seen"
MOST_ROWS = 200


class StepForm(forms.Form):
    """The questions of a step; `row` is the row it is about (the first of several), `user` who takes it."""

    required_css_class = "required"

    def __init__(self, *args, row=None, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.user = row, user

    @property
    def groups(self):
        """Return fields that stand together under a title: [(title, fields)]."""
        return []

    @property
    def single_fields(self):
        """Return the fields that stand alone."""
        grouped = {field.name for _title, fields in self.groups for field in fields}
        return [field for field in self if field.name not in grouped]


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Alasan"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


def always(row):
    return True


@dataclass(frozen=True)
class Step:
    """One thing staff may do to a row.

    `run(row, data, by=, now=)` calls an action with the form's cleaned data; what it returns (a list of label and
    value) is shown once, None leads back to the row. `possible` tells whether the row's state allows it.
    """

    slug: str
    label: str
    permission: str
    run: Callable
    form: type = StepForm
    possible: Callable = always
    bulk: bool = False
    danger: bool = False
    hint: str = ""


def refusal_text(refusal):
    """Return what a refusal says, with the lines that no longer fit."""
    if not isinstance(refusal, NotEnoughLeft):
        return str(refusal.message)
    lines = [_("%(need)s: tersisa %(left)d") % {"need": need, "left": left} for need, _wanted, left in refusal.short]
    return " ".join([str(refusal.message), *lines])


class StepAdmin:
    """Mixin for a ModelAdmin: its `steps` as buttons on the row's page and, where `bulk`, as actions on the list.

    `facts` names what a step's page shows of the row. They are signed into the form together with the row's version,
    so that a stale form is refused and can say what has changed.
    """

    steps = ()
    facts = ()

    def get_urls(self):
        view = self.admin_site.admin_view(self.step_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        return [path("<path:object_id>/langkah/<slug:slug>/", view, name=name), *super().get_urls()]

    def get_actions(self, request):
        """Offer the bulk steps this member of staff may take."""
        actions = super().get_actions(request)
        for step in self.steps:
            if step.bulk and request.user.has_perm(step.permission):
                actions[step.slug] = (bulk_action(step), step.slug, step.label)
        return actions

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, unquote(object_id))
        buttons = self.buttons(request, row) if row else []
        return super().change_view(request, object_id, form_url, {"steps": buttons, **(extra_context or {})})

    def buttons(self, request, row):
        """Return the steps possible now as dicts for the template."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return [
            {"label": step.label, "danger": step.danger, "url": reverse(name, args=[row.pk, step.slug])}
            for step in self.steps
            if request.user.has_perm(step.permission) and step.possible(row)
        ]

    def step_view(self, request, object_id, slug):
        """Show and run one step for one row."""
        row = self.get_object(request, unquote(object_id))
        step = next((step for step in self.steps if step.slug == slug), None)
        if row is None or step is None:
            raise Http404
        if not request.user.has_perm(step.permission):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if request.method == "GET" and not step.possible(row):
            messages.error(request, _("Langkah ini tidak mungkin lagi untuk keadaan sekarang."))
            return HttpResponseRedirect(back)
        return self.step_page(request, step, [row], back, answered=request.method == "POST")

    def step_page(self, request, step, rows, back, *, answered):
        """Ask the step's questions about `rows`, or run it for each of them when they are answered."""
        data = (request.POST, request.FILES) if answered else (None, None)
        form = step.form(*data, row=rows[0], user=request.user)
        status = 200
        if answered and form.is_valid():
            done, refusals, shown = self.run_step(request, step, rows, form)
            if not refusals:
                return self.after(request, step, rows, shown, back)
            status = self.report(request, form, rows, refusals, done)
        return self.render_step(request, step, rows, form, back, status)

    def run_step(self, request, step, rows, form):
        """Run a step for each row in a transaction of its own; return (how many, refusals by row, what to show)."""
        seen, refusals, done, shown = self.seen(request), {}, 0, None
        for row in rows:
            try:
                with transaction.atomic():
                    fresh = type(row).objects.select_for_update().get(pk=row.pk)
                    self.check_seen(fresh, seen.get(row.pk))
                    shown = step.run(fresh, form.cleaned_data, by=request.user, now=timezone.now())
                done += 1
            except Refused as refusal:
                refusals[row] = refusal
        return done, refusals, shown

    def report(self, request, form, rows, refusals, done):
        """Put refusals into the form (one row) or into messages (several); return the status of the answer."""
        for row, refusal in refusals.items():
            text = refusal_text(refusal)
            if len(rows) == 1:
                form.add_error(refusal.field if refusal.field in form.fields else None, text)
            else:
                messages.error(request, f"{row}: {text}")
        if done:
            messages.success(request, _("%d baris selesai.") % done)
        return 409 if any(isinstance(refusal, Stale) for refusal in refusals.values()) else 200

    def after(self, request, step, rows, shown, back):
        """Lead back to the row or list, or show once what the step found out."""
        if isinstance(shown, list):
            context = {**self.admin_site.each_context(request), "title": step.label, "shown": shown, "back": back}
            return render(request, "admin/step_shown.html", {**context, "opts": self.opts})
        done = {"step": step.label, "count": len(rows)}
        messages.success(request, _("%(step)s: selesai untuk %(count)d baris.") % done)
        return HttpResponseRedirect(back)

    def render_step(self, request, step, rows, form, back, status):
        tokens = request.POST.getlist("seen") if form.is_bound else [self.token(row) for row in rows]
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "opts": self.opts,
            "step": step,
            "rows": [(row, self.facts_of(row).items()) for row in rows],
            "form": form,
            "media": self.media + form.media,
            "tokens": tokens,
            "chosen": "action" in request.POST,
            "back": back,
        }
        return render(request, "admin/step.html", context, status=status)

    def facts_of(self, row):
        """Return what a step's page shows of a row: {label: text}."""
        return {str(capfirst(label_for_field(name, type(row), self))): self.fact(row, name) for name in self.facts}

    def fact(self, row, name):
        try:
            field = row._meta.get_field(name)
        except FieldDoesNotExist:
            return str(lookup_field(name, row, self)[2])
        value = getattr(row, field.name)
        if isinstance(value, bool):
            return _("ya") if value else _("tidak")
        return str(value if field.is_relation and value else display_for_field(value, field, self.empty_value_display))

    def token(self, row):
        """Return the signed memory of what a form shows of a row of this model: its key, version and facts."""
        return signing.dumps([row.pk, getattr(row, "version", None), self.facts_of(row)], salt=self.salt)

    @property
    def salt(self):
        return f"{SALT}.{self.opts.label_lower}"

    def seen(self, request):
        """Return {key: (version, facts)} of the tokens that came with a form; forged ones count as missing."""
        found = {}
        for token in request.POST.getlist("seen"):
            try:
                key, version, facts = signing.loads(token, salt=self.salt, max_age=12 * 3600)
            except signing.BadSignature:
                continue
            found[key] = (version, facts)
        return found

    def check_seen(self, row, seen):
        """Refuse a step on a row that is not as the form showed it, and say what differs."""
        if seen is None:
            raise Stale(_("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu ulangi."))
        version, before = seen
        after = self.facts_of(row)
        if hasattr(row, "version"):
            try:
                claim(row, version)
            except Stale as stale:
                raise Stale(f"{stale.message} {difference(before, after)}".strip()) from None
        elif before != after:
            raise Stale(_("Data ini baru saja berubah.") + f" {difference(before, after)}")


def difference(before, after):
    """Return, in words, what changed between two sets of facts."""
    changed = [(label, before.get(label, "–"), now) for label, now in after.items() if before.get(label) != now]
    return " ".join(_("%s: tadi “%s”, sekarang “%s”.") % each for each in changed)


def bulk_action(step):
    """Return the admin action that asks and runs a step for the chosen rows of a list."""

    def act(model_admin, request, queryset):
        back = request.get_full_path()
        rows = list(queryset[:MOST_ROWS])
        if len(rows) == MOST_ROWS:
            messages.warning(request, _("Paling banyak %d baris sekaligus.") % MOST_ROWS)
        return model_admin.step_page(request, step, rows, back, answered="answered" in request.POST)

    return act
