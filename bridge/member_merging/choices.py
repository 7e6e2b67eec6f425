"""Which values a merged member has: those of one record or of the other, field by field. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bridge.membership.numbers import number_key
from bridge.membership.status import LEFT
from bridge.store.member_changes.details import FIELDS
from bridge.store.members.matching import SELF_DECLARED, email_key, name_key
from bridge.store.tables.members import Member

CHOSEN = (*FIELDS, "status", "moodle_user_id")
"""The fields to choose from."""
COMPLETED = ("payroll_number", "supervisor_name", "supervisor_email")
"""Fields that the committee doesn't see: the value that there is, first that of the kept record."""
PROFILE = ("profile_first_name", "profile_last_name", "profile_email", "missing_language")
"""What belongs to the Moodle account."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field in which the two records differ."""

    name: str
    kept: object
    removed: object

    @property
    def default(self) -> str:
        """The record whose value is proposed: the kept one, unless it has none.

        Someone who has left in one record only is still a member.
        """
        if self.name == "status" and LEFT in (self.kept, self.removed):
            return "removed" if self.kept == LEFT else "kept"
        return "removed" if self.kept in (None, "") else "kept"


def differing(kept: Member, removed: Member) -> list[Field]:
    """The fields to choose from."""
    both = ((name, getattr(kept, name), getattr(removed, name)) for name in CHOSEN)
    return [Field(*each) for each in both if (each[1] or "") != (each[2] or "")]


def version_of(kept: Member, removed: Member) -> str:
    """A short text that is different for other values."""
    values = [repr(getattr(each, name)) for each in (kept, removed) for name in CHOSEN]
    return sha256("\0".join(values).encode()).hexdigest()[:16]


def merged_values(kept: Member, removed: Member, taken: Collection[str]) -> Mapping[str, Any]:
    """The columns of the kept record afterwards. `taken`: fields with the other record's value."""
    values = {name: getattr(removed if name in taken else kept, name) for name in CHOSEN}
    values |= {name: getattr(kept, name) or getattr(removed, name) for name in COMPLETED}
    account = removed if "moodle_user_id" in taken else kept
    values |= {name: getattr(account, name) for name in PROFILE}
    typed = kept.source in SELF_DECLARED and removed.source not in SELF_DECLARED
    return values | {
        "source": removed.source if typed else kept.source,
        "created_at": min(kept.created_at, removed.created_at),
        "email_key": email_key(values["email"]),
        "number_key": number_key(values["number"]),
        "first_key": name_key(values["first_name"]),
        "last_key": name_key(values["last_name"]),
    }
