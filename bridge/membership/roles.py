"""Roles that people hold in the union, with their scope and dates. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import combinations

from bridge.membership.known_roles import NO_KNOWN_ROLES, KnownRoles
from bridge.membership.values import CLEARED, parse_date, parse_region
from bridge.messages import Message
from bridge.printable_text import Unprintable, find_unprintable

MAX_LENGTHS = {"role": 40, "region": 40, "unit": 100, "program": 40}

KEPT = "*"
"""In a list of roles: those that the source named before."""

Scope = tuple[str, str, str, str]
"""Role, region, unit and program: a person can't hold the same twice at the same time."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role, such as `steward`, from the day `since` through the day `until`.

    None: the first day isn't known, or no end is known. `region`, `unit` and `program` limit
    what the role is for; '' means all.
    """

    role: str
    region: str = ""
    unit: str = ""
    program: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def scope(self) -> Scope:
        return self.role, self.region, self.unit, self.program

    def is_over(self, today: date) -> bool:
        """Whether the last day is past."""
        return self.until is not None and self.until < today

    def is_held(self, today: date) -> bool:
        """Whether the person holds the role on that day."""
        return not self.is_over(today) and (self.since is None or self.since <= today)

    def overlaps(self, other: HeldRole) -> bool:
        """Whether both are the same role and scope, and share a day."""
        first, last = self.since or date.min, self.until or date.max
        return (
            self.scope == other.scope
            and first <= (other.until or date.max)
            and (other.since or date.min) <= last
        )


FIELDS = tuple(field.name for field in fields(HeldRole))


def held_on(roles: Iterable[HeldRole], today: date) -> frozenset[str]:
    """The keys of the roles held on that day, in any scope."""
    return frozenset(each.role for each in roles if each.is_held(today))


def main_role(roles: Iterable[HeldRole], today: date) -> HeldRole | None:
    """The role held on that day that began last, for places that show only one."""
    held = [each for each in roles if each.is_held(today)]
    return max(held, key=lambda each: each.since or date.min, default=None)


def parse_roles(
    text: str, regions: Collection[str], known: KnownRoles = NO_KNOWN_ROLES
) -> tuple[HeldRole, ...]:
    """Roles as sources write them: `steward; trustee/region=west/since=2026-01-31`.

    Raises ValueError with the reason; it repeats input only between backticks.
    """
    parts = [part for part in text.split(";") if part.strip()] or [""]
    return tuple(dict.fromkeys(_parse_role(part, regions, known) for part in parts))


def parse_adding(text: str) -> tuple[str, bool]:
    """`trustee; *` as `trustee` and True: `*` stands for the roles that the source named before.

    Raises ValueError if there is no role beside it.
    """
    parts = [part.strip() for part in text.split(";")]
    roles = [part for part in parts if part != KEPT]
    if len(roles) == len(parts):
        return text, False
    if not any(roles):
        raise ValueError(Message("`*` adds roles, but there is no role beside it; leave it empty."))
    return ";".join(roles), True


def _parse_role(text: str, regions: Collection[str], known: KnownRoles) -> HeldRole:
    role, *details = (part.strip() for part in text.split("/"))
    values: dict[str, str] = {}
    for detail in details:
        name, equals, value = (part.strip() for part in detail.partition("="))
        if not equals or name not in FIELDS[1:] or name in values:
            raise ValueError(
                Message(
                    "the role `%(role)s` is not written like "
                    "steward/region=north/since=2026-01-31.",
                    role=text[:60],
                )
            )
        values[name] = value
    return make_role({"role": role, **values}, regions, known)


def make_role(
    values: Mapping[str, str], regions: Collection[str], known: KnownRoles = NO_KNOWN_ROLES
) -> HeldRole:
    """The role with these texts (see `FIELDS`). `regions`: the valid ones; empty accepts any.

    Raises ValueError with the reason.
    """
    text = values.get("role", "")
    if known.joins_several(text):
        raise ValueError(
            Message(
                "`%(text)s` may be several roles; separate them with `;`, such as "
                "`steward; trustee`. Write one role without commas and line breaks.",
                text=" ".join(text.split())[:60],
            )
        )
    role = known.key(text)
    if not role:
        raise ValueError(Message("a role has no name."))
    if not any(map(str.isalnum, role)):
        raise ValueError(
            Message("`%(text)s` is no role; a role has letters or digits.", text=role[:40])
        )
    region = values.get("region", "")
    return HeldRole(
        role,
        "" if region == CLEARED else parse_region(region, regions),
        values.get("unit", "").strip(),
        values.get("program", "").strip(),
        parse_date(values.get("since", "")),
        parse_date(values.get("until", "")),
    )


def roles_problem(roles: Sequence[HeldRole]) -> str:
    """Why these roles can't all be stored, as a sentence; '' if they can."""
    for each in roles:
        if problem := _problem(each):
            return problem
    for one, other in combinations(roles, 2):
        if one.overlaps(other):
            return Message("the role `%(role)s` is listed twice for the same time.", role=one.role)
    return ""


FIELD_NAMES = {
    "role": Message("role"),
    "region": Message("region of a role"),
    "unit": Message("unit of a role"),
    "program": Message("program of a role"),
}


def too_long(field: str, limit: int) -> Message:
    """Why a text is not accepted. `field`: what it is."""
    return Message(
        "the %(field)s is longer than %(limit)s characters.", field=field, limit=str(limit)
    )


def unprintable(field: str, bad: Unprintable) -> Message:
    """Why a text is not accepted. `field`: what it is."""
    return Message(
        "the %(field)s contains an unprintable character (%(code)s, character %(column)s).",
        field=field, code=bad.code, column=str(bad.column),
    )  # fmt: skip


def _problem(role: HeldRole) -> str:
    for name, limit in MAX_LENGTHS.items():
        value: str = getattr(role, name)
        if len(value) > limit:
            return too_long(FIELD_NAMES[name], limit)
        if bad := find_unprintable(value):
            return unprintable(FIELD_NAMES[name], bad)
    if role.since and role.until and role.until < role.since:
        return Message("the role `%(role)s` ends before it begins.", role=role.role)
    return ""
