"""What has to happen when, so that exactly the published figures come out (fixtures/published_totals.csv).

The published figures fix the sums at seven days. Everything between them is our choice and stands in this file.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from programs.reference import rows

FOOD = ("sembako", "siap-saji", "lebaran", "thr")
DEVICES = {"smartphone": 640, "tablet": 360, "komputer": 84, "laptop": 124}
COMMITTED_BY_27_MAY = {"sembako": 381_900, "lebaran": 29_591}
SUMMER_FOOD = {"sembako": 14_000, "siap-saji": 4_400}
AUTUMN_FOOD = {"sembako": 2_600, "siap-saji": 700}
SUMMER_BUSINESS = {"sarana": 160, "pinjaman-modal": 24, "pelatihan": 520}
AUTUMN_BUSINESS = {"sarana": 60, "pinjaman-modal": 8, "pelatihan": 180}
LAST_DAY = date(2020, 11, 26)
DISTRIBUTED = date(2020, 5, 27)


@dataclass(frozen=True)
class Checkpoint:
    """A day with published figures: how many gave and promised by then, in all."""

    day: date
    collaborations: int
    persons: int
    institutions: int


# Persons and institutions sum to the published collaborators; 581 collaborations are published for 30 October.
CHECKPOINTS = (
    Checkpoint(date(2020, 5, 2), 30, 2, 20),
    Checkpoint(date(2020, 5, 12), 135, 4, 35),
    Checkpoint(date(2020, 5, 15), 205, 6, 58),
    Checkpoint(date(2020, 5, 22), 325, 11, 95),
    Checkpoint(DISTRIBUTED, 410, 11, 98),
    Checkpoint(date(2020, 5, 31), 430, 12, 100),
    Checkpoint(date(2020, 10, 30), 581, 14, 106),
    Checkpoint(LAST_DAY, 700, 35, 187),
)


@dataclass(frozen=True)
class Batch:
    """Promises accepted from `first` to `last` for one period, and until when all of them arrive.

    `amounts`: packages by slug; `weight`: its share of the checkpoint's commitments; `portion`: how much of a place's
    need one promise covers, against the Ramadan's.
    """

    period: str
    first: date
    last: date
    amounts: dict
    weight: float
    arrive_by: date
    arrive_from: date | None = None
    portion: float = 1.0

    @property
    def is_food(self):
        return bool(self.amounts.keys() & set(FOOD))


# Checkpoint's day in May → (period, first day, last day of accepting, share of the packages)
RAMADAN = {
    2: [("2020-04-24", -6, 0, 0.55), ("2020-05-01", -1, 2, 0.45)],
    12: [("2020-05-01", 3, 7, 0.45), ("2020-05-08", 8, 12, 0.55)],
    15: [("2020-05-08", 13, 14, 0.5), ("2020-05-15", 13, 15, 0.5)],
    22: [("2020-05-15", 16, 22, 1.0)],
    27: [("2020-05-15", 23, 23, 0.25), ("2020-05-25", 24, 27, 0.75)],
    31: [("2020-05-25", 28, 31, 1.0)],
}


def may(number):
    """Return a day of May 2020; 0 and below count back into April."""
    return date(2020, 4, 30) + timedelta(days=number)


@cache
def published():
    """Return the figures that the demo must show: {(day, programme slug, figure): value}."""
    return {
        (date.fromisoformat(row["as_of"]), row["program"], row["figure"]): int(row["value"])
        for row in rows("published_totals")
        if row["held"] == "ya"
    }


def food(day, basis="komitmen"):
    """Return the published food packages by slug as of a day; what was not published then is zero."""
    return {slug: published().get((day, "pangan", f"{basis}.paket.{slug}"), 0) for slug in FOOD}


def committed_by(day):
    """Return the food packages accepted by a day in May; on 27 May only what had arrived was published."""
    return {**food(day, "tersalurkan"), **COMMITTED_BY_27_MAY} if day == DISTRIBUTED else food(day)


def batches(checkpoint, scale=1):
    """Return the Batches that lead to a checkpoint from the one before it."""
    if checkpoint.day.month == 5:
        return _ramadan(checkpoint.day, scale)
    return _later(checkpoint.day, scale)


def _ramadan(day, scale):
    before = [each.day for each in CHECKPOINTS if each.day < day]
    already = committed_by(before[-1]) if before else dict.fromkeys(FOOD, 0)
    growth = {slug: scale * (count - already[slug]) for slug, count in committed_by(day).items()}
    late = {slug: scale * count for slug, count in arriving_later(day).items()}
    growth = {slug: count - late.get(slug, 0) for slug, count in growth.items()}
    spans = RAMADAN[day.day]
    shares = {slug: apportion(count, [span[3] for span in spans]) for slug, count in growth.items()}
    arrive_by = DISTRIBUTED if day <= DISTRIBUTED else may(37)
    made = [
        Batch(period, may(first), may(last), {slug: shares[slug][n] for slug in FOOD}, share, arrive_by)
        for n, (period, first, last, share) in enumerate(spans)
    ]
    if late:
        period, _first, last, _share = spans[-1]
        made.append(Batch(period, may(last - 2), may(last), late, 0.03, may(34), arrive_from=may(28)))
    return made


def arriving_later(day):
    """Return the packages accepted by a day in May that had not arrived on 27 May, by slug."""
    arrived = food(DISTRIBUTED, "tersalurkan")
    if day == date(2020, 5, 22):
        return {"lebaran": committed_by(day)["lebaran"] - arrived["lebaran"]}
    if day == DISTRIBUTED:
        return {"sembako": COMMITTED_BY_27_MAY["sembako"] - arrived["sembako"]}
    return {}


def _later(day, scale):
    if day == LAST_DAY:
        return [
            *_weekly(AUTUMN_FOOD, date(2020, 11, 2), LAST_DAY, 20, scale, 0.3),
            *_weekly(AUTUMN_BUSINESS, date(2020, 11, 2), LAST_DAY, 25, scale, 1.0),
            *_weekly(DEVICES, date(2020, 11, 9), LAST_DAY, 74, scale, 1.0),
        ]
    return [
        *_weekly(SUMMER_FOOD, date(2020, 6, 1), day, 66, scale, 0.3),
        *_weekly(SUMMER_BUSINESS, date(2020, 8, 3), day, 85, scale, 1.0),
    ]


def _weekly(amounts, first_monday, until, weight, scale, portion):
    """Spread amounts over the weeks from a Monday until a day; what is accepted arrives within three weeks."""
    mondays = [first_monday + timedelta(weeks=n) for n in range((until - first_monday).days // 7 + 1)]
    shares = {slug: apportion(scale * count, [1] * len(mondays)) for slug, count in amounts.items()}
    return [
        Batch(
            period=monday.isoformat(),
            first=monday + timedelta(days=monday == date(2020, 11, 9)),  # Pendidikan began on a Tuesday
            last=min(monday + timedelta(days=5), until - timedelta(days=1)),
            amounts={slug: share[n] for slug, share in shares.items()},
            weight=weight / len(mondays),
            arrive_by=min(monday + timedelta(days=20), LAST_DAY),
            portion=portion,
        )
        for n, monday in enumerate(mondays)
    ]


def apportion(count, weights):
    """Divide a whole number by weights into whole numbers that sum to it (running total, rounded)."""
    total, edges, running = sum(weights), [0], 0
    for weight in weights:
        running += weight
        edges.append(round(count * running / total))
    return [after - before for before, after in pairwise(edges)]
