"""What giving a role to members, or ending it, changes in the roles of one. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from bridge.membership.roles import HeldRole
from bridge.store.members.role_changes import PAGE, RoleChange, StoredRole

RoleAction = Literal["give", "end"]
GivenState = Literal["new", "already", "overlaps"]
EndedState = Literal["new", "already", "later", "none"]


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """Give this role, from `since` through `until`; or end it: `until` is then the last day.

    To end, an empty region, unit or program means any. `reason`: for the activity log.
    """

    action: RoleAction
    role: HeldRole
    reason: str = ""

    def about(self, stored: Sequence[StoredRole]) -> list[StoredRole]:
        """Those of a member's roles that this is about."""
        if self.action == "give":
            return [each for each in stored if each.held.scope == self.role.scope]
        wanted = [(name, value) for name, value in _scope(self.role).items() if value]
        return [
            each
            for each in stored
            if all(getattr(each.held, name) == value for name, value in wanted)
        ]

    def state(self, stored: Sequence[StoredRole]) -> GivenState | EndedState:
        """What this means for a member with these roles; `new` if it changes one."""
        about = [each.held for each in self.about(stored)]
        if self.action == "give":
            shared = [each for each in about if each.overlaps(self.role)]
            if any(_covers(each, self.role) for each in shared):
                return "already"
            return "overlaps" if shared else "new"
        lasting = [each for each in about if each.until is None or each.until > self.last_day]
        if any(self._began(each) for each in lasting):
            return "new"
        if lasting:
            return "later"
        return "already" if about else "none"

    def changes(self, stored: Sequence[StoredRole]) -> list[RoleChange]:
        """What it changes for a member with these roles; [] unless the state is `new`."""
        if self.state(stored) != "new":
            return []
        if self.action == "give":
            return [RoleChange(None, self.role, PAGE)]
        return [
            RoleChange(each, replace(each.held, until=self.last_day), PAGE)
            for each in self.about(stored)
            if (each.held.until is None or each.held.until > self.last_day)
            and self._began(each.held)
        ]

    @property
    def last_day(self) -> date:
        """The last day of the role, for an end."""
        return self.role.until or date.max

    def _began(self, held: HeldRole) -> bool:
        return held.since is None or held.since <= self.last_day


def role_as_json(held: HeldRole, source: str) -> dict[str, object]:
    """The role and who gave it, to store it."""
    days = {"since": _iso(held.since), "until": _iso(held.until)}
    return {**asdict(held), **days, "source": source}


def stored_role(values: Mapping[str, object], row_id: int) -> StoredRole:
    """What `role_as_json` stored."""
    kept: dict[str, Any] = dict(values)
    days = {name: date.fromisoformat(kept[name]) if kept[name] else None
            for name in ("since", "until")}  # fmt: skip
    source = str(kept.pop("source"))
    return StoredRole(row_id, HeldRole(**{**kept, **days}), source)


def _scope(role: HeldRole) -> dict[str, str]:
    return {"role": role.role, "region": role.region, "unit": role.unit, "program": role.program}


def _covers(held: HeldRole, wanted: HeldRole) -> bool:
    """Whether it lasts on all these days."""
    begins = (held.since or date.min) <= (wanted.since or date.min)
    return begins and (wanted.until or date.max) <= (held.until or date.max)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
