"""Deactivating a member who has left, and reactivating them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.membership.status import LEFT, participation
from bridge.store.members.queries import lock_member
from bridge.store.operations import audit_log
from bridge.workflows.awards import assess
from bridge.workflows.member_changes.outcome import Editor
from bridge.workflows.signup import welcome


def deactivate(session: Session, member_id: int, reason: str, editor: Editor) -> bool:
    """Record that a member has left: see `bridge.membership.status` for what that stops.

    Returns False if they had left before. Raises MemberError if there is no such member.
    """
    return _set_status(session, member_id, LEFT, reason, editor)


def reactivate(session: Session, member_id: int, status: str, reason: str, editor: Editor) -> bool:
    """Give a member who has left another status ('' for none). What was waiting goes on.

    Returns False if they haven't left. Raises MemberError if there is no such member.
    """
    if lock_member(session, member_id).status != LEFT:
        return False
    return _set_status(session, member_id, status, reason, editor)


def _set_status(session: Session, member_id: int, status: str, reason: str, editor: Editor) -> bool:
    member = lock_member(session, member_id)
    former = member.status
    if former == status:
        return False
    member.status, member.updated_at = status, editor.now
    session.flush()
    after = {"status": status, "reason": reason}
    audit_log.write(
        session, editor.actor, "member", member_id, {"status": former}, after, editor.now
    )
    if not participation(former).counted:
        welcome(session, editor.curricula, [member_id], editor.regions, editor.now)
    assess(session, editor.curricula, [member_id], editor.now)
    return True
