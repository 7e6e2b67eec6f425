"""An error of one course or cohort, or a damaged payload, doesn't affect other deliveries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bridge.errors import MoodleMisconfigured, MoodleRefused, MoodleUnavailable
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import ClaimedDelivery, DeliveryRecord
from bridge.workflows.delivery.outcomes import Halt, Outcome
from bridge.workflows.delivery.targets import deliver_by_target
from tests.support.job_environment import JobEnvironment, people

ENROL = "enrol_manual_enrol_users"
COHORT = "core_cohort_add_cohort_members"
FIRST, SECOND = "stewardpath:path:first", "stewardpath:path:second"


def states(env: JobEnvironment, kind: str, target: str) -> set[tuple[str, str]]:
    sql = f"SELECT state, reason FROM delivery WHERE kind = '{kind}' AND target = '{target}'"
    return set(env.rows(sql))


def owed_in_both(env: JobEnvironment, kind: str, count: int) -> None:
    """Each of `count` members is owed the second milestone, and new ones the first."""
    env.sign_up(*people(count))
    env.deliver()
    sql = f"DELETE FROM delivery WHERE kind = '{kind}'"
    with env.database.transaction() as session:
        session.connection().exec_driver_sql(sql)
        members = range(1, count + 1)
        records = [
            DeliveryRecord(
                member, kind, f"stewardpath:path:{key}", {"curriculum": "path", "milestone": key}
            )
            for member in members
            for key in ("first", "second")
        ]
        deliveries.enqueue(session, records, env.time)


def break_first(env: JobEnvironment, kind: str, failure: str, code: str) -> None:
    course = env.site.one(f"SELECT id FROM course WHERE idnumber = '{FIRST}'")
    function = ENROL if kind == "enrol" else COHORT
    field = ("courseid", str(course)) if kind == "enrol" else ("value", FIRST)
    env.site.fail(failure, function, code=code, field=field)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["enrol", "cohort"])
@pytest.mark.parametrize(
    ("failure", "code", "reason"),
    [("exception", "wsnoinstance", "configuration"), ("error-500", "", "later")],
)
def test_an_error_of_one_target_stays_there(
    applied: JobEnvironment, kind: str, failure: str, code: str, reason: str
) -> None:
    owed_in_both(applied, kind, 4)
    break_first(applied, kind, failure, code)
    applied.deliver()
    assert states(applied, kind, FIRST) == {("owed", reason)}
    assert states(applied, kind, SECOND) == {("done", "")}


def damage(env: JobEnvironment, kind: str, members: Sequence[int], payload: bytes) -> None:
    with env.database.transaction() as session:
        for member in members:
            session.connection().exec_driver_sql(
                "UPDATE delivery SET payload = CAST(? AS TEXT) WHERE kind = ? AND member_id = ?",
                (payload, kind, member),
            )


@pytest.mark.parametrize("kind", ["enrol", "welcome"])
@pytest.mark.parametrize(
    "payload", [b"[]", b"{}", b"null", b'"ok"', b"3", b'{"curriculum": 5}', b"{", b'{"a": "\xff"}']
)
def test_damaged_payloads_fail_only_their_deliveries(
    applied: JobEnvironment, kind: str, payload: bytes
) -> None:
    applied.sign_up(*people(7))
    damage(applied, kind, (1, 2, 3, 4), payload)
    applied.deliver()
    sql = f"SELECT member_id, state, reason FROM delivery WHERE kind = '{kind}' ORDER BY 1"
    assert applied.rows(sql) == [
        *((member, "failed", "never") for member in (1, 2, 3, 4)),
        *((member, "done", "") for member in (5, 6, 7)),
    ]
    sql = f"SELECT payload, last_error FROM delivery WHERE kind = '{kind}' AND member_id = 1"
    ((kept, error),) = applied.rows(sql)
    assert "payload" in error
    if payload in (b"{", b'{"a": "\xff"}'):
        assert json.loads(kept) == {"unreadable": payload.decode("utf-8", "backslashreplace")}
    else:
        assert str(kept).encode() == payload


@pytest.mark.parametrize("payload", [b"[]", b"{", b"\xff"])
def test_accounts_and_notices_need_no_payload(applied: JobEnvironment, payload: bytes) -> None:
    applied.sign_up(*people(2))
    for kind in ("account", "notice"):
        damage(applied, kind, (1,), payload)
    applied.deliver()
    assert applied.states("account") == applied.states("notice") == {"done": 2}


def test_a_removed_curriculum_fails_only_its_enrolment(applied: JobEnvironment) -> None:
    applied.sign_up(*people(3))
    damage(applied, "enrol", (1,), b'{"curriculum": "gone", "milestone": "first"}')
    applied.deliver()
    sql = "SELECT member_id, state, reason FROM delivery WHERE kind = 'enrol' ORDER BY 1"
    assert applied.rows(sql) == [(1, "owed", "configuration"), (2, "done", ""), (3, "done", "")]


class FakeLookup:
    """Course N's deliveries have the target "N"."""

    def object_id(self, _kind: str, delivery: ClaimedDelivery) -> int:
        return int(delivery.target)


def claimed(course: int, attempts: int = 1) -> ClaimedDelivery:
    payload = {"curriculum": "path", "milestone": "first"}
    names = ("N1", "m@example.org", "Kim", "Example", "north", "en", 9)
    return ClaimedDelivery(course, 1, None, "enrol", str(course), payload, attempts, *names)


class TestSeveralBrokenTargets:
    def carry_out(self, group: list[ClaimedDelivery], error: Exception, broken: set[int]) -> Any:
        tried = []

        def enrol(course: int, group: Sequence[ClaimedDelivery]) -> Any:
            tried.append(course)
            if course in broken:
                raise error
            yield [Outcome(delivery, "done") for delivery in group]

        halted = False
        try:
            list(deliver_by_target(FakeLookup(), "course", group, enrol))  # type: ignore[arg-type]
        except Halt:
            halted = True
        return tried, halted

    def test_three_in_a_row_stop_the_kind(self) -> None:
        group = [claimed(course) for course in (1, 2, 3, 4)]
        error = MoodleMisconfigured("no")
        assert self.carry_out(group, error, {1, 2, 3}) == ([1, 2, 3], True)
        assert self.carry_out(group, error, {1, 2, 4}) == ([1, 2, 3, 4], False)

    def test_no_connection_stops_the_kind(self) -> None:
        group = [claimed(course) for course in (1, 2)]
        assert self.carry_out(group, MoodleUnavailable("no"), {1}) == ([1], True)

    def test_those_not_tried_come_first_the_next_time(self) -> None:
        group = [*(claimed(course, attempts=2) for course in (1, 2, 3)), claimed(4)]
        tried, halted = self.carry_out(group, MoodleMisconfigured("no"), {1, 2, 3})
        assert (tried, halted) == ([4, 1, 2, 3], True)

    def test_a_refusal_of_a_whole_course_fails_no_member(self) -> None:
        def enrol(_course: int, _group: Sequence[ClaimedDelivery]) -> Any:
            raise MoodleRefused("no", code="invalidparameter")
            yield

        parts = deliver_by_target(FakeLookup(), "course", [claimed(1)], enrol)  # type: ignore[arg-type]
        [outcome] = [each for part in parts for each in part]
        assert (outcome.resolution, outcome.tried) == ("later", True)
