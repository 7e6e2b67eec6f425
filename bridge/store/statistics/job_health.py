"""Whether the jobs achieve anything: what has failed for a while, and nothing since succeeded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bridge.store.delivery.kinds import EmailDeliveryKind, MoodleDeliveryKind
from bridge.store.operations import runs
from bridge.store.tables.delivery import Delivery, OutboxEmail
from bridge.store.tables.operations import Run

Problem = Literal["pull", "deliver", "email"]
PULL = "pull"


def problems(session: Session, since: datetime) -> list[Problem]:
    """Return what has failed since then without one success. Up to eight queries."""
    return list(_problems(session, since))


def _problems(session: Session, since: datetime) -> Iterator[Problem]:
    if _no_pull(session, since):
        yield "pull"
    if _only_failures(session, get_args(MoodleDeliveryKind), since):
        yield "deliver"
    if _only_failures(session, get_args(EmailDeliveryKind), since) or _outbox_fails(session, since):
        yield "email"


def _no_pull(session: Session, since: datetime) -> bool:
    last = runs.last_run(session, PULL, ok_only=True)
    if last is not None:
        return last.started_at < since
    return bool(session.scalar(select(exists().where(Run.kind == PULL, Run.started_at < since))))


def _only_failures(session: Session, kinds: tuple[str, ...], since: datetime) -> bool:
    failing = exists().where(
        Delivery.state == "owed", Delivery.kind.in_(kinds), Delivery.created_at < since,
        Delivery.reason.in_(("later", "configuration")),
    )  # fmt: skip
    done = exists().where(
        Delivery.state == "done", Delivery.kind.in_(kinds), Delivery.done_at >= since
    )
    return bool(session.scalar(select(failing))) and not session.scalar(select(done))


def _outbox_fails(session: Session, since: datetime) -> bool:
    failing = exists().where(
        OutboxEmail.state == "owed", OutboxEmail.created_at < since, OutboxEmail.attempts > 0
    )
    late = exists().where(OutboxEmail.reason == "late", OutboxEmail.expires_at >= since)
    done = exists().where(OutboxEmail.state == "done", OutboxEmail.done_at >= since)
    fails = session.scalar(select(failing)) or session.scalar(select(late))
    return bool(fails) and not session.scalar(select(done))
