"""docs/privacy.md reckons with the numbers that the code has; docs/operations.md with the settings that tests use."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from donations.actions import kk_checks
from donations.views import kk_check
from ksbb.core import challenge, demo, replica
from tests.house import source
from tests.postgres import LOGS

CANDIDATES = round(44 * 15 * 365 * 35, -5)  # kecamatan, years of days, serials; in hundreds of thousands
PERIODS = {"hours": 1, "days": 24, "years": 24 * 365}


def paper(name):
    """Return a document in one line."""
    return " ".join(source.read(Path("docs") / name).split())


def words(hours):
    """Return a time in the largest unit that gives a number above ten."""
    unit = max((unit for unit in PERIODS if hours / PERIODS[unit] >= 10), key=PERIODS.get)
    return f"{hours / PERIODS[unit]:.0f} {unit}"


def row(most_an_hour):
    """Return how long one, 256 and 10,000 addresses need to ask for every candidate, with so many answers an hour."""
    rates = [min(kk_check.CHECKS_AN_HOUR * addresses, most_an_hour) for addresses in (1, 256, 10_000)]
    return " | ".join(words(CANDIDATES / rate) for rate in rates)


def phrases():
    checks, free, budget = kk_check.CHECKS_AN_HOUR, settings.KK_LIMIT, settings.KK_MISSES_AN_HOUR
    return [
        f"some {CANDIDATES / 1e6:.1f} million candidates: **{round(math.log2(CANDIDATES))} bits**",
        f"| {checks} checks per address and hour | {row(math.inf)} |",
        f"| … with the budget of {budget:,} distinct misses an hour | {row(budget)} |",
        f"{CANDIDATES / 1e6:.1f} million ÷ ({checks} × addresses) and ÷ {budget:,} per hour",
        f"until {['zero', 'one', 'two', 'three'][kk_checks.CALM.seconds // 3600]} hours have passed",
        f"**Proof of work** is asked of the {free + 1}th to the {checks}th check of an address and hour",
        f"some {challenge.MOST_TRIES // 2} tries (at most {challenge.MOST_TRIES}) of PBKDF2-SHA-256 with "
        f"{challenge.ITERATIONS:,} iterations",
        f"a household allows {['four', 'five', 'six'][kk_checks.MOST_WRONG_CODES - 4]} wrong ones a day",
        f"within {kk_check.FLOOR} seconds; one that came without a proof of work (a browser without JavaScript) waits "
        f"{kk_check.FLOOR_WITHOUT_PROOF:.0f} second.",
    ]


@pytest.mark.parametrize("phrase", phrases(), ids=range(len(phrases())))
def test_the_arithmetic_of_walking_follows_from_the_code(phrase):
    assert phrase in paper("privacy.md")


def test_every_cookie_is_told_of():
    told = {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME, demo.COOKIE, replica.COOKIE}
    assert all(f"`{name}`" in paper("privacy.md") for name in told)
    assert f"for {replica.COOKIE_SECONDS} seconds after a form was sent" in paper("privacy.md")
    page = source.read(Path("templates/ksbb/privacy.html"))
    assert demo.COOKIE in page
    assert f"({replica.COOKIE}) bisa ada selama sepuluh detik" in page


def test_every_number_of_a_test_is_one_that_is_searched_for():
    tests = [path for path in source.tracked() if path.parts[0] == "tests" and path.suffix == ".py"]
    assert [path for path in tests if re.search(r"(?<![0-9])[0-9]{16}(?![0-9])", source.read(path))] == []


def test_postgresql_logs_as_the_paper_says():
    text = paper("operations.md")
    assert all(f"{name} = {value}" in text for name, value in LOGS.items())
