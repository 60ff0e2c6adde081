"""What small numbers may say in public (rule 10)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

FEWEST = 5  # families that may be told of; fewer of one RT are only told as "<5"


@dataclass(frozen=True)
class RtLine:
    """One line of the RT table: the RT numbers it is about, and their families (None: fewer than five each)."""

    numbers: tuple[int, ...]
    families: int | None

    @property
    def label(self):
        """The RT as people write them: "RT 03", or "RT 03, 05 dan 07" for a line about several."""
        *others, last = (f"{number:02d}" for number in self.numbers)
        return "RT " + _(" dan ").join(filter(None, (", ".join(others), last)))


def rt_table(rows):
    """Return the RtLines of (RT number, families) pairs.

    Small counts read "<5" each as long as the RW's total leaves each of them more than one possibility; else they are
    told together, with the next smallest RT where that is needed, and without one not at all.
    """
    rows = list(rows)
    small = [row for row in rows if row[1] < FEWEST]
    if not _follows(small):
        return [RtLine((number,), families if families >= FEWEST else None) for number, families in rows]
    others = sorted((row for row in rows if row not in small), key=lambda row: (row[1], row[0]))
    if not others:
        return []
    together = [*small, others[0]]
    whole = RtLine(tuple(sorted(number for number, _families in together)), sum(families for _rt, families in together))
    rest = [RtLine((number,), families) for number, families in others[1:]]
    return sorted([*rest, whole], key=lambda line: line.numbers)


def _follows(small):
    """Tell whether the sum of hidden counts gives them away: one alone, all of them none, or all as large as hidden
    ones can be."""
    hidden = sum(families for _rt, families in small)
    return len(small) == 1 or (bool(small) and hidden in (0, len(small) * (FEWEST - 1)))
