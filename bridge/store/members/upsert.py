"""Creating and updating members from a batch of member records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bridge.member_records import PRIVATE_FACTS, MemberRecord, validation_error
from bridge.membership.numbers import number_key
from bridge.membership.roles import HeldRole
from bridge.messages import Message
from bridge.store.dialect import insert_into
from bridge.store.members.candidates import MEMBER_FIELDS, lock_candidates
from bridge.store.members.locking import lock_addresses
from bridge.store.members.matching import (
    MatchRejected,
    MemberDraft,
    MemberIndex,
    NumberInQuestion,
    email_key,
    name_key,
    normalize,
)
from bridge.store.members.number_questions import (
    NewNumberQuestion,
    add_questions,
    answers_about,
    drop_corrected,
)
from bridge.store.members.roles import SaidRoles, take_said_roles
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry

RACE_MESSAGE = Message(
    "another process saved this member at the same time. Import the record again."
)


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """The outcome of a batch. `created` and `changed`: member IDs, ascending.

    `unchanged`: how many records changed nothing. `refused`: indexes of records in the batch,
    each with the reason. `ids`: the member ID of each record, or None. `former_statuses`: by
    member ID, for those whose status changed. `ended_roles`: how many roles ended because their
    source no longer names them.
    """

    created: list[int]
    changed: list[int]
    unchanged: int
    refused: list[tuple[int, str]]
    ids: list[int | None]
    former_statuses: Mapping[int, str]
    ended_roles: int


def upsert_members(
    session: Session, records: Sequence[MemberRecord], now: datetime, *, actor: str = ""
) -> UpsertResult:
    """Create or update up to 500 members. At most eleven queries, and five more about roles.

    A record matches the member with its number, else with its Moodle account, else the only
    member without a number who has its email. A field that is '' or None leaves the stored value;
    `CLEARED` empties it. If two records match one member, the later one wins. Once a record of
    the membership system has set a member's `source`, their own entries in a form or in Moodle
    change nothing. A record with another spelling of a member's number, or with a member's name
    and email and another number, is refused and becomes a question for a person. Each change of
    an existing member is audited with `actor` (by default, the record's source).
    """
    lock_addresses(session, {record.email.strip() for record in records})
    batch = _Batch(session, records, now, actor)
    conflicting = batch.store(range(len(records)))
    # Another process inserted these meanwhile. Its rows are visible now, so try once more.
    for index in batch.store(conflicting) if conflicting else ():
        batch.refused[index] = RACE_MESSAGE
    return batch.result()


class _Batch:
    """The state of one call of `upsert_members`."""

    def __init__(
        self, session: Session, records: Sequence[MemberRecord], now: datetime, actor: str
    ) -> None:
        self._session = session
        self._records = [normalize(record) for record in records]
        self._now = now
        self._actor = actor
        self._created: set[int] = set()
        self._changed: set[int] = set()
        self._ids: list[int | None] = [None] * len(records)
        self._former_statuses: dict[int, str] = {}
        self._ended_roles = 0
        self._in_question: list[tuple[int, NumberInQuestion]] = []
        self.refused: dict[int, str] = {}

    def store(self, indexes: Iterable[int]) -> list[int]:
        """Store the records at these indexes; return those that another process inserted."""
        drafts = self._match([index for index in indexes if self._is_valid(index)])
        new = [draft for draft in drafts if draft.id is None]
        self._insert(new)
        self._update([d for d in drafts if d.before and _columns(d.before) != _columns(d.after)])
        self._update_roles([draft for draft in drafts if draft.id is not None])
        self._drop_corrected(drafts)
        self._ask()
        for draft in drafts:
            for index in draft.indexes:
                self._ids[index] = draft.id
        return [index for draft in new if draft.id is None for index in draft.indexes]

    def result(self) -> UpsertResult:
        written = len(self._created) + len(self._changed)
        return UpsertResult(
            created=sorted(self._created),
            changed=sorted(self._changed),
            unchanged=len(self._records) - written - len(self.refused),
            refused=sorted(self.refused.items()),
            ids=self._ids,
            former_statuses=self._former_statuses,
            ended_roles=self._ended_roles,
        )

    def _is_valid(self, index: int) -> bool:
        problem = validation_error(self._records[index])
        if problem:
            self.refused[index] = problem
        return not problem

    def _match(self, indexes: Sequence[int]) -> list[MemberDraft]:
        numbers = {number for index in indexes if (number := self._records[index].number)}
        answers = answers_about(self._session, numbers) if numbers else {}
        known = MemberIndex(
            lock_candidates(self._session, [self._records[index] for index in indexes], answers),
            answers,
        )
        drafts: dict[MemberDraft, None] = {}
        for index in indexes:
            try:
                drafts[known.take(index, self._records[index])] = None
            except MatchRejected as refusal:
                self.refused[index] = refusal.why
                if isinstance(refusal, NumberInQuestion):
                    self._in_question.append((index, refusal))
        return list(drafts)

    def _drop_corrected(self, drafts: Sequence[MemberDraft]) -> None:
        """Delete questions about other spellings of numbers that were sent as they are stored."""
        sent: dict[str, set[int]] = {}
        for draft in drafts:
            for record in (self._records[index] for index in draft.indexes):
                if draft.before and draft.before.number and record.number == draft.before.number:
                    sent.setdefault(record.source, set()).add(draft.id or 0)
        for source, members in sent.items():
            drop_corrected(self._session, members, source)

    def _ask(self) -> None:
        """Store a question for each number that may be the one of another member."""
        asked = [
            _question(each.draft.id, self._records[index], each.reason)
            for index, each in self._in_question
            if each.draft.id is not None
        ]
        self._in_question.clear()
        if asked:
            add_questions(self._session, asked, self._now)

    def _insert(self, drafts: Sequence[MemberDraft]) -> None:
        if not drafts:
            return
        new = {_identity(d.after.number, d.after.moodle_user_id, d.after.email): d for d in drafts}
        timestamps = {"created_at": self._now, "updated_at": self._now}
        rows = [_row(new[identity].after) | timestamps for identity in sorted(new)]
        statement = insert_into(self._session, Member).on_conflict_do_nothing()
        columns = (Member.id, Member.number, Member.moodle_user_id, Member.email)
        for row in self._session.execute(statement.returning(*columns), rows):
            new[_identity(row.number, row.moodle_user_id, row.email)].id = row.id
            self._created.add(row.id)

    def _update(self, drafts: Sequence[MemberDraft]) -> None:
        if not drafts:
            return
        rows = [_row(d.after) | {"id": d.id, "updated_at": self._now} for d in drafts]
        self._session.execute(update(Member), rows)
        self._session.execute(insert(AuditEntry), [self._audit(draft) for draft in drafts])
        self._changed.update(draft.id for draft in drafts if draft.id)
        self._former_statuses |= {
            d.id: d.before.status
            for d in drafts
            if d.id and d.before and d.before.status != d.after.status
        }

    def _update_roles(self, drafts: Sequence[MemberDraft]) -> None:
        said = {
            d.id: self._said(d, d.after.roles)
            for d in drafts
            if d.id is not None and d.after.roles is not None
        }
        if said:
            known = [member for member in said if member not in self._created]
            changed = take_said_roles(self._session, said, known, self._now)
            self._changed.update(changed.keys() - self._created)
            self._ended_roles += sum(changed.values())

    def _said(self, draft: MemberDraft, roles: Sequence[HeldRole]) -> SaidRoles:
        """The roles of a draft, with the source of its last record that speaks about roles."""
        said = [self._records[index] for index in draft.indexes]
        return said_roles(said, roles, self._actor_of(draft))

    def _actor_of(self, draft: MemberDraft) -> str:
        return self._actor or self._records[draft.indexes[-1]].source

    def _audit(self, draft: MemberDraft) -> dict[str, object]:
        changed = changed_values(draft)
        return {
            "at": self._now,
            "actor": self._actor_of(draft),
            "action": "member",
            "member_id": draft.id,
            "before": {name: before for name, (before, _) in changed.items()},
            "after": {name: after for name, (_, after) in changed.items()},
        }


def changed_values(draft: MemberDraft) -> dict[str, tuple[object, object]]:
    """The fields that change, each before and after, as the audit log shows them."""
    before, after = (_columns(r) if r else {} for r in (draft.before, draft.after))
    return {
        name: (_as_json(name, before.get(name)), _as_json(name, after[name]))
        for name in after
        if before.get(name) != after[name]
    }


def said_roles(records: Sequence[MemberRecord], roles: Sequence[HeldRole], actor: str) -> SaidRoles:
    """What the records of a member say about roles, with the source of the last that does."""
    said = [record for record in records if record.roles is not None]
    adds = all(record.adds_roles for record in said)
    return SaidRoles(roles, said[-1].source, actor, adds)


def _question(member_id: int, record: MemberRecord, reason: str) -> NewNumberQuestion:
    return NewNumberQuestion(
        member_id, record.number or "", reason, record.email, record.first_name, record.last_name,
        record.source,
    )  # fmt: skip


def _columns(record: MemberRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in MEMBER_FIELDS}


def _row(record: MemberRecord) -> dict[str, object]:
    """Return the columns of a record, with the keys for searching."""
    first, last = name_key(record.first_name), name_key(record.last_name)
    keys = {"email_key": email_key(record.email), "first_key": first, "last_key": last}
    return _columns(record) | keys | {"number_key": number_key(record.number)}


def _identity(number: str | None, moodle_user_id: int | None, email: str) -> tuple[str, int, str]:
    return number or "", moodle_user_id or 0, email_key(email)


def _as_json(name: str, value: object) -> object:
    """Return the value for the audit log, which has private facts without their values."""
    if name in PRIVATE_FACTS:
        return "…" if value else ""
    return value.isoformat() if isinstance(value, date) else value
