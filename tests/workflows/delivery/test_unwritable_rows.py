"""An outcome that can't be recorded doesn't affect other deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bridge.errors import MemberError
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.members.queries import set_moodle_users
from bridge.workflows.delivery.dispatcher import (
    DeliveryKind,
    Outcome,
    deliver,
)
from tests.support.job_environment import JobEnvironment
from tests.support.job_environment import people as persons
from tests.workflows.delivery.test_delivery_isolation import error_of, settled


class TestUnwritableRows:
    @pytest.mark.parametrize("user", [2**70, 10**30])
    def test_an_id_too_large_for_its_column(self, env: JobEnvironment, user: int) -> None:
        """A row that can't be written fails only its delivery."""
        env.sign_up(*persons(5))

        def link(session: Any, outcomes: Sequence[Outcome], _now: Any) -> Any:
            set_moodle_users(session, {each.delivery.member_id: each.user for each in outcomes})
            return {}

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [
                Outcome(d, "done", user=user if d.member_id == 2 else d.member_id, on_settle=link)
                for d in claimed
            ]

        line = DeliveryKind("account", handle, needs_account=False, batch=5)
        deliver(env.database, [line], owner="one", clock=env.clock)
        found = settled(env, "account")
        assert found.pop("N2") == ("owed", "later", 1)
        assert {each[0] for each in found.values()} == {"done"}

    def test_what_cannot_be_recorded_is_never_a_refusal(self, env: JobEnvironment) -> None:
        """An error of the record says nothing about what Moodle did."""
        env.sign_up(*persons(2))

        def refuse(_session: Any, _outcomes: Sequence[Outcome], _now: Any) -> Any:
            raise MemberError("the member is not stored.")

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [Outcome(each, "done", on_settle=refuse) for each in claimed]

        line = DeliveryKind("notice", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert set(settled(env, "notice").values()) == {("owed", "later", 1)}

    def test_an_error_text_that_the_database_rejects(self, env: JobEnvironment) -> None:
        env.sign_up(*persons(2))

        def handle(claimed: Sequence[ClaimedDelivery]) -> Any:
            yield [Outcome(each, "never", "half \ud800 a\0 character") for each in claimed]

        line = DeliveryKind("notice", handle, needs_account=False, batch=2)
        deliver(env.database, [line], owner="one", clock=env.clock)
        assert env.states("notice") == {"failed": 2}

    @pytest.mark.parametrize("payload", ["{", "[]", "3"])
    def test_an_unreadable_payload_fails_only_its_delivery(
        self, applied: JobEnvironment, payload: str
    ) -> None:
        applied.sign_up(*persons(4))
        with applied.database.transaction() as session:
            session.connection().exec_driver_sql(
                "UPDATE delivery SET payload = ? WHERE member_id = 2", (payload,)
            )
        applied.deliver()
        assert settled(applied, "enrol")["N2"][0] != "done"
        assert error_of(applied, "N2", "enrol")
        for kind in ("account", "enrol", "welcome"):
            found = settled(applied, kind)
            found.pop("N2")
            assert {each[0] for each in found.values()} == {"done"}
