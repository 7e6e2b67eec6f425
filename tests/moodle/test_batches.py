"""Batches that fit, and batches that are halved until the bad record is alone."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, log2
from types import NoneType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import MoodleError, MoodleMisconfigured, MoodleRefused, MoodleUnavailable
from bridge.moodle.batches import HEADROOM, call_split, in_batches
from bridge.moodle.protocol import count_fields


def as_params(size):
    """An item of `size` form fields."""
    return {"users": [{f"field{place}": place for place in range(size)}]}


class TestInBatches:
    @given(st.lists(st.integers(1, 12)), st.integers(25, 60), st.integers(1, 10))
    def test_nothing_is_lost_and_every_batch_fits(self, sizes, max_fields, max_items):
        batches = list(in_batches(sizes, as_params, max_fields=max_fields, max_items=max_items))
        assert [size for batch in batches for size in batch] == sizes
        for batch in batches:
            assert 1 <= len(batch) <= max_items
            assert sum(batch) <= max_fields - HEADROOM or len(batch) == 1

    @given(st.lists(st.integers(1, 12), min_size=1), st.integers(40, 60))
    def test_no_batch_could_take_the_next_item(self, sizes, max_fields):
        batches = list(in_batches(sizes, as_params, max_fields=max_fields))
        for batch, following in pairwise(batches):
            assert sum(batch) + following[0] > max_fields - HEADROOM

    def test_php_drops_what_is_too_much_and_batches_lose_nothing(self, server, moodle, php):
        users = [{"username": f"u{n}", "email": f"u{n}@example.org"} for n in range(900)]

        def received():
            arrays = [php(request.fields) for request in server.requests]
            return [user for array in arrays for user in array["users"]]

        server.will(server.answers(None))
        moodle.call("core_user_create_users", {"users": users}, NoneType)
        assert len(received()) < len(users), "the server does not behave like PHP"
        server.requests.clear()
        for batch in in_batches(users, lambda user: {"users": [user]}, max_fields=1000):
            moodle.call("core_user_create_users", {"users": batch}, NoneType)
        assert received() == users
        assert len(server.requests) == 2

    def test_counting_is_what_encoding_sends(self):
        assert count_fields(as_params(9)) == 9


class TestCallSplit:
    @given(st.integers(0, 64).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n)))))
    def test_exactly_the_bad_records_are_isolated_within_the_bound(self, drawn):
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
            (server.refuses("invalidparameter") if bad else server.answers([{"id": 1}]))(handler)

        server.will(behave)
        split = call_split(
            lambda names: moodle.call("core_user_create_users", {"users": names}, list[object]),
            ["a", "b", "bad", "c"],
        )
        assert split.done == ["a", "b", "c"]
        assert [(item, error.code) for item, error in split.bad] == [("bad", "invalidparameter")]
        assert split.calls == len(server.requests) == 5

    @pytest.mark.parametrize("error", [MoodleUnavailable("Gone."), MoodleMisconfigured("No.")])
    def test_halving_cannot_cure_the_site(self, error):
        calls = []

        def call(batch):
            calls.append(batch)
            raise error

        with pytest.raises(MoodleError) as caught:
            call_split(call, [1, 2, 3])
        assert caught.value is error
        assert calls == [[1, 2, 3]]

    def test_nothing_to_do_is_no_call(self):
        assert call_split(lambda batch: batch, []).calls == 0
