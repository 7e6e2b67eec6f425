"""A batch of notices takes the same number of statements, however many people are in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.sessions.notices.run import send_notices
from tests.bench.support.sql_counter import counted
from tests.sessions.environment import DATA, Union, times
from tests.sessions.notices.environment import add_members, notices

DAY = timedelta(days=1)


def statements(union: Union) -> int:
    with counted() as counts:
        send_notices(union.config, union.curricula, union.db, union.now)
    return counts["queries"]


@pytest.mark.parametrize("what", ["announcement", "reminder"])
def test_the_number_of_queries_does_not_grow(union: Union, what: str) -> None:
    counts = []
    for people in (2, 60):
        start = times("2027-05-17" if people == 60 else "2027-04-17")
        number = union.schedule(replace(DATA, times=start, seats_online=None))
        if what == "reminder":
            union.config = union.config.model_copy(
                update={"sessions": union.config.sessions.model_copy(update={"announce_days": 0})}
            )
            for each in range(people):
                union.register(number, union.person(f"P{people}x{each}"))
        else:
            names = [f"M{people}x{each}" for each in range(people)]
            add_members(union, names)
            for each in names:
                union.member(each, each)  # their person
        union.now = start.since - DAY
        before = len(notices(union))
        counts.append(statements(union))
        queued = len(notices(union)) - before
        assert queued == people if what == "reminder" else queued >= people
    assert counts[0] == counts[1] <= 30
