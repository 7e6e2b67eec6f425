"""Where someone signs off, and what they may there: everywhere, or for the people of an object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.access.visitor import Visitor
from bridge.features.registers import all_own_people, all_subjects
from bridge.foundations.feature import Context
from bridge.store.members.lookup import Part
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.workflows.signoffs.permits import Permit


@dataclass(frozen=True, slots=True)
class Place:
    """A page for signing off. `kind`: of the object whose people it is for, such as `session`, or
    ''. `number`: the object's ID."""

    kind: str = ""
    number: int = 0

    def address(self, page: str = "form", **values: int) -> str:
        """The address of a page here: `form`, `recorded` or `undo`."""
        endpoint = f"{self.kind}_{page}" if self.kind else page
        here: dict[str, Any] = {self.kind: self.number} if self.kind else {}
        return url_for(f"signoffs.{endpoint}", **(here | values))


def place_of(kind: str) -> Place:
    """The place that the request's address names."""
    return Place(kind, int((request.view_args or {})[kind])) if kind else Place()


def permits_at(services: Services, session: Session, place: Place) -> list[Permit]:
    """In which roles the visitor may sign off here, and which people.

    Raises NotFound if there is no such object.
    """
    visitor = current_visitor()
    if not place.kind:
        return _permits(visitor, None)
    context = services.context(session, services.config.language)
    found = all_own_people(services.features)[place.kind](context, place.number)
    if found is None:
        raise NotFound
    people = frozenset(found)
    permits = _permits(visitor, people)
    return [*permits, *_roles_here(services, context, visitor, place, people)]


def _permits(visitor: Visitor, people: frozenset[int] | None) -> list[Permit]:
    permits = []
    if "committee" in visitor.roles:
        permits.append(Permit("committee", Part(None, people)))
    if "chair" in visitor.roles:
        permits.append(Permit("chair", Part(visitor.chairs, people)))
    return permits


def _roles_here(
    services: Services, context: Context, visitor: Visitor, place: Place, people: frozenset[int]
) -> list[Permit]:
    """The roles that only features give: of leaders and mentors, for the people of the object."""
    find = all_subjects(services.features)[place.kind]
    roles = find(context, visitor, f"{place.kind}:{place.number}")
    everyone = Part(None, people)
    permits = []
    if "leader" in roles:
        permits.append(Permit("leader", everyone))
    if "mentor" in roles:
        permits.append(Permit("mentor", everyone))
    return permits
