"""Whether a member's record is the visitor's own: nobody confirms or corrects their own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.access.rights import RIGHTS, Right
from bridge.store.members import queries as members
from bridge.store.members.matching import email_key
from bridge.store.persons.records import MAX_ID
from bridge.store.tables.members import Member
from bridge.web.common.visitor import current_visitor


def is_own(member: Member) -> bool:
    """Whether the visitor is this member: by their login, or by their address.

    A login may be older than the member record with its address.
    """
    visitor = current_visitor()
    return member.id == visitor.member_id or member.email_key == email_key(visitor.email)


def may_for_member(right: Right, member: Member) -> bool:
    """Whether the visitor has the right for something about this member."""
    return current_visitor().may(right) and not (RIGHTS[right].not_for_own and is_own(member))


def is_refused(session: Session, right: Right, member_id: int) -> bool:
    """Whether the right excludes this member's record because it is the visitor's own."""
    if not RIGHTS[right].not_for_own or member_id > MAX_ID:
        return False
    found = members.members_by_ids(session, [member_id]).get(member_id)
    return found is not None and is_own(found)
