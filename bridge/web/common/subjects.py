"""Whether a visitor has a right for one object, such as `session:12`: its feature says so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.access.decisions import allows_for
from bridge.access.rights import Right
from bridge.access.roles import Role
from bridge.features.registers import all_subjects
from bridge.web.common.services import current_services
from bridge.web.common.visitor import Visitor


def may_for(
    session: Session,
    visitor: Visitor,
    right: Right,
    subject: str,
    also: frozenset[Role] = frozenset(),
) -> bool:
    """Whether the visitor has the right for an object. `also`: further roles they have for it."""
    services = current_services()
    find = all_subjects(services.features).get(subject.partition(":")[0])
    context = services.context(session, services.config.language)
    here = find(context, visitor, subject) if find else frozenset()
    return allows_for(right, visitor.roles, here | also)
