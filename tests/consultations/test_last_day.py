"""The reminder before the last day, and the end of the answers."""

from __future__ import annotations

import pytest

from bridge.consultations import opening
from bridge.consultations.feature import CONSULTATIONS
from bridge.consultations.office import find
from bridge.consultations.rules import Answer
from bridge.foundations.deadlines.runner import run_due
from bridge.store.persons import mailings
from tests.consultations.environment import CLOSES, EXPECTATION, ZONE, Consultations


@pytest.fixture
def number(consultations: Consultations) -> int:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann", "bob", "cy")
    consultations.invite(number, consultations.group(number, "Press", "informed"), "ida")
    return number


def run(consultations: Consultations) -> None:
    kinds = CONSULTATIONS.deadlines(consultations.config, consultations.shelf)
    run_due(consultations.database, kinds, (), owner="test", clock=consultations.clock)


def state(consultations: Consultations, number: int) -> str:
    with consultations.database.reading() as session:
        row = find(session, number)
        assert row is not None
        return row.state


def test_only_those_who_have_not_sent_answers_are_reminded_once(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", Answer(EXPECTATION, "keep"))
    consultations.answer(number, "bob", Answer(EXPECTATION, "keep"), send=False)
    run(consultations)
    assert consultations.emails("consultation-reminder") == []
    consultations.clock.forward(days=16, hours=9, minutes=30)
    run(consultations)
    run(consultations)
    reminded = consultations.emails("consultation-reminder")
    assert [each.email.split("@")[0] for each in reminded] == ["bob", "cy"]
    assert [each.payload["started"] for each in reminded] == ["yes", ""]


def test_it_closes_on_its_last_day(consultations: Consultations, number: int) -> None:
    consultations.clock.forward(days=19)
    run(consultations)
    assert state(consultations, number) == "open"
    consultations.clock.forward(hours=9, minutes=30)
    run(consultations)
    assert state(consultations, number) == "closed"


def test_a_later_end_moves_both(consultations: Consultations, number: int) -> None:
    with consultations.database.transaction() as session:
        later = CLOSES.replace(day=30)
        opening.change(session, consultations.office, number, "Title", "", later, ZONE, 1)
    consultations.clock.forward(days=20)
    run(consultations)
    assert state(consultations, number) == "open"
    assert consultations.emails("consultation-reminder") == []


def test_who_has_unsubscribed_gets_no_reminder(consultations: Consultations, number: int) -> None:
    with consultations.database.transaction() as session:
        ann = consultations.place(session, number, "ann").invitation.person_id
        found = mailings.subscribe(session, ann, "consultation-reminders", consultations.clock())
        mailings.set_active(session, found.token, False, consultations.clock())
    consultations.clock.forward(days=16, hours=9, minutes=30)
    run(consultations)
    reminded = consultations.emails("consultation-reminder")
    assert [each.email.split("@")[0] for each in reminded] == ["bob", "cy"]
