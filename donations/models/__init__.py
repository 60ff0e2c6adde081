"""Who promised, what arrived, who received. `household` is left out on purpose: few rooms may know it."""

from . import household  # noqa: F401 - registers the models without exporting them
from .collaborator import (
    Aggregator,
    Attribution,
    Category,
    Collaborator,
    ContractKind,
    CostLimit,
    Giver,
    Licence,
)
from .commitment import Commitment, CommitmentLine, CommitmentState, IdempotencyKey, Party
from .complaint import Complaint, ComplaintCategory, ComplaintEvent, ComplaintState
from .contact import ContactPerson, Disclosure
from .delivery import Delivery, DeliveryLine, DeliveryPhoto
from .fund import Contribution, ContributionState
from .ledger import EntryKind, LedgerEntry
from .summary import DailyFamily, DailyFund, DailyLine, DailyTotal, Watermark

__all__ = [
    "Aggregator",
    "Attribution",
    "Category",
    "Collaborator",
    "Commitment",
    "CommitmentLine",
    "CommitmentState",
    "Complaint",
    "ComplaintCategory",
    "ComplaintEvent",
    "ComplaintState",
    "ContactPerson",
    "ContractKind",
    "Contribution",
    "ContributionState",
    "CostLimit",
    "DailyFamily",
    "DailyFund",
    "DailyLine",
    "DailyTotal",
    "Delivery",
    "DeliveryLine",
    "DeliveryPhoto",
    "Disclosure",
    "EntryKind",
    "Giver",
    "IdempotencyKey",
    "LedgerEntry",
    "Licence",
    "Party",
    "Watermark",
]
