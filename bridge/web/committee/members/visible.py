"""The member whose page a visitor asks for."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.store.members import queries as members
from bridge.store.tables.members import Member
from bridge.web.common.access import sees_region
from bridge.web.lists.filter_fields import MAX_ID


def find_visible(session: Session, member: int) -> Member:
    """The member. Raises NotFound if there is none or the visitor may not see them."""
    found = members.find(session, member) if member <= MAX_ID else None
    if found is None or not sees_region(found.region):
        raise NotFound
    return found
