"""The numbers shown to the public: computed from the ledger, as of any date, by basis (rule 3).

Definitions, version 1 (the contract's, in people's words on `/transparansi/definisi/`): up to and including a day
(WIB) by the entries' effective time, *submitted* (diajukan) is promised but not confirmed, lapsed or withdrawn;
*committed* (komitmen) is accepted, delivered or not, less what was withdrawn or fell short; *delivered* (tersalurkan)
is received well, less what was given back. All quantities are packages, money is integer rupiah.
"""

from ksbb.core.version import data_version

from .breakdown import BREAKDOWNS, Row, breakdown, delivered_by_city
from .complaints import ComplaintFigures, Complaints, complaints
from .equity import CLASSES, Equity, Standing, equity, standings
from .scope import Scope, query
from .totals import PERSONS_PER_FAMILY, Figures, Funds, Givers, Quantity, Reach, Recipients, totals

DEFINITION_VERSION = 1

__all__ = [
    "BREAKDOWNS",
    "CLASSES",
    "DEFINITION_VERSION",
    "PERSONS_PER_FAMILY",
    "ComplaintFigures",
    "Complaints",
    "Equity",
    "Figures",
    "Funds",
    "Givers",
    "Quantity",
    "Reach",
    "Recipients",
    "Row",
    "Scope",
    "Standing",
    "breakdown",
    "complaints",
    "data_version",
    "delivered_by_city",
    "equity",
    "query",
    "standings",
    "totals",
]
