"""Whose names and addresses an export shows.

The committee can link a person to a member, or merge two entries, by mistake. What was noted then
has the details of both. An export shows only those that are its subject's now; the activity log
keeps them for its readers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bridge.store.members.matching import email_key
from bridge.store.operations.audit_log import AuditAction

Row = Mapping[str, object]
HIDDEN = "…"
PERSON_ACTIONS: tuple[AuditAction, ...] = (
    "person", "person-added", "person-linked", "person-merged",
)  # fmt: skip
"""Entries that may have the details of someone else, or a former address."""


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """The names of a subject, and their addresses in lower case."""

    names: Collection[str]
    emails: Collection[str]

    def has_email(self, value: object) -> bool:
        return email_key(str(value)) in self.emails


def own_audit_entry(row: Row, own: OwnDetails) -> Row:
    """The row of an audit entry, without the names and addresses of others."""
    if row["action"] not in PERSON_ACTIONS:
        return row
    return {**row, **{name: _own_values(row[name], own) for name in ("before", "after")}}


def own_letter(row: Row, own: OwnDetails) -> Row:
    """The row of an email, without content if it went to an address that isn't the person's now."""
    if row["person_id"] is None or own.has_email(row["email"]):
        return row
    return {**row, "email": HIDDEN, "payload": {}}


def _own_values(values: object, own: OwnDetails) -> object:
    if not isinstance(values, Mapping):
        return values
    hidden = {"name"} if values.get("name", "") not in {"", *own.names} else set()
    if "email" in values and not own.has_email(values["email"]):
        hidden |= {"name", "email", "language"}
    return {name: HIDDEN if name in hidden else value for name, value in values.items()}
