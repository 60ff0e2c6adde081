"""Header, footer, language switch and the addresses a page names itself by."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ksbb.core.language import is_english, twin_path

register = template.Library()

MAIN = (
    ("map", _("Peta")),
    ("locations", _("Lokasi")),
    ("collaborations", _("Kolaborasi")),
    ("figures", _("Transparansi")),
    ("kk_check", _("Cek status bantuan")),
)
FOOT = (
    ("about", _("Tentang KSBB")),
    ("programs", pgettext_lazy("plural", "Program")),
    ("collaborators", _("Kolaborator")),
    ("aggregators", pgettext_lazy("plural", "Mitra penyalur")),
    ("track", _("Lacak bantuan")),
    ("complaints", _("Pengaduan")),
    ("definitions", _("Arti angka")),
    ("data", _("Data terbuka")),
    ("api_docs", _("API")),
    ("privacy", _("Privasi")),
    ("accessibility", _("Aksesibilitas")),
)

LOST = (
    ("map", _("Peta kebutuhan")),
    ("locations", _("Cari RW, panti, sekolah, atau tempat lain")),
    ("track", _("Lacak bantuan dengan kode")),
    ("kk_check", _("Cek status bantuan dengan nomor KK")),
    ("complaints", _("Sampaikan atau lacak pengaduan")),
    ("home", _("Halaman depan")),
)
MOST_ADDRESS = 300  # what a complaint keeps of an address


def _links(entries, path):
    """Entries whose page this site serves, with the current one marked."""
    links = []
    for name, label in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        links.append({"url": url, "label": label, "current": path.startswith(url)})
    return links


def _path(context):
    request = context.get("request")
    return request.path if request else reverse("home")


@register.inclusion_tag("components/site_header.html", takes_context=True)
def site_header(context):
    """Wordmark, main navigation, the one main action and the language switch."""
    path = _path(context)
    request = context.get("request")
    query = f"?{request.GET.urlencode()}" if request and request.GET else ""
    return {
        "links": _links(MAIN, path),
        "give": _links([("promise", _("Beri bantuan"))], path),
        "twin": twin_path(path) + query,
        "language": get_language(),
        "home": reverse("home"),
    }


@register.inclusion_tag("components/site_footer.html")
def site_footer():
    """Who runs this and where to read more."""
    return {"links": _links(FOOT, " "), "language": get_language()}


@register.inclusion_tag("components/next_steps.html")
def next_steps():
    """Where somebody who is lost may have wanted to go."""
    return {"links": _links(LOST, " ")}


@register.simple_tag(takes_context=True)
def site_links(context):
    """Canonical address and the twin in the other language."""
    path = _path(context)
    twin = twin_path(path)
    own, other = ("en", "id") if is_english(path) else ("id", "en")
    alternates = format_html_join(
        "\n",
        '<link rel="alternate" hreflang="{}" href="{}{}">',
        ((own, settings.SITE_URL, path), (other, settings.SITE_URL, twin)),
    )
    return format_html('<link rel="canonical" href="{}{}">\n{}', settings.SITE_URL, path, alternates)


@register.simple_tag(takes_context=True)
def with_query(context, **changes):
    """The page's own address with parameters changed (None removes one); a changed filter starts at the first page."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("cursor", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def sort_head(context, label, value, default="", param="urut"):
    """A column's head that sorts the list; `default` is the order without a parameter."""
    current = context["request"].GET.get(param, default)
    if current == value:
        return format_html('<span aria-current="true">{}</span>', label)
    return format_html('<a href="{}">{}</a>', with_query(context, **{param: value}), label)


@register.simple_tag(takes_context=True)
def aria_sort(context, value, default="", direction="ascending", param="urut"):
    """`<th scope="col" {% aria_sort "nama" %}>`: says that the list is in this column's order."""
    current = context["request"].GET.get(param, default) == value
    return format_html('aria-sort="{}"', direction) if current else ""


@register.simple_tag(takes_context=True)
def complaint_url(context, figure=""):
    """Where somebody says that a figure, or whatever the page shows, is wrong; page and figure are filled in there."""
    request = context.get("request")
    address = request.get_full_path() if request else ""
    asked = {"kategori": "lain", "halaman": address if len(address) <= MOST_ADDRESS else _path(context)}
    return f"{reverse('complaints')}?{urlencode({**asked, **({'angka': figure} if figure else {})})}"


@register.simple_tag(takes_context=True)
def complaint_link(context, place="", collaboration=""):
    """The quiet line of a page that asks whether something on it is wrong; about the page itself unless named."""
    asked = {"lokasi": place} if place else {"kolaborasi": collaboration} if collaboration else {}
    address = f"{reverse('complaints')}?{urlencode(asked)}" if asked else complaint_url(context)
    return format_html('<a class="small" href="{}" rel="nofollow">{}</a>', address, _("Ada yang keliru di sini?"))


@register.simple_tag
def whatsapp(text, number=""):
    """A `wa.me` link that opens WhatsApp with the text filled in."""
    return f"https://wa.me/{number}?{urlencode({'text': text})}"
