"""The staff's pages about promises, deliveries, money, givers, families and complaints, by noun."""

from . import (  # noqa: F401 - each registers its models
    collaborators,
    commitments,
    complaints,
    deliveries,
    families,
    funds,
    ledger,
)
