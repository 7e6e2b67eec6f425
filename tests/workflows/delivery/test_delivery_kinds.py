"""Every declared kind of delivery has a handler, and something queues it."""

from __future__ import annotations

from typing import get_args

from bridge.store.delivery.kinds import DELIVERIES, EmailDeliveryKind, MoodleDeliveryKind
from tests.support.job_environment import JobEnvironment, person

QUEUED_ELSEWHERE = {"cohort-leave", "badge-revoke", "withdrawal", "profile"}
"""Kinds that neither signing up nor earning a milestone queues, each with its own test."""


def test_every_kind_is_queued_and_carried_out(applied: JobEnvironment) -> None:
    applied.sign_up(person(1))
    applied.deliver()
    applied.finish("N1", "check", 100.0)
    applied.pull()
    applied.advance_time()
    applied.deliver()
    kinds = {kind for (kind,) in applied.rows("SELECT DISTINCT kind FROM delivery")}
    never = DELIVERIES.keys() - kinds - QUEUED_ELSEWHERE
    assert not never, (
        f"nothing queues a delivery of {sorted(never)}: do it in bridge/workflows/awards.py or "
        "signup.py, or add the kind to QUEUED_ELSEWHERE in this file with a test of its own"
    )
    assert applied.states().keys() == {"done"}


def test_every_kind_has_a_handler_with_the_declared_batch(applied: JobEnvironment) -> None:
    carried_out = {each.kind: each for each in applied.delivery_kinds()}
    assert list(carried_out) == [*get_args(MoodleDeliveryKind), *get_args(EmailDeliveryKind)]
    for name, declared in DELIVERIES.items():
        assert carried_out[name].batch == declared.batch
        assert carried_out[name].needs_account == declared.needs_account
        assert carried_out[name].needs_payload == declared.needs_payload
