"""Members whose Moodle account was deleted: it is looked for again, or created."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.store.delivery.account_changes import queue_account, queue_for_next_account
from bridge.store.members.account_links import MOODLE
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.accounts import AccountQuestion, MoodleDifference
from bridge.store.tables.members import Member


def replace_accounts(session: Session, lost: Mapping[int, int | None], now: datetime) -> int:
    """Unlink accounts that Moodle deleted, by member ID, and queue everything for the next one.

    None for a member whose account was unlinked when Moodle reported the deletion. Return how
    many members there are. A member whose account changed meanwhile is left alone. Answers about
    the deleted accounts are removed: they can't belong to anyone.
    """
    query = select(Member.id, Member.moodle_user_id).where(Member.id.in_(lost)).order_by(Member.id)
    rows = session.execute(query.with_for_update(key_share=True)).all()
    members = {row.id: row.moodle_user_id for row in rows if row.moodle_user_id == lost[row.id]}
    if not members:
        return 0
    accounts = [account for account in members.values() if account is not None]
    session.execute(delete(AccountQuestion).where(AccountQuestion.moodle_user_id.in_(accounts)))
    differs = MoodleDifference.member_id.in_(members), MoodleDifference.kind == "account"
    session.execute(delete(MoodleDifference).where(*differs))
    session.execute(update(Member).where(Member.id.in_(members)).values(moodle_user_id=None))
    queue_account(session, members.keys(), now)
    queue_for_next_account(session, members.keys(), now)
    lines = [
        AuditRecord(member, {"moodle_user_id": account}, {"moodle_user_id": None})
        for member, account in members.items()
        if account is not None
    ]
    audit_log.write_all(session, MOODLE, "member", lines, now)
    return len(members)
