"""Line icons on a 24 grid, drawn for this site; they repeat what the words beside them say."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

PATHS = {
    "alert": "M12 8v5m0 3.5v.01M10.3 3.9 2.2 18a2 2 0 0 0 1.7 3h16.2a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z",
    "arrow": "M5 12h14m-6-6 6 6-6 6",
    "back": "M19 12H5m6-6-6 6 6 6",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4m8-4v4",
    "chat": "M4 5h16v11H10l-4 4v-4H4z",
    "check": "m4 12.5 5.5 5.5L20 7",
    "clock": "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "cross": "M6 6l12 12M18 6 6 18",
    "down": "m6 9 6 6 6-6",
    "download": "M12 4v11m-5-5 5 5 5-5M5 20h14",
    "filter": "M4 6h16M7 12h10m-7 6h4",
    "info": "M12 11v6m0-9.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "pin": "M12 21c-4-4.5-7-7.6-7-11a7 7 0 0 1 14 0c0 3.4-3 6.5-7 11zm0-13.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    "print": "M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z",
    "search": "m20 20-4.5-4.5M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z",
    "truck": "M3 6h11v10H3zm11 4h4l3 3v3h-7zM7 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zm10 0a1.8 1.8 0 1 0 0-3.6",
    "up": "m6 15 6-6 6 6",
}

MARK = mark_safe(
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#2140c4"/>'
    '<path d="M7 7h8v8H7zM17 17h8v8h-8z" fill="#fff"/><path d="M7 17h8v8c-4.4 0-8-3.6-8-8z" fill="#8c9eee"/>'
    '<path d="M17 7c4.4 0 8 3.6 8 8h-8z" fill="#ffd33d"/></svg>'
)


@register.simple_tag
def icon(name):
    """An icon by name, hidden from screen readers; an unknown name is an error."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', PATHS[name])


@register.simple_tag
def mark():
    """The sign of KSBB: four blocks of a city, one of them just promised."""
    return MARK
