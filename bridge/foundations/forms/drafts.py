"""Drafts: saved while people type, and resumed later on any device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from bridge.curriculum.forms.answers import TypedAnswers
from bridge.errors import FormError
from bridge.foundations.forms.attached_files import (
    attach_to_draft,
    file_ids,
    remove_from_draft,
)
from bridge.foundations.forms.tables import FormDraft as Row
from bridge.foundations.owners import Owner, is_apart, owner_of_member, rows_of
from bridge.messages import Message
from bridge.store.dialect import insert_into

RETENTION = timedelta(days=180)
"""How long a draft is kept after it was last saved."""
MAX_DRAFT_LENGTH = 300_000
"""Characters of all answers of a draft together."""


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Which form, filled in by whom. `names`: the form's name, then its former ones.

    `needs`: the confidential right that reading what is sent takes, '' for none. A draft has the
    one of the readers that the page named.
    """

    owner: Owner
    names: tuple[str, ...]
    subject: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved draft. `version` is 0 if nothing was saved yet. `needs`: see `FormPlace`.

    `owner`: the member, or the person that they were before, if it was begun as the person.
    """

    id: int
    form: str
    answers: Mapping[str, Sequence[str]]
    version: int
    saved_at: datetime
    needs: str = ""
    owner: Owner = field(default_factory=Owner)


class DraftConflict(Exception):
    """The draft was saved elsewhere meanwhile. `saved` is what it has now."""

    def __init__(self, saved: Draft) -> None:
        super().__init__("the draft was saved elsewhere")
        self.saved = saved


def find(session: Session, place: FormPlace) -> Draft | None:
    """Return the draft of a form, None if there is none."""
    row = session.scalar(_rows(place).limit(1))
    return _draft(row) if row else None


def list_drafts(session: Session, member_id: int) -> Sequence[Draft]:
    """Return all drafts of a member, also as a person, the last saved first."""
    rows = select(Row).where(rows_of(Row, owner_of_member(session, member_id)))
    return [_draft(row) for row in session.scalars(rows.order_by(Row.saved_at.desc(), Row.id))]


def save(
    session: Session, place: FormPlace, answers: TypedAnswers, version: int, now: datetime
) -> Draft:
    """Save a draft over version `version` of it (0: there is none yet).

    Raises DraftConflict if it was saved elsewhere meanwhile, with other answers; FormError if it is
    too long.
    """
    kept = {key: list(answer) for key, answer in answers.items() if any(answer)}
    if sum(len(text) for answer in kept.values() for text in answer) > MAX_DRAFT_LENGTH:
        raise FormError(
            Message("the form has too much text to be saved."), todo=Message("Shorten it.")
        )
    saved = find(session, place)
    if saved is None:
        _add(session, place, kept, now)
    elif saved.version == version and (saved.answers, saved.needs) != (kept, place.needs):
        _drop_namesake(session, place, saved)
        newer = {
            "answers": kept, "version": version + 1, "saved_at": now, "form": place.names[0],
            "needs": place.needs,
        }  # fmt: skip
        same = update(Row).where(Row.id == saved.id, Row.version == version)
        session.execute(same.values(newer))
    saved = find(session, place)
    if saved is None or saved.answers != kept:
        raise DraftConflict(saved or Draft(0, place.names[0], {}, 0, now))
    _attach_files(session, place, saved, now)
    return saved


def discard(session: Session, place: FormPlace) -> None:
    """Delete the draft of a form, with files that were not sent with the form.

    Also older ones: under a former name of the form, or of the person that a member was before,
    unless that may be someone else. See `owners.is_apart`.
    """
    found = session.scalars(_rows(place)).all()
    apart = is_apart(session, place.owner)
    for row in found:
        if not apart or _owner_of(row) == _owner_of(found[0]):
            _delete(session, row)


def _drop_namesake(session: Session, place: FormPlace, saved: Draft) -> None:
    """Delete an older draft of the same owner that has the name which `saved` gets now.

    Two forms that both had a draft may have become one.
    """
    row = session.get_one(Row, saved.id)
    same_owner = (Row.member_id.is_not_distinct_from(row.member_id),
                  Row.person_id.is_not_distinct_from(row.person_id))  # fmt: skip
    named = (Row.form == place.names[0], Row.subject == place.subject, Row.id != saved.id)
    for each in session.scalars(select(Row).where(*same_owner, *named)).all():
        _delete(session, each)


def _delete(session: Session, row: Row) -> None:
    remove_from_draft(session, row.id, ())
    session.delete(row)
    session.flush()


def prune(session: Session, before: datetime) -> None:
    """Delete drafts that were last saved before a time."""
    session.execute(delete(Row).where(Row.saved_at < before))


def _add(session: Session, place: FormPlace, answers: dict[str, list[str]], now: datetime) -> None:
    """Add a draft, unless another request has just done so."""
    values = {
        **place.owner.columns, "form": place.names[0], "subject": place.subject,
        "needs": place.needs, "answers": answers, "version": 1, "created_at": now, "saved_at": now,
    }  # fmt: skip
    session.execute(insert_into(session, Row).values(values).on_conflict_do_nothing())


def _attach_files(session: Session, place: FormPlace, draft: Draft, now: datetime) -> None:
    """Keep the files as long as the draft, and delete those that it no longer has."""
    kept = file_ids(draft.answers.values())
    for file_id in kept:
        until = now + RETENTION
        attach_to_draft(
            session, file_id, place.owner, draft.id, until, now, place.needs, draft.owner
        )
    remove_from_draft(session, draft.id, kept)


def _rows(place: FormPlace) -> Select[Row]:
    same = Row.form.in_(place.names), Row.subject == place.subject
    query = select(Row).where(rows_of(Row, place.owner), *same)
    return query.order_by(Row.saved_at.desc()).execution_options(populate_existing=True)


def _draft(row: Row) -> Draft:
    answers = cast(Mapping[str, Sequence[str]], row.answers)
    owner = _owner_of(row)
    return Draft(row.id, row.form, answers, row.version, row.saved_at, row.needs, owner)


def _owner_of(row: Row) -> Owner:
    return Owner(row.member_id, row.person_id)
