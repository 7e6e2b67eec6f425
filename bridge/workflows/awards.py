"""Facts become awards, and awards become deliveries. All inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.progress import Facts, Progress, apply_renames, evaluator, evidence, milestone_renames
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning import awards, completions, enrolments
from bridge.store.learning.awards import AwardRecord

MEMBER_BATCH_SIZE = 500


def assess(
    session: Session, curricula: Sequence[Curriculum], members: Collection[int], now: datetime
) -> int:
    """Evaluate `members` (ids): award what they have earned, want the enrolments they may have.

    Everything that follows from either is owed as deliveries. Doing it again changes nothing.
    Returns the number of new awards.
    """
    ids = sorted(members)
    batches = [
        ids[start : start + MEMBER_BATCH_SIZE] for start in range(0, len(ids), MEMBER_BATCH_SIZE)
    ]
    return sum(_assess(session, c, batch, now) for batch in batches for c in curricula)


def _assess(session: Session, curriculum: Curriculum, members: Sequence[int], now: datetime) -> int:
    evaluate = evaluator(curriculum)
    renew = apply_renames(curriculum)
    known_facts = completions.facts_of(session, curriculum.key, members)
    facts = {member: renew(known) for member, known in known_facts.items()}
    progress = {member: evaluate(known) for member, known in facts.items()}
    granted = awards.grant(session, list(_earned(curriculum, facts, progress, now)))
    entered = [(m, curriculum.key, key) for m, p in progress.items() for key in p.entered]
    wanted = enrolments.request_enrolments(session, entered, now)
    if granted or wanted:
        enrolments.mark_earned(session, members, milestone_renames([curriculum]))
    owed = [_enrol(*enrolment) for enrolment in wanted]
    for award, record in granted:
        owed += _acknowledge(curriculum, award, record)
    deliveries.enqueue(session, owed, now)
    return len(granted)


def _earned(
    curriculum: Curriculum,
    facts: Mapping[int, Facts],
    progress: Mapping[int, Progress],
    now: datetime,
) -> Iterator[AwardRecord]:
    milestones = {milestone.key: milestone for milestone in curriculum.milestones}
    for member, reached in progress.items():
        known = facts[member]
        for key in reached.earned:
            if key not in known.awarded:
                grounds = evidence(milestones[key], known)
                revision = curriculum.revision
                yield AwardRecord(member, curriculum.key, key, revision, grounds, now)


def _enrol(member: int, curriculum: str, milestone: str) -> DeliveryRecord:
    return DeliveryRecord(
        member, "enrol", idnumber(curriculum, milestone), _about(curriculum, milestone)
    )


def _acknowledge(
    curriculum: Curriculum, award: int, record: AwardRecord
) -> Iterator[DeliveryRecord]:
    """The next course is not among these: it follows from the milestones now entered."""
    milestone = curriculum.milestone(record.milestone)
    if milestone is None:
        return
    target = idnumber(curriculum.key, milestone.key)
    for kind in _kinds(milestone):
        about = _about(curriculum.key, milestone.key)
        yield DeliveryRecord(record.member_id, kind, target, about, award)


def _kinds(milestone: Milestone) -> Iterator[str]:
    yield from ("cohort", "competency", "message", "mail")
    if milestone.acknowledgement.badge:
        yield "badge"


def _about(curriculum: str, milestone: str) -> dict[str, object]:
    return {"curriculum": curriculum, "milestone": milestone}
