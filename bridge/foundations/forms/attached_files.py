"""The files in drafts and submissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.access.form_readers import FORM_PURPOSES, SUBMISSION, file_purpose
from bridge.foundations.files import rows
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.tables import FormSubmission
from bridge.foundations.owners import Owner

_DRAFT = "draft:"


def draft_subject(draft: int) -> str:
    """What files of a draft belong to."""
    return f"{_DRAFT}{draft}"


def submission_subject(submission: int) -> str:
    """What files of a submission belong to."""
    return f"{SUBMISSION}:{submission}"


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
    new_owner: Owner | None = None,
) -> bool:
    """Keep a file with a draft. False if it isn't there, or is part of something else.

    `needs`: the right that reading the form takes. A file sent for other readers isn't there.
    `new_owner`: the draft's, if that isn't `owner`.
    """
    subject = draft_subject(draft)
    file = rows.find_file(session, file_id, now)
    is_free = file is not None and file.subject in ("", subject)
    return is_free and rows.attach(
        session, file_id, owner, file_purpose(needs).key, subject, until, now, new_owner
    )


def attach_to_submission(
    session: Session,
    file_id: int,
    owner: Owner,
    submission: int,
    until: datetime | None,
    now: datetime,
    needs: str = "",
    new_owner: Owner | None = None,
) -> bool:
    """Keep a file with a submission. False if it isn't there, or is part of another one.

    A file of a withdrawn submission becomes part of the next one.

    `needs`: as for `attach_to_draft`.
    """
    subject = submission_subject(submission)
    file = rows.find_file(session, file_id, now)
    is_free = file is not None and (
        file.subject in ("", subject)
        or file.subject.startswith(_DRAFT)
        or _is_withdrawn(session, file.subject)
    )
    return is_free and rows.attach(
        session, file_id, owner, file_purpose(needs).key, subject, until, now, new_owner
    )


def remove_from_draft(session: Session, draft: int, kept: Collection[int]) -> None:
    """Delete the files of a draft, except those that it still has."""
    rows.remove(session, files_of_draft(session, draft) - set(kept))


def files_of_draft(session: Session, draft: int) -> set[int]:
    """The files that are kept with a draft, and with nothing else."""
    mine = (StoredFile.purpose.in_(FORM_PURPOSES), StoredFile.subject == draft_subject(draft))
    return set(session.scalars(select(StoredFile.id).where(*mine)))


def _is_withdrawn(session: Session, subject: str) -> bool:
    """Whether a file's subject is a withdrawn submission: it can be sent with the next one."""
    kind, _, number = subject.partition(":")
    if kind != SUBMISSION or not number.isdecimal():
        return False
    withdrawn = select(FormSubmission.withdrawn_at).where(FormSubmission.id == int(number))
    return session.scalar(withdrawn) is not None
