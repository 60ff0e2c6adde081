"""Several places collected into one promise: a tick beside each place, and the bar that leads to the form."""

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("components/collect.html")
def collect(code, name, scripted=False):
    """The tick that collects one place; the page ends with `{% basket %}`, to whose form it belongs.

    `scripted`: only where scripts run, on a page of one place, where a form of ticks would say nothing.
    """
    return {"code": code, "name": name, "scripted": scripted}


@register.inclusion_tag("components/basket.html")
def basket(scripted=False):
    """Where the ticked places lead: a plain form; with scripts a bar that remembers them from page to page."""
    return {"action": reverse("promise"), "scripted": scripted}
