"""Charts drawn on the server as SVG: they work in print, without scripts and, by their table, for screen readers.

Widths are percentages and type keeps its size, so a chart reads alike on a phone and on a wall. A chart is the mapping
that `{% chart %}` takes (`chart` packs it): a finding as its title, its neutral name above, unit, drawing, and a table
that says the same in numbers. Where the rows of the table carry the bars themselves (`bars`), there is no other table.
"""

from .bars import Bar, Step, funnel, length, steps_of
from .frame import Entry, chart, edges, legend, of, svg
from .histogram import histogram
from .time import Moved, TimeScale, added_up, silences, sparkline, trend

__all__ = [
    "Bar",
    "Entry",
    "Moved",
    "Step",
    "TimeScale",
    "added_up",
    "chart",
    "edges",
    "funnel",
    "histogram",
    "legend",
    "length",
    "of",
    "silences",
    "sparkline",
    "steps_of",
    "svg",
    "trend",
]
