"""The staff's pages about promises, deliveries, money, givers and families, by noun."""

from . import collaborators, commitments, deliveries, families, funds, ledger  # noqa: F401 - each registers its models
