"""Dividing the packages of a batch into promises."""

from dataclasses import dataclass
from itertools import pairwise

from .book import Slot
from .plan import Batch

# Packages → how many of them one promise covers: a share of the place's families, or plain numbers.
SHARES = {"sembako": (0.4, 0.95), "siap-saji": (0.5, 1.6), "lebaran": (0.25, 0.6), "thr": (0.04, 0.12)}
COUNTS = {
    "sarana": (1, 2),
    "pinjaman-modal": (1, 1),
    "pelatihan": (2, 6),
    "smartphone": (4, 16),
    "tablet": (3, 14),
    "komputer": (1, 4),
    "laptop": (1, 5),
}


@dataclass(frozen=True)
class Chunk:
    """What becomes one promise; `small` ones are a person's."""

    batch: Batch
    slots: list
    small: bool = False


def families_of(place):
    """Return how many families a place stands for; an institution's people make four to a family."""
    return place.vulnerable_families or max(8, place.people // 4)


def quantity_for(place, package, portion, chance):
    """Return how many packages one promise brings to a place."""
    if package in COUNTS:
        return chance.randint(*COUNTS[package])
    return max(4, round(families_of(place) * chance.uniform(*SHARES[package]) * portion))


def divide(batch, count, few, pools, chance):
    """Return the batch's packages as `count` chunks, `few` of them small; together they are exactly its amounts."""
    amounts, small = dict(batch.amounts), []
    package = next(iter(amounts))
    for _ in range(few):
        quantity = chance.randint(5, 40) if batch.is_food else 1
        amounts[package] -= quantity
        small.append(Chunk(batch, [Slot(pools.take(package, batch), package, quantity)], small=True))
    slots = [slot for slug, amount in amounts.items() for slot in _slots(batch, slug, amount, pools, chance)]
    slots.sort(key=lambda slot: slot.place.code)
    return small + [Chunk(batch, part) for part in _cut(slots, count - few, chance)]


def _slots(batch, package, amount, pools, chance):
    while amount > 0:
        place = pools.take(package, batch)
        quantity = min(amount, quantity_for(place, package, batch.portion, chance))
        if package in SHARES and amount - quantity < 4:
            quantity = amount
        yield Slot(place, package, quantity)
        amount -= quantity


def _cut(slots, count, chance):
    """Cut a list into `count` parts of random lengths."""
    edges = [0, *sorted(chance.sample(range(1, len(slots)), count - 1)), len(slots)]
    return [slots[first:last] for first, last in pairwise(edges)]
