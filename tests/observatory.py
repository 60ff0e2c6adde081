"""The rules of the MDN HTTP Observatory by which it marks a site: 100 points, less faults; extras from 90 points on.

Source: developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. Being on a browser's preload list is left out,
since nobody can be on it before there is a site.
"""

from html.parser import HTMLParser
from urllib.parse import urlsplit

HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
BROAD = {"*", "http:", "https:", "ftp:", "data:", "blob:"}
LEAST_FOR_EXTRAS = 90


class Scripts(HTMLParser):
    """The sources of a page's scripts, each with whether its content is pinned."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "script" and found.get("src"):
            self.found.append((found["src"], "integrity" in found))


def policy_of(answer):
    """Return a Content-Security-Policy as {directive: set of sources}."""
    rules = [rule.split() for rule in answer.get("Content-Security-Policy", "").split(";") if rule.strip()]
    return {name: set(sources) for name, *sources in rules}


def csp(answer):
    policy = policy_of(answer)
    if not policy:
        return -25
    script, style = (policy.get(name, policy.get("default-src", {"*"})) for name in ("script-src", "style-src"))
    objects = policy.get("object-src", policy.get("default-src", {"*"}))
    if script & {*BROAD, "'unsafe-inline'"} or objects & BROAD:
        return -20
    if any(source.startswith("http://") for sources in policy.values() for source in sources):
        return -20
    if script & {"'unsafe-eval'"}:
        return -10
    if style & {*BROAD, "'unsafe-inline'"}:
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def cookies(answer):
    hsts = "Strict-Transport-Security" in answer
    marks = [_cookie(cookie, hsts) for cookie in answer.cookies.values()]
    return min(marks, default=0)


def _cookie(cookie, hsts):
    holds_session = any(word in cookie.key.lower() for word in ("sess", "login"))
    if not cookie["secure"]:
        return (-10 if hsts else -40) if holds_session else (-5 if hsts else -20)
    if holds_session and not cookie["httponly"]:
        return -30
    if cookie["samesite"].lower() not in ("", "lax", "strict"):
        return -20
    if not cookie["samesite"]:
        return -20 if "csrf" in cookie.key.lower() else 0
    return 5


def sharing(answer):
    everybody = answer.get("Access-Control-Allow-Origin", "")
    return -50 if everybody and answer.get("Access-Control-Allow-Credentials") == "true" else 0


def referrer(answer):
    policies = {each.strip() for each in answer.get("Referrer-Policy", "").split(",")}
    return 5 if policies & PRIVATE else (0 if policies == {""} else -5)


def transport(answer):
    ages = [rule.partition("=")[2] for rule in answer.get("Strict-Transport-Security", "").split(";") if "age" in rule]
    return -20 if not ages else (0 if int(ages[0]) >= HALF_A_YEAR else -10)


def integrity(answer):
    elsewhere = [(src, pinned) for src, pinned in Scripts(answer.content.decode()).found if urlsplit(src).netloc]
    if not elsewhere:
        return 0
    return 5 if all(pinned for _src, pinned in elsewhere) else -5


def sniffing(answer):
    return 0 if answer.get("X-Content-Type-Options", "").lower() == "nosniff" else -5


def framing(answer):
    if policy_of(answer).get("frame-ancestors", {"*"}) & BROAD:
        return 0 if answer.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN") else -20
    return 5


def embedding(answer):
    return 10 if answer.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site") else 0


def redirection(plain):
    """Mark the answer to the same address by http: it must lead to https on the same host at once."""
    there = urlsplit(plain.get("Location", ""))
    return 0 if (there.scheme, there.netloc) == ("https", plain.wsgi_request.get_host()) else -20


MARKS = (csp, cookies, sharing, referrer, transport, integrity, sniffing, framing, embedding)


def score(answer, plain):
    """Return (points, {rule: modifier}) of a page by https and of the answer to its address by http."""
    marks = {mark.__name__: mark(answer) for mark in MARKS} | {"redirection": redirection(plain)}
    points = 100 + sum(mark for mark in marks.values() if mark < 0)
    if points >= LEAST_FOR_EXTRAS:
        points += sum(mark for mark in marks.values() if mark > 0)
    return max(0, points), marks
