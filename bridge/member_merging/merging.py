"""Making two records of the same member one, in one transaction. It can't be undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.errors import MemberError
from bridge.features.registers import personal_tables, persons_linked
from bridge.foundations.feature import Context, Feature
from bridge.member_merging.choices import merged_values, version_of
from bridge.member_merging.moves import count_rows, move_all
from bridge.messages import Message
from bridge.privacy import require_same_reader
from bridge.store.auth import email_change
from bridge.store.delivery import profiles
from bridge.store.delivery.account_changes import queue_account, queue_for_next_account
from bridge.store.member_changes.details import refusing_doubles
from bridge.store.members.locking import lock_addresses, lock_members
from bridge.store.members.number_answers import remember_number
from bridge.store.members.queries import lock_member, members_by_ids
from bridge.store.operations import audit_log
from bridge.store.persons import changes, personal_links, records
from bridge.store.persons.proof import follow_members, link_by_email
from bridge.store.tables.accounts import NumberQuestion
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import settle
from bridge.workflows.member_changes.outcome import Editor


@dataclass(frozen=True, slots=True)
class Merge:
    """Which record stays, and which one is removed.

    `taken`: the fields that get the value of the removed one. `version`: of the two that was
    shown, '' for any. `rights`: the confidential ones of the editor.
    """

    kept: int
    removed: int
    taken: Collection[str] = ()
    version: str = ""
    rights: Collection[Right] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """`moved`: how many rows of each table were the removed record's. `account`: the Moodle account
    that no member has any more, None if there is none.
    """

    moved: Mapping[str, int]
    account: int | None


def merge_members(
    context: Context, features: Sequence[Feature], merge: Merge, editor: Editor
) -> Merged:
    """Give everything of one member to the other, and remove the first.

    The number that isn't kept means the member from then on. Raises MemberError if the two are one
    record or one of them is the editor's own, if they have changed since, if someone would get to
    read what isn't theirs, if another member has the number or the address without a number, or if
    there is no such member.
    """
    session = context.session
    _refuse_own(merge, editor)
    kept, removed = _lock(session, merge)
    if merge.version and merge.version != version_of(kept, removed):
        raise MemberError(
            Message("one of the records was changed meanwhile."),
            todo=Message("Look at the values, and choose again."),
        )
    values = merged_values(kept, removed, merge.taken)
    _require_same_readers(session, [kept, removed], str(values["email_key"]), merge, features)
    moved = count_rows(session, merge.removed, personal_tables(features))
    _write_log(session, merge, (kept, removed), values, moved, editor)
    numbers = {each for each in (kept.number, removed.number) if each} - {values["number"]}
    accounts = {each for each in (kept.moodle_user_id, removed.moodle_user_id) if each}
    email_change.cancel(session, merge.removed)
    _merge_persons(session, merge, features)
    move_all(session, merge.removed, merge.kept)
    session.execute(delete(Member).where(Member.id == merge.removed))
    changed = {**values, "updated_at": editor.now}
    with refusing_doubles(session):
        session.execute(update(Member).where(Member.id == merge.kept).values(changed))
    session.expire_all()
    _remember_numbers(session, merge.kept, numbers, values["number"], editor)
    account = next(iter(accounts - {values["moodle_user_id"]}), None)
    if account or "moodle_user_id" in merge.taken:
        queue_account(session, [merge.kept], editor.now)
        queue_for_next_account(session, [merge.kept], editor.now)
    _follow(context, features, merge.kept, str(values["email_key"]), editor)
    return Merged(moved, account)


def _write_log(
    session: Session,
    merge: Merge,
    both: tuple[Member, Member],
    values: Mapping[str, object],
    moved: Mapping[str, int],
    editor: Editor,
) -> None:
    """Log the details of the removed record, and what changes in the one that is kept."""
    kept, removed = both
    names = ("id", "number", "email", "first_name", "last_name")
    before = {name: _as_json(getattr(removed, name)) for name in names}
    audit_log.write(
        session, editor.actor, "member-merged", merge.kept, before, dict(moved), editor.now
    )
    if merge.taken:
        own = {name: _as_json(getattr(kept, name)) for name in merge.taken}
        after = {name: _as_json(values[name]) for name in own}
        audit_log.write(session, editor.actor, "member", merge.kept, own, after, editor.now)


def _refuse_own(merge: Merge, editor: Editor) -> None:
    if merge.kept == merge.removed:
        raise MemberError(
            Message("this is the same record."), todo=Message("Choose another member.")
        )
    if {merge.kept, merge.removed} & set(editor.own):
        raise MemberError(
            Message("one of the records is your own."),
            todo=Message("Someone else on the committee must merge them."),
        )


def _lock(session: Session, merge: Merge) -> tuple[Member, Member]:
    ids = (merge.kept, merge.removed)
    lock_addresses(session, {each.email for each in members_by_ids(session, ids).values()})
    lock_members(session, ids)
    return lock_member(session, merge.kept), lock_member(session, merge.removed)


def _require_same_readers(
    session: Session,
    members: Sequence[Member],
    address: str,
    merge: Merge,
    features: Sequence[Feature],
) -> None:
    """What a member wrote in confidence is for their address, and nobody else's."""
    for each in members:
        if each.email_key != address:
            require_same_reader(session, each.id, merge.rights, features)


def _merge_persons(session: Session, merge: Merge, features: Sequence[Feature]) -> None:
    """The person of the removed member becomes the other member's, or part of theirs."""
    gone_id = records.find_of_member(session, merge.removed)
    keep_id = records.find_of_member(session, merge.kept)
    if gone_id is None:
        return
    locked = {each: records.lock(session, each) for each in sorted({gone_id, keep_id or gone_id})}
    gone = locked[gone_id]
    personal_links.end_all(session, gone_id)
    if keep_id is None:
        gone.member_id, gone.link = merge.kept, "committee"
        session.flush()
        return
    keep: Person = locked[keep_id]
    moves = [each.move for each in personal_tables(features) if each.move is not None]
    changes.absorb(session, gone, keep, moves)
    if keep.before_link is not None:
        keep.before_link = {**keep.before_link, "mixed": True}
        session.flush()


def _remember_numbers(
    session: Session, member: int, numbers: Collection[str], own: str | None, editor: Editor
) -> None:
    """Numbers that mean the member from now on. Questions about their own number are answered."""
    about_own = (NumberQuestion.member_id == member, NumberQuestion.number == own)
    session.execute(delete(NumberQuestion).where(*about_own))
    for number in sorted(numbers):
        remember_number(session, member, number, editor.actor, editor.now)


def _follow(
    context: Context, features: Sequence[Feature], member: int, address: str, editor: Editor
) -> None:
    """What follows: milestones that both records earn together, the profile in Moodle."""
    session = context.session
    follow_members(session, [member], editor.now)
    link_by_email(session, {address}, editor.now)
    people = session.scalars(select(Person.id).where(Person.member_id == member)).all()
    persons_linked(features, context, people, editor.actor)
    profiles.enqueue_corrections(session, [member], editor.now)
    assess(session, editor.curricula, [member], editor.now)
    settle(session, editor.curricula, [member], editor.actor, editor.now)


def _as_json(value: object) -> object:
    return "" if value is None else value
