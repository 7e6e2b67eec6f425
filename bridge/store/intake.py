"""Member records coming in: matched to the people known already, created or brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from bridge.roster import MemberRecord, problem_with
from bridge.store.account_matches import MOODLE, unproven_numbers
from bridge.store.dialect import insert_into
from bridge.store.matching import Draft, Known, Refused, email_key, name_key, tidy
from bridge.store.tables import Audit, Member

FIELDS = tuple(field.name for field in fields(MemberRecord))
RACE = "another process wrote this member at the same time; import the record again."


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of a batch. `created` and `changed` are member ids, ascending.

    `unchanged` counts the records that brought nothing new; `refused` names the others by their
    place in the batch, each with a sentence. `ids` has for each record its member, or None.
    """

    created: list[int]
    changed: list[int]
    unchanged: int
    refused: list[tuple[int, str]]
    ids: list[int | None]


def upsert_members(
    session: Session, records: Sequence[MemberRecord], now: datetime, *, who: str = ""
) -> Upserted:
    """Create or bring up to date at most 500 members; at most seven queries.

    A record belongs to the member with its number, else with its Moodle account, else to the
    one member without a number who has its e-mail. A field that is '' or None leaves what is
    stored. Of two records about one member the later counts. The first record of the membership
    system makes its `source` the member's: from then on, what they say of themselves in a form or
    in Moodle changes nothing. Every change of a member who was known is audited under `who`
    (without one, under the record's source).
    """
    batch = _Batch(session, records, now, who)
    lost = batch.work(range(len(records)))
    # Lost to another process between our look and our insert: by now its rows can be seen.
    for place in batch.work(lost) if lost else ():
        batch.refused[place] = RACE
    return batch.result()


class _Batch:
    """One call of `upsert_members` at work."""

    def __init__(
        self, session: Session, records: Sequence[MemberRecord], now: datetime, who: str
    ) -> None:
        self._session = session
        self._records = [tidy(record) for record in records]
        self._now = now
        self._who = who
        self._created: set[int] = set()
        self._changed: set[int] = set()
        self._ids: list[int | None] = [None] * len(records)
        self.refused: dict[int, str] = {}

    def work(self, places: Iterable[int]) -> list[int]:
        """Store the records at these places; returns those of members made by somebody else."""
        drafts = self._match([place for place in places if self._acceptable(place)])
        new = [draft for draft in drafts if draft.id is None]
        self._insert(new)
        self._update([d for d in drafts if d.before is not None and d.before != d.after])
        for draft in drafts:
            for place in draft.places:
                self._ids[place] = draft.id
        return [place for draft in new if draft.id is None for place in draft.places]

    def result(self) -> Upserted:
        touched = len(self._created) + len(self._changed)
        return Upserted(
            created=sorted(self._created),
            changed=sorted(self._changed),
            unchanged=len(self._records) - touched - len(self.refused),
            refused=sorted(self.refused.items()),
            ids=self._ids,
        )

    def _acceptable(self, place: int) -> bool:
        problem = problem_with(self._records[place])
        if problem:
            self.refused[place] = problem
        return not problem

    def _match(self, places: Sequence[int]) -> list[Draft]:
        known = Known(_stored(self._session, [self._records[place] for place in places]))
        drafts: dict[Draft, None] = {}
        for place in places:
            try:
                drafts[known.take(place, self._records[place])] = None
            except Refused as refusal:
                self.refused[place] = str(refusal)
        return list(drafts)

    def _insert(self, drafts: Sequence[Draft]) -> None:
        if not drafts:
            return
        new = {_identity(d.after.number, d.after.moodle_user_id, d.after.email): d for d in drafts}
        moments = {"created_at": self._now, "updated_at": self._now}
        rows = [_row(new[identity].after) | moments for identity in sorted(new)]
        statement = insert_into(self._session, Member).on_conflict_do_nothing()
        columns = (Member.id, Member.number, Member.moodle_user_id, Member.email)
        for row in self._session.execute(statement.returning(*columns), rows):
            new[_identity(row.number, row.moodle_user_id, row.email)].id = row.id
            self._created.add(row.id)

    def _update(self, drafts: Sequence[Draft]) -> None:
        if not drafts:
            return
        rows = [_row(d.after) | {"id": d.id, "updated_at": self._now} for d in drafts]
        self._session.execute(update(Member), rows)
        self._session.execute(insert(Audit), [self._audit(draft) for draft in drafts])
        self._changed.update(draft.id for draft in drafts if draft.id)

    def _audit(self, draft: Draft) -> dict[str, object]:
        before, after = (_columns(r) if r else {} for r in (draft.before, draft.after))
        fields = [name for name in after if before[name] != after[name]]
        return {
            "at": self._now,
            "who": self._who or self._records[draft.places[-1]].source,
            "action": "member",
            "member_id": draft.id,
            "before": {name: _plain(before[name]) for name in fields},
            "after": {name: _plain(after[name]) for name in fields},
        }


def _stored(session: Session, records: Sequence[MemberRecord]) -> list[Draft]:
    """Everybody these records may be about, kept from changing until the transaction ends."""
    numbers = {record.number for record in records if record.number}
    accounts = {record.moodle_user_id for record in records if record.moodle_user_id}
    emails = {email_key(record.email) for record in records}
    columns = [getattr(Member, name) for name in FIELDS]
    rows = session.execute(
        select(Member.id, *columns)
        .where(
            or_(
                Member.number.in_(numbers),
                Member.moodle_user_id.in_(accounts),
                and_(
                    or_(Member.number.is_(None), Member.moodle_user_id.is_(None)),
                    Member.email_key.in_(emails),
                ),
            )
        )
        .order_by(Member.id)
        .with_for_update()
    )
    stored = {member_id: MemberRecord(*values) for member_id, *values in rows}
    registered = [id_ for id_, one in stored.items() if one.source == MOODLE and one.number]
    unproven = unproven_numbers(session, registered) if registered else set()
    return [Draft(id_, one, one, number_unproven=id_ in unproven) for id_, one in stored.items()]


def _columns(record: MemberRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in FIELDS}


def _row(record: MemberRecord) -> dict[str, object]:
    """What is stored of a record: with the keys that people are found by."""
    first, last = name_key(record.first_name), name_key(record.last_name)
    keys = {"email_key": email_key(record.email), "first_key": first, "last_key": last}
    return _columns(record) | keys


def _identity(number: str | None, moodle_user_id: int | None, email: str) -> tuple[str, int, str]:
    return number or "", moodle_user_id or 0, email_key(email)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
