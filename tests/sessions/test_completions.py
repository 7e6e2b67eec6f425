"""How often someone has completed a topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bridge.curriculum.topics import Topic, TopicPart
from bridge.sessions.earning.completions import Attended, completions
from tests.support.sample_curricula import text

PARTS = (TopicPart("one", text("First")), TopicPart("two", text("Second"), previously="second"))
SERIES = Topic("series", text("A series"), parts=PARTS)
SINGLE = Topic("single", text("Once"))


def attended(*sessions: tuple[int, str]) -> list[Attended]:
    """Sessions by their number and part; the number is the day too."""
    return [Attended(number, part, date(2027, 3, number)) for number, part in sessions]


@pytest.mark.parametrize(
    ("topic", "sessions", "expected"),
    [
        (SINGLE, [(1, ""), (4, "")], [((1,), 1), ((4,), 4)]),
        (SINGLE, [], []),
        (replace(SINGLE, credit="none"), [(1, "")], []),
        (SERIES, [(1, "one")], []),
        (SERIES, [(1, "one"), (2, "two")], [((1, 2), 2)]),
        (SERIES, [(2, "one"), (1, "two")], [((1, 2), 2)]),
        (SERIES, [(1, "one"), (2, "second")], [((1, 2), 2)]),
        (SERIES, [(1, "one"), (2, "two"), (3, "one")], [((1, 2), 2)]),
        (SERIES, [(1, "one"), (2, "one"), (3, "two"), (9, "two")], [((1, 3), 3), ((2, 9), 9)]),
        (SERIES, [(1, "one"), (2, "gone")], []),
        (replace(SERIES, credit="any-part"), [(2, "two"), (1, "one")], [((1,), 1), ((2,), 2)]),
        (replace(SERIES, credit="none"), [(1, "one"), (2, "two")], []),
        (replace(SERIES, parts=()), [(1, "one"), (2, "two")], [((1,), 1), ((2,), 2)]),
    ],
)
def test_completions(
    topic: Topic, sessions: list[tuple[int, str]], expected: list[tuple[tuple[int, ...], int]]
) -> None:
    found = completions(topic, attended(*sessions))
    assert found == [(ids, date(2027, 3, day)) for ids, day in expected]
