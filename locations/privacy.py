"""What small numbers may say in public (rule 10)."""

from dataclasses import dataclass

FEWEST = 5  # families of one RT; fewer are only told as "<5"


@dataclass(frozen=True)
class RtLine:
    """One line of the RT table: the RT numbers it is about, and their families (None: fewer than five each)."""

    numbers: tuple[int, ...]
    families: int | None

    @property
    def label(self):
        """The RT as people write them: "RT 03", or "RT 03 dan 07" for a line about two."""
        return "RT " + " dan ".join(f"{number:02d}" for number in self.numbers)


def rt_table(rows):
    """Return the RtLines of (RT number, families) pairs.

    Two small counts or more read "<5" each; a single one would follow from the RW's total, so it is told together
    with the next smallest RT.
    """
    rows = list(rows)
    small = [number for number, families in rows if families < FEWEST]
    if len(rows) == 1 and small:
        return []
    if len(small) != 1:
        return [RtLine((number,), None if number in small else families) for number, families in rows]
    partner = min((row for row in rows if row[0] not in small), key=lambda row: (row[1], row[0]))[0]
    together = tuple(sorted((*small, partner)))
    families = sum(families for number, families in rows if number in together)
    rest = [RtLine((number,), families) for number, families in rows if number not in together]
    return sorted([*rest, RtLine(together, families)], key=lambda line: line.numbers)
