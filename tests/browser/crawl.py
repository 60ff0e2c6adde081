"""Finds one page of every kind that a visitor can come to by links from the home page."""

from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

# A link in a drawing has an object where others have their address.
ADDRESSES = "all => all.map((a) => new URL(a.getAttribute('href'), document.baseURI).href)"
NOT_PAGES = ("/admin/", "/api/", "/static/", "/en/")


def name_of(path):
    """Return the name of the page at a path, or None where there is no page to look at."""
    last = path.rpartition("/")[2]
    if path.startswith(NOT_PAGES) or last:
        return None
    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def pages(page, start):
    """Yield (name, path) of one page of each kind, following links from the home page with a browser's page."""
    known, waiting = set(), [("home", "/")]
    while waiting:
        name, path = waiting.pop(0)
        if name in known:
            continue
        known.add(name)
        yield name, path
        page.goto(urljoin(start, path))
        links = page.eval_on_selector_all("a[href]", ADDRESSES)
        paths = [urlsplit(link).path for link in links if link.startswith(start + "/")]
        waiting += [(found, path) for path in paths if (found := name_of(path)) and found not in known]
