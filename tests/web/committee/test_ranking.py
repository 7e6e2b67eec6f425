"""The ranking of quizzes by failure rate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.web.committee.statistics.ranking import rank_by_failure, wilson_lower_bound

Counts = tuple[int, int]


@pytest.mark.parametrize(
    ("missed", "of", "share"),
    [
        (0, 0, 0.0),
        (0, 50, 0.0),
        (1, 1, 0.2065),
        (5, 10, 0.2366),
        (40, 60, 0.5406),
        (10, 10, 0.7225),
    ],
)  # fmt: skip
def test_wilson_lower_bound(missed: int, of: int, share: float) -> None:
    """Values as Wilson's formula gives them by hand."""
    assert wilson_lower_bound(missed, of) == pytest.approx(share, abs=0.0005)


def test_one_of_one_does_not_rank_above_forty_of_sixty() -> None:
    counts = [(1, 1), (0, 9), (40, 60), (3, 4), (400, 1000)]
    assert rank_by_failure(counts, lambda each: each) == [
        (40, 60), (400, 1000), (3, 4), (1, 1), (0, 9),
    ]  # fmt: skip


def test_equal_items_keep_their_order() -> None:
    assert rank_by_failure("bac", lambda _: (1, 3)) == ["b", "a", "c"]


COUNTS = st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS)
def test_the_bound_is_between_zero_and_the_observed_rate(counts: Counts) -> None:
    missed, of = counts
    assert 0.0 <= wilson_lower_bound(missed, of) <= missed / of
    assert wilson_lower_bound(missed, of) <= wilson_lower_bound(min(missed + 1, of), of)


@given(COUNTS, st.integers(2, 20))
def test_more_cases_at_the_same_rate_raise_the_bound(counts: Counts, times: int) -> None:
    missed, of = counts
    assert wilson_lower_bound(missed * times, of * times) >= wilson_lower_bound(missed, of)
