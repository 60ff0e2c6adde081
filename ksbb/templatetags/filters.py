"""The filter bar above a list, with counts beside the choices and a chip for each filter in force."""

from django import forms, template
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ksbb.core import packed
from ksbb.core.pages import KEPT_SECONDS
from ksbb.core.parameters import LIST_SETTINGS
from ksbb.core.version import data_version

from .formats import day

register = template.Library()

ALWAYS_SHOWN = ("q", "urut")


@register.simple_tag(takes_context=True)
def filter_bar(context, form, counts=None, always=ALWAYS_SHOWN, action=""):
    """A GET form. `counts`: {field: {value: number}}; fields in `always` stand open, the others fold away.

    It costs more than the rows of its list and is the same on all pages of it, so it is kept like a page.
    """
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    action = action or context["request"].path
    key = packed.digest(f"{data_version()} {localdate()} {action} {always} {query.urlencode()}".encode())
    return caches["pages"].get_or_set(
        f"filter_bar:{key}",
        lambda: render_to_string("components/filter_bar.html", _bar(context, form, counts, always, action)),
        KEPT_SECONDS,
    )


def _bar(context, form, counts, always, action):
    shown = [bound for bound in form if not bound.is_hidden]
    chips = filter_chips(context, form, action)["chips"]
    return {
        "form": form,
        "hidden": [bound for bound in form if bound.is_hidden and bound.name != "cursor"],
        "open_fields": [bound for bound in shown if bound.name in always],
        "groups": [(bound, (counts or {}).get(bound.name, {})) for bound in shown if bound.name not in always],
        "chips": chips,
        "action": action,
        "unfold": any(bound.errors for bound in shown),
        "folded_active": sum(chip["name"] not in always for chip in chips),
    }


@register.inclusion_tag("components/filter_chips.html", takes_context=True)
def filter_chips(context, form, action, query=None, told=""):
    """The filters in force, each with the address without it; `query`: in place of the request's own parameters.

    `told`: the filter that the page shows in another way.
    """
    query = context["request"].GET if query is None else query
    return {"chips": [chip for chip in _chips(form, query, action) if chip["name"] != told], "action": action}


def _chips(form, query, path):
    for bound in form:
        for value in query.getlist(bound.html_name):
            if value and bound.name not in LIST_SETTINGS and not bound.errors:
                url = _without(query, bound, value) or path
                yield {"name": bound.name, "label": _chip_label(bound, value), "url": url}


def _chip_label(bound, value):
    if bound.name == "bbox":
        return _("Bagian peta yang dipilih")
    for choice, label in _flat(getattr(bound.field, "choices", ())):
        if str(choice) == value:
            return label
    if isinstance(bound.field, forms.DateField):
        value = day(bound.field.clean(value))
    return _("%(filter)s: %(value)s") % {"filter": bound.label, "value": value}


def _flat(choices):
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def _without(query, bound, value):
    """Return "?…" of the parameters without one value, from the first page on, or "" where none is left."""
    query = query.copy()
    query.pop("cursor", None)
    query.setlist(bound.html_name, [one for one in query.getlist(bound.html_name) if one != value])
    return f"?{query.urlencode()}" if query.urlencode() else ""


@register.filter
def lookup(mapping, key):
    """`{{ counts|lookup:value }}`; nothing where there is none."""
    return mapping.get(str(key), mapping.get(key, ""))
