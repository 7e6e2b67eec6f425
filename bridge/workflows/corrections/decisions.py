"""Deciding about awards that lack something since a correction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.store.learning import awards, credits
from bridge.store.learning import decisions as store
from bridge.store.members.locking import lock_members
from bridge.store.members.roles import roles_of
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction
from bridge.store.tables.learning import Award
from bridge.store.tables.signoffs import AwardDecision
from bridge.workflows.awards import assess
from bridge.workflows.dependent_awards import lacks
from bridge.workflows.withdrawals import withdraw_award

AwardChoice = Literal["keep", "withdraw", "later"]
"""What happens to awards that depend on what is corrected. `later`: a person decides."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Who corrects something, when, and why. `now`: in the union's time zone.

    `choice`: what happens to awards that depend on it. `note`: why they stay, for `keep`.
    """

    actor: str
    now: datetime
    reason: str
    choice: AwardChoice = "later"
    note: str = ""


def follow_up(
    session: Session,
    curricula: Sequence[Curriculum],
    lacking: Sequence[tuple[Award, str]],
    correction: Correction,
) -> None:
    """Do with awards what was chosen: withdraw them, keep them, or ask. Call it after correcting.

    `lacking`: each award, and what it lacks. Members must be locked.
    """
    actor, now, reason = correction.actor, correction.now, correction.reason
    if correction.choice == "withdraw":
        for award, _ in lacking:
            withdraw_award(session, curricula, award.id, reason, actor, now)
        return
    asked = store.raise_for(session, lacking, reason, actor, now)
    by_id = {award.id: award for award, _ in lacking}
    for each in asked:
        _audit(session, "award-question", each, by_id[each.award_id], correction)
    if correction.choice == "keep":
        members = {award.member_id for award, _ in lacking}
        mine = [each for each in store.open_of(session, members) if each.award_id in by_id]
        store.close(session, [each.id for each in mine], "keep", correction.note, actor, now)
        for each in mine:
            _audit(session, "award-kept", each, by_id[each.award_id], correction)


def decide(
    session: Session,
    curricula: Sequence[Curriculum],
    decision_id: int,
    correction: Correction,
) -> bool:
    """Make an open decision; return False if it was made before.

    With `keep`, the `note` says why; with `withdraw`, the `reason` does, and the member reads it.
    """
    found = store.find_decision(session, decision_id)
    if found is None or correction.choice == "later":
        return False
    lock_members(session, [found.member_id])
    award = awards.find_award(session, found.award_id)
    text = correction.note if correction.choice == "keep" else correction.reason
    made = store.close(
        session, [found.id], correction.choice, text, correction.actor, correction.now
    )
    if not made or award is None:
        return False
    if correction.choice == "keep":
        _audit(session, "award-kept", found, award, correction)
        return True
    actor, now = correction.actor, correction.now
    withdraw_award(session, curricula, award.id, correction.reason, actor, now)
    assess(session, curricula, [found.member_id], now)
    return True


def settle(
    session: Session,
    curricula: Sequence[Curriculum],
    member_ids: Collection[int],
    actor: str,
    now: datetime,
) -> int:
    """Close open decisions about awards that lack nothing any more; return how many.

    Call it after recording something about these members. One query if nothing is open.
    """
    waiting = store.open_of(session, member_ids)
    if not waiting:
        return 0
    members = {each.member_id for each in waiting}
    current = {each.id: each for each in awards.current_awards(session, members)}
    credited = credits.credits_of_members(session, members)
    roles = roles_of(session, members)
    settled = [
        each.id
        for each in waiting
        if each.award_id in current
        and not lacks(
            current[each.award_id],
            each.about,
            [credit for credit in credited if credit.member_id == each.member_id],
            [role.held for role in roles.get(each.member_id, [])],
            curricula,
            now,
        )
    ]
    return len(store.close(session, settled, "settled", "", actor, now))


def _audit(
    session: Session,
    action: AuditAction,
    decision: AwardDecision,
    award: Award,
    correction: Correction,
) -> None:
    what = {"curriculum": award.curriculum, "milestone": award.milestone, "award": award.id}
    said = {"reason": correction.reason} if action == "award-question" else {}
    if action == "award-kept":
        said = {"note": correction.note}
    after = {"lacks": decision.about, **said}
    audit_log.write(
        session, correction.actor, action, decision.member_id, what, after, correction.now
    )
