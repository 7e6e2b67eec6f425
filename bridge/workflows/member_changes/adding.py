"""Adding one member by hand, after asking whether they are one already."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.member_records import MemberRecord
from bridge.store.member_changes.similar import Identity, find_similar, remember_different
from bridge.store.members.locking import lock_matching
from bridge.store.operations import audit_log
from bridge.workflows.member_changes.outcome import Editor, Outcome
from bridge.workflows.signup import sign_up


def add_member(session: Session, record: MemberRecord, editor: Editor) -> Outcome:
    """Add a member. Their account, enrolment and welcome email are queued.

    Nothing is stored while a similar member isn't `accepted`. An existing member is never changed.
    Raises MemberError if the record isn't valid.
    """
    editor.refuse_own_address(session, record.email)
    lock_matching(session, {record.number} if record.number else (), (), {record.email})
    wanted = Identity(record.number, record.email, record.first_name, record.last_name)
    similar = find_similar(session, wanted)
    if asked := editor.open_questions(similar):
        return Outcome(similar=asked)
    if record.number:
        remember_different(
            session, record.number, similar, editor.own, editor.actor, editor.now
        )  # fmt: skip
    written = sign_up(
        session, editor.curricula, [record],
        regions=editor.regions, actor=editor.actor, now=editor.now,
    )  # fmt: skip
    for _, why in written.refused:
        raise MemberError(why)
    [member_id] = written.created
    after = {
        "number": record.number, "email": record.email,
        "first_name": record.first_name, "last_name": record.last_name,
    }  # fmt: skip
    audit_log.write(session, editor.actor, "signed-up", member_id, {}, after, editor.now)
    return Outcome(member_id, changed=True)
