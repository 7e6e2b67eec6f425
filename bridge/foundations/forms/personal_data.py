"""Export, erasure and merging of drafts and submissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.access.form_readers import FORM_PURPOSES
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.attached_files import remove_from_draft, submission_subject
from bridge.foundations.forms.submissions import WITHDRAWN_RETENTION
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.foundations.owned_tables import of_owner
from bridge.store.personal_tables import OwnerColumn, move_rows

R = TypeVar("R", FormDraft, FormSubmission)


def move_drafts(
    session: Session, removed: int, kept: int, owner: OwnerColumn = "person_id"
) -> None:
    """Give merged persons' or members' drafts to the other. Of two of a form, the newer one stays.

    The files of the older one are deleted: nothing shows them any more.
    """
    rows = select(FormDraft).where(getattr(FormDraft, owner).in_((removed, kept)))
    found = session.scalars(rows.order_by(FormDraft.saved_at, FormDraft.id)).all()
    for older, _ in _of_the_same_form(found):
        remove_from_draft(session, older.id, ())
        session.delete(older)
    session.flush()
    move_rows(FormDraft, owner)(session, removed, kept)


def move_submissions(
    session: Session, removed: int, kept: int, owner: OwnerColumn = "person_id"
) -> None:
    """Give a merged person's or member's submissions to the other.

    If both have sent the same form, the earlier one counts as withdrawn when the later was sent.
    """
    rows = select(FormSubmission).where(getattr(FormSubmission, owner).in_((removed, kept)))
    current = rows.where(FormSubmission.withdrawn_at.is_(None))
    found = session.scalars(current.order_by(FormSubmission.submitted_at, FormSubmission.id)).all()
    for earlier, later in _of_the_same_form(found):
        earlier.withdrawn_at = later.submitted_at
        subject = submission_subject(earlier.id)
        files = (StoredFile.purpose.in_(FORM_PURPOSES), StoredFile.subject == subject)
        until = later.submitted_at + WITHDRAWN_RETENTION
        session.execute(update(StoredFile).where(*files).values(keep_until=until))
    session.flush()
    move_rows(FormSubmission, owner)(session, removed, kept)


def _of_the_same_form(rows: Iterable[R]) -> Iterator[tuple[R, R]]:
    """Each row that is followed by one of the same form and subject, and that one."""
    last: dict[tuple[str, str], R] = {}
    for row in rows:
        key = (row.form, row.subject)
        if key in last:
            yield last[key], row
        last[key] = row


PERSONAL_TABLES = (
    of_owner(FormDraft, move=move_drafts),
    of_owner(FormSubmission, hidden=frozenset({"token"}), move=move_submissions),
)
