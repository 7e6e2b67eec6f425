"""The files in drafts and submissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.access.form_readers import FORM_PURPOSES, file_purpose
from bridge.foundations.files import rows
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.owners import Owner

_DRAFT = "draft:"


def submission_subject(submission: int) -> str:
    """What files of a submission belong to."""
    return f"submission:{submission}"


def file_ids(answers: Iterable[object]) -> list[int]:
    """The IDs in answers to fields for files, which are an ID and a name; others are passed over.

    Keys of choices begin with a letter, so an answer to a field of another type has none.
    """
    pairs = [each for each in answers if isinstance(each, list) and len(each) == 2]
    numbers = [str(each[0]) for each in pairs]
    return [int(each) for each in numbers if each.isascii() and each.isdecimal() and len(each) < 19]


def attach_to_draft(
    session: Session,
    file_id: int,
    owner: Owner,
    draft: int,
    until: datetime,
    now: datetime,
    needs: str = "",
) -> bool:
    """Keep a file with a draft. False if it isn't there, or is part of something else.

    `needs`: the right that reading the form takes. A file sent for other readers isn't there.
    """
    subject = f"{_DRAFT}{draft}"
    return _is_free(session, file_id, now) and rows.attach(
        session, file_id, owner, file_purpose(needs).key, subject, until, now
    )


def attach_to_submission(
    session: Session,
    file_id: int,
    owner: Owner,
    submission: int,
    until: datetime | None,
    now: datetime,
    needs: str = "",
) -> bool:
    """Keep a file with a submission. False if it isn't there, or is part of another one.

    `needs`: as for `attach_to_draft`.
    """
    subject = submission_subject(submission)
    return _is_free(session, file_id, now, subject) and rows.attach(
        session, file_id, owner, file_purpose(needs).key, subject, until, now
    )


def remove_from_draft(session: Session, draft: int, kept: Collection[int]) -> None:
    """Delete the files of a draft, except those that it still has."""
    rows.remove(session, files_of_draft(session, draft) - set(kept))


def files_of_draft(session: Session, draft: int) -> set[int]:
    """The files that are kept with a draft, and with nothing else."""
    mine = (StoredFile.purpose.in_(FORM_PURPOSES), StoredFile.subject == f"{_DRAFT}{draft}")
    return set(session.scalars(select(StoredFile.id).where(*mine)))


def _is_free(session: Session, file_id: int, now: datetime, own: str = "") -> bool:
    """Whether a file is part of nothing, of a draft, or of `own`.

    A file that was sent must not expire because its owner puts it into a draft.
    """
    file = rows.find_file(session, file_id, now)
    return file is not None and (file.subject in ("", own) or file.subject.startswith(_DRAFT))
