"""The tables of drafts and submissions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.foundations.owners import ONE_OWNER, Owned
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

NOT_WITHDRAWN = text("withdrawn_at IS NULL")


class FormDraft(Owned):
    """What someone has typed in a form so far.

    `form` is `curriculum/key`; `subject` is what it is about, such as a round, '' for nothing.
    `answers`: key of a field -> what was typed. `version` counts the changes, so that a page that
    is older can't overwrite a newer one. `needs`: the confidential right that reading takes, ''
    for none.
    """

    __tablename__ = "form_draft"
    __table_args__ = (
        Index(None, "member_id", "form", "subject", unique=True),
        Index(None, "person_id", "form", "subject", unique=True),
        CheckConstraint(ONE_OWNER, name="ck_form_draft_owner"),
        NO_REUSE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    answers: Mapped[dict[str, object]]
    version: Mapped[int]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime] = mapped_column(index=True)
    needs: Mapped[str] = mapped_column(String(40), server_default=text("''"))


class FormSubmission(Owned):
    """A form as it was sent, with the definition of the form at that time.

    `revision` is the hash of the definition. `token` is the page's: sending it twice counts once.
    Everyone has at most one submission that isn't withdrawn of each form and subject. `needs`: as
    in a draft, by the readers that the form had when it was sent.
    """

    __tablename__ = "form_submission"
    __table_args__ = (
        Index("uq_form_submission_current", "member_id", "form", "subject", unique=True,
              sqlite_where=NOT_WITHDRAWN, postgresql_where=NOT_WITHDRAWN),
        Index("uq_form_submission_current_of_person", "person_id", "form", "subject", unique=True,
              sqlite_where=NOT_WITHDRAWN, postgresql_where=NOT_WITHDRAWN),
        Index(None, "form", "id"),
        CheckConstraint(ONE_OWNER, name="ck_form_submission_owner"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    revision: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, object]]
    answers: Mapped[dict[str, object]]
    submitted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)
    needs: Mapped[str] = mapped_column(String(40), server_default=text("''"))
