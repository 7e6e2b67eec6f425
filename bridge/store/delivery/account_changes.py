"""Queues deliveries again for members whose Moodle account is looked for or replaced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, update
from sqlalchemy.orm import Session

from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.kinds import DELIVERIES
from bridge.store.tables.accounts import MoodleDifference
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Award, Enrolment

ACCOUNT_DELIVERY_KINDS = [kind for kind, each in DELIVERIES.items() if each.changes_account]


def queue_account(session: Session, members: Collection[int], now: datetime) -> None:
    """Queue the account deliveries of these members. A worker that holds one loses its lease."""
    if not members:
        return
    deliveries.requeue(session, members, "account", now)
    deliveries.enqueue(session, [DeliveryRecord(m, "account", "", {}) for m in set(members)], now)


def queue_for_next_account(session: Session, members: Collection[int], now: datetime) -> None:
    """Queue everything their former account had again, for the account that is found next.

    Not what a withdrawn award gave, and not what a person took away in Moodle (see
    `MoodleDifference`): that account never gets it.
    """
    if not members:
        return
    withdrawn = exists().where(Award.id == Delivery.award_id, Award.withdrawn_at.is_not(None))
    listed = exists().where(MoodleDifference.delivery_id == Delivery.id)
    kinds = Delivery.kind.in_(ACCOUNT_DELIVERY_KINDS)
    conditions = (Delivery.member_id.in_(members), kinds, ~withdrawn, ~listed)
    queued = {"state": "owed", "reason": "", "attempts": 0, "next_try": now, "last_error": ""}
    done = update(Delivery).where(*conditions, Delivery.state == "done")
    session.execute(done.values(**queued, done_at=None))
    enrolments = update(Enrolment).where(Enrolment.member_id.in_(members))
    session.execute(enrolments.values(enrolled_at=None))
