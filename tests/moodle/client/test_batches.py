"""Batches that fit the limit, and batches that are halved to isolate a bad record."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, log2
from types import NoneType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import (
    MoodleError,
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.batches import (
    HEADROOM,
    MAX_SITE_ERRORS,
    LookupResult,
    call_split,
    in_batches,
)
from bridge.moodle.client.protocol import count_fields


def as_params(size):
    """An item of `size` form fields."""
    return {"users": [{f"field{place}": place for place in range(size)}]}


class TestInBatches:
    @given(st.lists(st.integers(1, 12)), st.integers(25, 60), st.integers(1, 10))
    def test_every_item_is_in_a_batch_and_every_batch_fits(self, sizes, max_fields, max_items):
        batches = list(in_batches(sizes, as_params, max_fields=max_fields, max_items=max_items))
        assert [size for batch in batches for size in batch] == sizes
        for batch in batches:
            assert 1 <= len(batch) <= max_items
            assert sum(batch) <= max_fields - HEADROOM or len(batch) == 1

    @given(st.lists(st.integers(1, 12), min_size=1), st.integers(40, 60))
    def test_batches_are_as_large_as_possible(self, sizes, max_fields):
        batches = list(in_batches(sizes, as_params, max_fields=max_fields))
        for batch, following in pairwise(batches):
            assert sum(batch) + following[0] > max_fields - HEADROOM

    def test_no_field_is_dropped_by_php(self, server, moodle, php):
        users = [{"username": f"u{n}", "email": f"u{n}@example.org"} for n in range(900)]

        def received():
            arrays = [php(request.fields) for request in server.requests]
            return [user for array in arrays for user in array["users"]]

        server.respond_with(server.json_response(None))
        moodle.call("core_user_create_users", {"users": users}, NoneType)
        assert len(received()) < len(users), "the server does not behave like PHP"
        server.requests.clear()
        for batch in in_batches(users, lambda user: {"users": [user]}, max_fields=1000):
            moodle.call("core_user_create_users", {"users": batch}, NoneType)
        assert received() == users
        assert len(server.requests) == 2

    def test_count_fields_matches_encode(self):
        assert count_fields(as_params(9)) == 9


class TestCallSplit:
    @given(st.integers(0, 64).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n)))))
    def test_exactly_the_bad_records_are_isolated_within_the_maximum_of_calls(self, drawn):
        size, bad = drawn[0], {item for item in drawn[1] if item < drawn[0]}
        written = []

        def call(batch):
            if bad.intersection(batch):
                raise MoodleRefused("Invalid parameter value detected", code="invalidparameter")
            written.extend(batch)
            return len(batch)

        split = call_split(call, range(size))
        assert [item for item, _ in split.bad] == sorted(bad)
        assert split.done == written == [item for item in range(size) if item not in bad]
        assert sum(split.answers) == len(written)
        assert split.calls <= 2 * len(bad) * ceil(log2(max(size, 1)) or 1) + 1
        assert split.calls <= max(0, 2 * size - 1)

    def test_over_http(self, server, moodle):
        def behave(handler):
            bad = any(value == "bad" for _, value in handler.fields)
            (server.moodle_error("invalidparameter") if bad else server.json_response([{"id": 1}]))(
                handler
            )

        server.respond_with(behave)
        split = call_split(
            lambda names: moodle.call("core_user_create_users", {"users": names}, list[object]),
            ["a", "b", "bad", "c"],
        )
        assert split.done == ["a", "b", "c"]
        assert [(item, error.code) for item, error in split.bad] == [("bad", "invalidparameter")]
        assert split.calls == len(server.requests) == 5

    @pytest.mark.parametrize(
        "error",
        [
            MoodleUnavailable("Gone."),
            MoodleMaintenance("Closed."),
            MoodleOutcomeUnknown("No answer in time."),
            MoodleMisconfigured("No."),
        ],
    )
    def test_an_error_that_halving_cannot_fix_is_raised(self, error):
        calls = []

        def call(batch):
            calls.append(batch)
            raise error

        with pytest.raises(MoodleError) as caught:
            call_split(call, [1, 2, 3])
        assert caught.value is error
        assert calls == [[1, 2, 3]]

    def test_no_items_make_no_call(self):
        assert call_split(lambda batch: batch, []).calls == 0


def crash(_item=None):
    return MoodleOutcomeUnknown("HTTP 500", divisible=True)


def failing(errors):
    """A function that does all or nothing: the first item with an error fails the whole call."""
    written = []

    def call(batch):
        for item in batch:
            if item in errors:
                raise errors[item]
        written.extend(batch)
        return list(batch)

    return call, written


class TestErrorsOfTheSite:
    @pytest.mark.parametrize("size", [2, 20, 250])
    def test_one_record_that_crashes_moodle_does_not_stop_the_others(self, size):
        call, written = failing({7 % size: crash()})
        split = call_split(call, range(size))
        assert [item for item, _ in split.unknown] == [7 % size]
        assert written == split.done == [item for item in range(size) if item != 7 % size]
        assert not split.bad
        assert not split.untried
        assert split.calls <= 2 * ceil(log2(size)) + 1

    @pytest.mark.parametrize(("size", "calls"), [(1, 1), (2, 3), (20, 8), (250, 11), (500, 12)])
    def test_a_broken_site_gets_only_a_few_calls(self, size, calls):
        call, _ = failing(dict.fromkeys(range(size), crash()))
        split = call_split(call, range(size))
        assert split.calls == calls <= ceil(log2(size) or 1) + 2 * MAX_SITE_ERRORS
        assert len(split.unknown) == min(size, MAX_SITE_ERRORS)
        assert len(split.unknown) + len(split.untried) == size
        assert bool(split.gave_up) == (size >= MAX_SITE_ERRORS)
        assert not split.bad, "the site's errors are no member's"

    def test_a_site_that_fails_in_between(self):
        call, written = failing(dict.fromkeys(range(125, 250), crash()))
        split = call_split(call, range(250))
        assert written == split.done == list(range(125))
        assert len(split.unknown) == MAX_SITE_ERRORS
        assert split.calls <= 2 + ceil(log2(250)) + 2 * MAX_SITE_ERRORS

    def test_bad_and_broken_records_at_once(self):
        call, written = failing({3: MoodleRefused("no", code="x"), 5: crash(), 40: crash()})
        split = call_split(call, range(60))
        assert [item for item, _ in split.bad] == [3]
        assert [item for item, _ in split.unknown] == [5, 40]
        assert sorted([*written, 3, 5, 40]) == list(range(60))

    def test_items_done_before_the_site_went_away_are_reported(self):
        calls = []

        def call(batch):
            calls.append(batch)
            if len(calls) == 1:
                raise crash()
            if len(calls) == 3:
                raise MoodleMaintenance("Closed.")
            return list(batch)

        split = call_split(call, [1, 2, 3, 4])
        assert (split.done, split.untried) == ([1, 2], [3, 4])
        assert isinstance(split.gave_up, MoodleMaintenance)

    def test_a_call_with_an_unknown_outcome_is_not_untried(self):
        calls = []

        def call(batch):
            calls.append(batch)
            raise crash() if len(calls) == 1 else MoodleOutcomeUnknown("No answer in time.")

        split = call_split(call, [1, 2, 3, 4])
        assert [item for item, _ in split.unknown] == [1, 2]
        assert split.untried == [3, 4]

    @given(
        st.lists(st.sampled_from(["good", "bad", "broken"]), max_size=40),
        st.booleans(),
    )
    def test_every_item_has_exactly_one_result(self, kinds, looking):
        errors = {"bad": MoodleRefused("no"), "broken": crash()}
        faults = {n: errors[kind] for n, kind in enumerate(kinds) if kind in errors}
        call, written = failing(faults)

        def look(batch):
            there = [item for item in batch if item in written]
            return LookupResult(there, there, [item for item in batch if item not in written])

        items = list(range(len(kinds)))
        split = call_split(call, items, look=look if looking else None)
        unknown, bad = [item for item, _ in split.unknown], [item for item, _ in split.bad]
        assert sorted([*split.done, *bad, *unknown, *split.untried]) == items
        assert split.done == written
        assert all(kinds[item] == "bad" for item in bad)
        assert all(kinds[item] == "broken" for item in unknown)


class TestLookup:
    """Functions that must not be retried without a lookup."""

    def test_items_created_by_a_lost_answer_are_not_created_again(self):
        written = []

        def call(batch):
            if set(batch) & set(written):
                raise MoodleRefused("Username already exists")
            written.extend(batch)
            if len(written) == len(batch):
                raise crash()
            return list(batch)

        def look(batch):
            there = [item for item in batch if item in written]
            return LookupResult(there, there, [item for item in batch if item not in written])

        split = call_split(call, range(250), look=look)
        assert split.done == written == list(range(250))
        assert split.calls == 2
        assert not split.bad

    def test_nothing_is_retried_while_the_lookup_fails(self):
        calls = []

        def call(batch):
            calls.append(batch)
            raise crash()

        def look(_batch):
            raise MoodleUnavailable("Gone.")

        split = call_split(call, [1, 2, 3], look=look)
        assert calls == [[1, 2, 3]]
        assert [item for item, _ in split.unknown] == [1, 2, 3]
        assert str(split.gave_up) == "Gone."

    def test_an_item_that_is_neither_there_nor_missing_keeps_its_error(self):
        def call(batch):
            raise MoodleRefused("no", code="x")

        split = call_split(call, [1], look=lambda _batch: LookupResult([], None, []))
        assert [(item, error.code) for item, error in split.bad] == [(1, "x")]

    @pytest.mark.parametrize(("size", "calls"), [(20, 17), (250, 26)])
    def test_the_number_of_lookups(self, size, calls):
        """One record crashes PHP: one lookup after each failed call."""
        call, written = failing({size - 1: crash()})

        def look(batch):
            return LookupResult([], [], list(batch))

        split = call_split(call, range(size), look=look)
        assert len(written) == size - 1
        assert split.calls == calls
