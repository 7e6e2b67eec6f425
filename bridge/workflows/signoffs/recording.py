"""Recording a list of sign-offs, undoing it, and correcting it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.store.learning import credits, signoff_batches
from bridge.store.learning.signoff_batches import SignoffDetails
from bridge.store.members.locking import lock_members
from bridge.store.operations import audit_log
from bridge.store.tables.learning import Award, Credit
from bridge.store.tables.signoffs import SignoffBatch
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import Correction, follow_up, settle
from bridge.workflows.dependent_awards import about_credit, dependents
from bridge.workflows.people_lists.recorded import Recorded as Recorded

UNDONE = "The list was undone."
"""The reason for withdrawing. Members can read it."""


@dataclass(frozen=True, slots=True)
class RecordedList:
    """A list. `credits`: all that it recorded. `active`: those that were not withdrawn.

    `depending`: by member, the awards that depend on their sign-off. `again`: the members whose
    sign-off was withdrawn and who have another one, such as a corrected one. Undoing leaves it.
    """

    batch: SignoffBatch
    credits: Sequence[Credit]
    active: Sequence[Credit]
    depending: Mapping[int, Sequence[Award]]
    again: Collection[int] = ()

    @property
    def can_be_undone(self) -> bool:
        """Whether something is left to undo, and nothing depends on it."""
        return bool(self.active) and not self.depending


def record_list(
    session: Session,
    curricula: Sequence[Curriculum],
    details: SignoffDetails,
    member_ids: Collection[int],
    key: str,
    actor: str,
    now: datetime,
) -> Recorded:
    """Record the sign-off of those who don't have it yet, and the milestones it earns.

    `key`: of the form. What it recorded before isn't recorded again, also if it was undone since.
    As many queries for one member as for 500.
    """
    lock_members(session, member_ids)
    batch = signoff_batches.start(session, key, details, now)
    if batch is None:
        before = signoff_batches.find_key(session, key)
        found = signoff_batches.credits_in(session, before.id) if before else []
        members = [each.member_id for each in found]
        return Recorded(before.id if before else 0, members, repeated=True)
    recorded = signoff_batches.record_all(session, batch, details, member_ids, actor, now)
    after = {
        "list": batch, "curriculum": details.curriculum, "requirement": details.requirement,
        "count": len(recorded),
    }  # fmt: skip
    audit_log.write(session, actor, "sign-offs", None, {}, after, now)
    awarded = assess(session, curricula, recorded, now)
    settle(session, curricula, recorded, actor, now)
    return Recorded(batch, recorded, awarded)


def find_list(
    session: Session, curricula: Sequence[Curriculum], batch_id: int, now: datetime
) -> RecordedList | None:
    """A recorded list; None if there is none. Five queries at most."""
    batch = signoff_batches.find(session, batch_id)
    if batch is None:
        return None
    recorded = signoff_batches.credits_in(session, batch_id)
    active = [each for each in recorded if each.withdrawn_at is None]
    depending = dependents(session, curricula, active, now) if active else {}
    by_member = {each.member_id: depending[each.id] for each in active if depending[each.id]}
    return RecordedList(batch, recorded, active, by_member, _signed_again(session, batch, recorded))


def _signed_again(
    session: Session, batch: SignoffBatch, recorded: Sequence[Credit]
) -> Collection[int]:
    withdrawn = {each.member_id for each in recorded if each.withdrawn_at is not None}
    if not withdrawn:
        return ()
    return signoff_batches.signed_off(
        session, batch.curriculum, batch.requirement, withdrawn
    ).keys()


def undo(
    session: Session, curricula: Sequence[Curriculum], batch_id: int, actor: str, now: datetime
) -> RecordedList | None:
    """Withdraw all sign-offs of a list; return it as it was before.

    Withdraws nothing if an award depends on any of them.
    """
    found = _lock(session, curricula, batch_id, now)
    if found and found.can_be_undone:
        _withdraw(session, curricula, found, Correction(actor, now, UNDONE))
    return found


def withdraw_list(
    session: Session, curricula: Sequence[Curriculum], batch_id: int, correction: Correction
) -> RecordedList | None:
    """Withdraw all sign-offs of a list, also if awards depend on them; return it as it was."""
    found = _lock(session, curricula, batch_id, correction.now)
    if found and found.active:
        _withdraw(session, curricula, found, correction)
    return found


def _lock(
    session: Session, curricula: Sequence[Curriculum], batch_id: int, now: datetime
) -> RecordedList | None:
    members = {each.member_id for each in signoff_batches.credits_in(session, batch_id)}
    lock_members(session, members)
    return find_list(session, curricula, batch_id, now)


def _withdraw(
    session: Session, curricula: Sequence[Curriculum], found: RecordedList, correction: Correction
) -> None:
    actor, now, batch = correction.actor, correction.now, found.batch
    members = {each.member_id: about_credit(each) for each in found.active}
    ids = [each.id for each in found.active]
    credits.withdraw_all(session, ids, correction.reason, actor, now)
    lacking = [(award, members[m]) for m, mine in found.depending.items() for award in mine]
    follow_up(session, curricula, lacking, correction)
    signoff_batches.mark_undone(session, batch.id, now)
    after = {"list": batch.id, "count": len(ids), "reason": correction.reason}
    audit_log.write(session, actor, "sign-offs-undone", None, {}, after, now)
    assess(session, curricula, members.keys(), now)
