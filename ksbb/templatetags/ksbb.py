"""The parts every page is made of (templates/components/), and how numbers and dates look (formats.py)."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ksbb.templatetags import basket, filters, formats, icons, navigation, progress, sharing, states

register = template.Library()
for part in (formats, icons, navigation, progress, states, filters, basket, sharing):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)


def component(template_name):
    """Register an inclusion tag rendered by this template; the function returns its context."""
    return register.inclusion_tag(template_name)


# --- Frame of a page --------------------------------------------------------------------------------------------------
@component("components/demo_bar.html")
def demo_bar():
    """The notice that this is a reconstruction; nothing outside the demo."""
    return {"demo": settings.DEMO}


@component("components/breadcrumb.html")
def breadcrumb(*steps):
    """`{% breadcrumb "Lokasi" url "RW 03 Kebayoran Lama Utara" %}`: label and address in turn, the page itself last."""
    pairs = [(steps[i], steps[i + 1] if i + 1 < len(steps) else "") for i in range(0, len(steps), 2)]
    return {"steps": pairs}


@register.simple_block_tag
def page_head(content, title, kicker="", lead=""):
    """The page's h1 with an optional line above, a leading sentence, and whatever stands between the tags."""
    return _block("components/page_head.html", content, title=title, kicker=kicker, lead=lead)


# --- Actions ----------------------------------------------------------------------------------------------------------
@component("components/button.html")
def button(label, kind="primary", name="", value="", icon="", small=False, disabled=False):
    """A submit button; kind: primary, secondary, quiet, danger."""
    return locals()


@component("components/link_button.html")
def link_button(label, url, kind="primary", icon="", small=False):
    """A link that looks like a button, because it leads to the page's main task."""
    return locals()


@component("components/share.html")
def share(url, text):
    """Share by WhatsApp or copied link; no third party is asked before the visitor clicks."""
    return {"url": url, "text": text, "message": f"{text} {url}"}


@component("components/copyable.html")
def copyable(value, label):
    """A value to take along: a read-only field, and a copy button where scripts run."""
    return {"value": value, "label": label}


@component("components/print_button.html")
def print_button(label=None):
    """Asks the browser to print; shown only where scripts run."""
    return {"label": label or _("Cetak halaman ini")}


# --- Forms ------------------------------------------------------------------------------------------------------------
@component("components/field.html")
def field(bound, prefix="", suffix="", boxed=False, optional=None, counts=None):
    """One bound field with label, hint and error beside it. Any Django widget; choices become radios or checkboxes."""
    return {
        "field": bound,
        "kind": _field_kind(bound),
        "prefix": prefix,
        "suffix": suffix,
        "boxed": boxed,
        "optional": not bound.field.required if optional is None else optional,
        "counts": counts or {},
    }


def _field_kind(bound):
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if bound.use_fieldset and getattr(widget, "input_type", "") in ("radio", "checkbox"):
        return "choices"
    return "check" if getattr(widget, "input_type", "") == "checkbox" else "single"


@component("components/error_summary.html")
def error_summary(*forms):
    """What has to be mended, at the top of the page, each line a link to its field."""
    return {"errors": [entry for form in forms if form is not None for entry in _errors(form)]}


def _errors(form):
    """Yield (target, label, message) of a form, or of a formset's forms."""
    if hasattr(form, "non_form_errors"):
        yield from (("", "", message) for message in form.non_form_errors())
        for member in form:
            yield from _errors(member)
        return
    yield from (("", "", message) for message in form.non_field_errors())
    for bound in form:
        label = "" if _field_kind(bound) == "check" else bound.label
        yield from ((_target(bound), label, message) for message in bound.errors)


def _target(bound):
    return f"{bound.auto_id}_0" if _field_kind(bound) == "choices" else bound.auto_id


# --- Showing ----------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def notice(content, tone="info", title=""):
    """A message in the page: tone info, ok, warning, error."""
    return _block("components/notice.html", content, tone=tone, title=title, icon=NOTICE_ICONS[tone])


NOTICE_ICONS = {"info": "info", "ok": "check", "warning": "alert", "error": "alert"}


@register.simple_block_tag
def empty(content, title):
    """Nothing to list: say what to do next between the tags."""
    return _block("components/empty.html", content, title=title)


@register.inclusion_tag("components/figure.html", takes_context=True)
def figure(context, value, label, unit="", as_of=None, definition="", url="", note="", tone="", big=False):
    """A big number: what it counts, as of when, where its rows and its definition are, whom to tell if it is wrong."""
    shown = formats.number(value) if isinstance(value, int) else value
    named = {"label": label, "unit": unit, "as_of": as_of, "definition": definition, "url": url, "note": note}
    complaint = navigation.complaint_url(context, label)
    look = {"tone": tone, "big": big, "shown": shown, "long": not big and len(str(shown)) > 12}
    return {**named, **look, "complaint": complaint}


@component("components/timeline.html")
def timeline(steps):
    """Steps of a promise: mappings with label, state (done, current, todo, failed), at (moment or day), note, by."""
    return {"steps": steps}


@component("components/facts.html")
def facts(rows, narrow=False):
    """A definition list of (term, value) pairs; rows without a value are left out."""
    return {"rows": [row for row in rows if row[1] not in (None, "")], "narrow": narrow}


@component("components/pagination.html")
def pagination(previous=None, next=None):
    """Keyset pages: addresses of the previous and the next page, or None."""
    return {"previous": previous, "next": next}


@register.inclusion_tag("components/chart.html", takes_context=True)
def chart(context, chart):
    """A chart in its frame: what `ksbb.charts.chart` packs."""
    return {"chart": chart, "complaint": navigation.complaint_url(context, chart["name"])}


@component("components/area_map.html")
def area_map(map, label, unit="", bare=False):
    """A map drawn by `ksbb.area_maps`; its key counts areas by `unit`. `bare`: the drawing alone."""
    return {"map": map, "label": label, "unit": unit, "bare": bare}


@register.simple_tag
def code(value, big=False):
    """A code people read aloud: `KSBB-7F3K-Q2MD`."""
    return format_html('<span class="code{}">{}</span>', " code--big" if big else "", value)


@register.simple_tag
def tag(label, tone="quiet", icon=""):
    """A small label; tone: quiet, info, ok, warning, error, need."""
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, icons.icon(icon) if icon else "", label)


def _block(name, content, **context):
    page = template.loader.get_template(name)
    return mark_safe(page.render({"content": content, "language": get_language(), **context}))
