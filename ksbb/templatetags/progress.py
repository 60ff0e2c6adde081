"""The bar of a need: its message is what is still lacking."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ksbb.templatetags.formats import fulfilled, number
from ksbb.templatetags.formats import unit as unit_of

register = template.Library()

# Drawn once per page: bars and chart keys refer to it by id (a stylesheet cannot).
PATTERNS = mark_safe(
    '<svg class="sr" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="s-submitted" width="6" height="6"/><path class="hatch" stroke-width="2.6" d="M0 0v6"/></pattern>'
    '<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect class="s-committed" width="5" height="5"/>'
    '<circle class="s-delivered" cx="2.5" cy="2.5" r="1.1"/></pattern></defs></svg>'
)
FILLS = {"delivered": 'class="s-delivered"', "committed": 'fill="url(#dots)"', "submitted": 'fill="url(#hatch)"'}


@register.simple_tag
def bar_patterns():
    """The fills that tell diajukan and komitmen from tersalurkan without colour."""
    return PATTERNS


@register.simple_tag
def progress(quantity, reserved, committed, delivered, unit="", legend=True):
    """A need's counters (delivered ≤ committed ≤ reserved ≤ quantity) as message, bar and key."""
    unit = unit or "paket"
    return format_html(
        '<div class="progress"><p class="progress-head"><strong>{}</strong> <span>{}</span></p>{}{}</div>',
        message(quantity, reserved, delivered, unit),
        fulfilled(reserved / quantity) if quantity else "",
        bar(quantity, reserved, committed, delivered),
        key(reserved, committed, delivered) if legend else "",
    )


def message(quantity, reserved, delivered, unit):
    """What is still needed, in words."""
    if quantity == 0:
        return _("Tidak ada kebutuhan terbuka")
    counted = max(quantity - reserved, 0) or quantity
    words = {"n": number(counted), "unit": unit_of(unit, counted)}
    if delivered >= quantity:
        return _("Semua %(n)s %(unit)s sudah diterima") % words
    if reserved >= quantity:
        return _("Semua %(n)s %(unit)s sudah ada yang menanggung") % words
    return _("Masih dibutuhkan %(n)s %(unit)s") % words


@register.simple_tag
def bar(quantity, reserved, committed, delivered):
    """The bar alone, hidden from screen readers: the message beside it says the same."""
    parts = (
        ("delivered", delivered),
        ("committed", committed - delivered),
        ("submitted", reserved - committed),
    )
    drawn, start = [], 0.0
    for kind, amount in parts:
        width = 100 * amount / quantity if quantity else 0
        if width:
            drawn.append(_segment(kind, start, width))
        start += width
    return mark_safe(f'<svg class="bar" width="100%" height="14" aria-hidden="true">{"".join(drawn)}</svg>')


def _segment(kind, start, width):
    return f'<rect {FILLS[kind]} x="{start:.2f}%" width="{max(width, 0.6):.2f}%" height="14"/>'


@register.simple_tag
def swatch(kind):
    """The key of one fill: delivered, committed, submitted."""
    return mark_safe(
        f'<svg class="swatch" viewBox="0 0 14 14" aria-hidden="true"><rect {FILLS[kind]} width="14" height="14"/></svg>'
    )


def key(reserved, committed, delivered):
    """Diajukan, komitmen and tersalurkan as words with their fills; what is zero is left out."""
    rows = (
        ("delivered", _("Tersalurkan"), delivered),
        ("committed", _("Komitmen, belum tersalurkan"), committed - delivered),
        ("submitted", _("Diajukan"), reserved - committed),
    )
    shown = "".join(
        format_html("<li>{}{} {}</li>", swatch(kind), label, number(amount)) for kind, label, amount in rows if amount
    )
    return mark_safe(f'<ul class="legend" role="list">{shown}</ul>') if shown else ""
