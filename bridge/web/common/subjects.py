"""The roles of a visitor for single objects: the one place where features say who is whose.

An object is named like `session:12`, as the subject of a file. The part before the colon is its
kind; each kind has one function, registered where the application is put together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from bridge.access.decisions import allows_for
from bridge.access.rights import Right
from bridge.access.roles import Role
from bridge.web.common.visitor import Visitor

RolesFor = Callable[[Session, Visitor, str], frozenset[Role]]
"""The roles of a visitor for an object, by its name; empty if there is no such object.

"member" means that it is about the visitor, "chair" that it belongs to a region they chair. An
"approver" or "reviewer" must have this role in the configuration too.
"""
EXTENSION_KEY = "stewardpath.subjects"


def may_for(
    session: Session,
    visitor: Visitor,
    right: Right,
    subject: str,
    also: frozenset[Role] = frozenset(),
) -> bool:
    """Whether the visitor has the right for an object. `also`: further roles they have for it."""
    known = cast("Mapping[str, RolesFor]", current_app.extensions[EXTENSION_KEY])
    find = known.get(subject.partition(":")[0])
    here = find(session, visitor, subject) if find else frozenset()
    return allows_for(right, visitor.roles, here | also)
