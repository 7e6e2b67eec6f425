"""Who runs consultations, with what is needed for it; finding and locking them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.consultations.drafts import Draft, draft_from_data
from bridge.consultations.tables import Consultation, StakeholderGroup
from bridge.curriculum.model import Curriculum
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.operations import audit_log
from bridge.store.persons.records import MAX_ID

SUBJECT = "consultation"
JOB = "consultations"
"""The actor of what happens by itself."""


@dataclass(frozen=True, slots=True)
class Office:
    """`actor`: who does it, for the audit log. `now`: with a time zone."""

    config: Config
    curricula: Sequence[Curriculum]
    actor: str
    now: datetime

    def curriculum(self, key: str) -> Curriculum:
        """Raises ConsultationError if there is none."""
        found = next((each for each in self.curricula if each.key == key), None)
        if found is None:
            raise ConsultationError(Message("there is no curriculum `%(key)s`.", key=key))
        return found


def subject_of(consultation_id: int) -> str:
    """What emails, deadlines and audit entries call it."""
    return f"{SUBJECT}:{consultation_id}"


def find(session: Session, consultation_id: int) -> Consultation | None:
    return session.get(Consultation, consultation_id) if 0 < consultation_id <= MAX_ID else None


def lock(session: Session, consultation_id: int, *, shared: bool = False) -> Consultation:
    """The consultation, locked before persons and invitations. `shared`: it isn't changed.

    Raises ConsultationError if there is none.
    """
    query = select(Consultation).where(Consultation.id == min(consultation_id, MAX_ID))
    locked = query.with_for_update(read=shared)
    found = session.scalar(locked, execution_options={"populate_existing": True})
    if found is None:
        raise ConsultationError(
            Message("there is no such consultation."), where=subject_of(consultation_id)
        )
    return found


def lock_unfinished(session: Session, consultation_id: int) -> Consultation:
    """The consultation, locked. Raises ConsultationError if it is finished."""
    row = lock(session, consultation_id)
    if row.state == "finished":
        raise ConsultationError(
            Message("the consultation is finished."), todo=Message("Reopen it first.")
        )
    return row


def draft_of_row(row: Consultation) -> Draft:
    """The text that people were asked about."""
    return draft_from_data(row.draft)


def groups_of(session: Session, consultation_id: int) -> list[StakeholderGroup]:
    """Its groups, in the order in which they were added."""
    own = select(StakeholderGroup).where(StakeholderGroup.consultation_id == consultation_id)
    return list(session.scalars(own.order_by(StakeholderGroup.id)))


def check_version(row: Consultation, version: int) -> None:
    """Raises ConsultationError if a page is older than the last change."""
    if row.version != version:
        raise ConsultationError(
            Message("someone else has changed this consultation meanwhile."),
            todo=Message("Open the page again and repeat your change."),
        )


def record_change(
    session: Session,
    office: Office,
    row: Consultation,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """Write a change of the consultation to the audit log."""
    row.changed_at = office.now
    session.flush()
    entry = {"consultation": row.id, **after}
    audit_log.write(session, office.actor, "consultation", None, before, entry, office.now)
