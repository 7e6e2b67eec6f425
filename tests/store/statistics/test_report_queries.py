"""The queries of reports, on both databases, with a constant number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.signoffs import record_signoff
from bridge.store.statistics import coverage
from bridge.store.statistics.coverage import Group
from bridge.store.statistics.who_is_where import PlaceFilter, Reached, members_with_places
from tests.store.sample_members import NOW, add, many_members
from tests.support.query_lists import listed

GROUPS = (
    Group(("path", "first", ""), ("first", "old")),
    Group(("path", "first", "quiz:q"), ("first", "old"), activities=("q", "former")),
    Group(("path", "first", "signoff:s"), ("first", "old"), signoffs=("s",)),
)
POSITIONS = {("path", "first"): 1, ("path", "old"): 1, ("path", "second"): 2}


@pytest.fixture
def filled(db: Database, two_members: list[int]) -> list[int]:
    """Anna (north): former quiz, under a former key; Ben (east): signed off, and has earned it."""
    anna, ben = two_members
    with db.transaction() as session:
        request_enrolments(session, [(anna, "path", "old")], NOW)
        upsert_completions(session, [CompletionRecord(anna, "path", "former", True, 90.0, NOW)])
        record_signoff(session, ben, "path", "s", "Chair", "", "chair", NOW)
        grant(session, [AwardRecord(ben, "path", "first", "r", {}, NOW)])
        grant(session, [AwardRecord(ben, "path", "second", "r", {}, NOW + timedelta(days=1))])
    return two_members


def test_coverage_is_counted_in_one_query_and_saved(
    db: Database, filled: list[int], queries: list[str]
) -> None:
    queries.clear()
    with db.reading() as session:
        counted = coverage.count_coverage(session, GROUPS, NOW)
    assert len(queries) == 1, listed(queries)
    assert counted.people == {
        ("path", "first", ""): {"north": 1, "east": 1},
        ("path", "first", "quiz:q"): {"north": 1},
        ("path", "first", "signoff:s"): {"east": 1},
    }
    with db.transaction() as session:
        coverage.save_coverage(session, counted)
        older = coverage.CoverageCounts(NOW - timedelta(days=1), {})
        coverage.save_coverage(session, older)
        assert coverage.saved_coverage(session) == counted


@pytest.mark.parametrize("more", [0, 40])
def test_places_take_two_queries(
    db: Database, filled: list[int], queries: list[str], more: int
) -> None:
    with db.transaction() as session:
        add(session, many_members(more, 5000))
    queries.clear()
    with db.reading() as session:
        found = members_with_places(session, PlaceFilter(POSITIONS, NOW.date()), 100)
    assert len(queries) == 2, listed(queries)
    assert len(found) == more + 2
    assert found[0].reached == []
    assert found[1].reached == [Reached("path", "second", NOW + timedelta(days=1))]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"curriculum": "path", "milestones": ("second",)}, [1]),
        ({"curriculum": "path", "milestones": ("first",)}, []),
        ({"since": NOW + timedelta(days=1)}, [1]),
        ({"until": NOW + timedelta(days=1)}, []),
        ({"role": "steward"}, [1]),
        ({"regions": ["north"]}, [0]),
    ],
)
def test_the_filters_of_places(
    db: Database, filled: list[int], fields: dict[str, object], place: list[int]
) -> None:
    wanted = PlaceFilter(POSITIONS, NOW.date(), **fields)  # type: ignore[arg-type]
    with db.reading() as session:
        found = [each.id for each in members_with_places(session, wanted, 100)]
    assert found == [filled[each] for each in place]
