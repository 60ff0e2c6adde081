"""Pages behind a secret link: kept by nobody, named to nobody, and a helpful answer when the link leads nowhere."""

from functools import wraps

from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from ksbb.core.crypto import link_hash
from ksbb.core.source import stay_on_primary


def private_page(view):
    """Keep a page out of caches, search engines and other sites' Referer, and show what is true this moment."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        stay_on_primary()
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        # Not "no-referrer": browsers would then send `Origin: null` with the forms, which the CSRF check refuses.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def behind(link, queryset, field="link_hash"):
    """Return the row that a private link leads to, or None."""
    return queryset.filter(**{field: link_hash(link)}).first()


def unknown_link(request):
    """Answer a link that is wrong, used up or replaced by a newer one."""
    return render(request, "donations/unknown_link.html", status=404)
