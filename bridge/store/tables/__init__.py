"""All tables, one module per subject. Importing this package loads them all."""

from bridge.store.tables import (
    accounts,
    auth,
    batches,
    curricula,
    delivery,
    learning,
    member_emails,
    member_imports,
    members,
    operations,
    persons,
    saved_filters,
    signoffs,
    statistics,
)

__all__ = [
    "accounts",
    "auth",
    "batches",
    "curricula",
    "delivery",
    "learning",
    "member_emails",
    "member_imports",
    "members",
    "operations",
    "persons",
    "saved_filters",
    "signoffs",
    "statistics",
]
