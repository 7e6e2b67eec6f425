"""The REST protocol without a network: parameters to form fields, answers to data or errors."""

from __future__ import annotations

from types import NoneType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import (
    MoodleError,
    MoodleUnavailable,
)
from bridge.moodle.client.protocol import count_fields, decode, encode, expect, redact
from bridge.moodle.schemas.companion import Saved
from tests.moodle.client.error_answers import FUNCTION, failure

names = st.text("abc_", min_size=1, max_size=3)
scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(names, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def as_php_value(value: object) -> object:
    """A value as PHP receives it."""
    if isinstance(value, dict):
        return {key: as_php_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_php_value(item) for item in value]
    return str(int(value)) if isinstance(value, bool) else str(value)


class TestEncode:
    def test_nested_values_become_php_fields(self):
        assert encode({"a": [{"b": 1, "c": "é"}, {"b": 2}], "d": {"e": 1.5}}) == [
            ("a[0][b]", "1"),
            ("a[0][c]", "é"),
            ("a[1][b]", "2"),
            ("d[e]", "1.5"),
        ]

    def test_booleans_are_0_and_1_and_an_empty_text_is_sent(self):
        assert encode({"yes": True, "no": False, "text": ""}) == [
            ("yes", "1"),
            ("no", "0"),
            ("text", ""),
        ]

    def test_none_and_empty_lists_are_omitted(self):
        assert encode({"a": None, "b": [], "c": {}, "d": {"e": None}, "f": {"g": []}}) == []

    @pytest.mark.parametrize("hole", [None, [], {}, {"a": None}])
    def test_none_in_a_list_is_refused(self, hole):
        with pytest.raises(ValueError, match=r"members\[1\] is empty"):
            encode({"members": ["a", hole, "c"]})

    @pytest.mark.parametrize("number", [float("nan"), float("inf")])
    def test_a_number_that_is_not_finite_is_refused(self, number):
        with pytest.raises(ValueError, match="grade is not a finite number"):
            encode({"grade": number})

    @given(st.dictionaries(names, values, max_size=4))
    def test_php_sees_what_was_php_value(self, php, params):
        assert php(encode(params)) == as_php_value(params)

    @given(st.dictionaries(names, values, max_size=4))
    def test_every_scalar_is_one_field(self, params):
        def leaves(value):
            if isinstance(value, dict | list):
                inner = value.values() if isinstance(value, dict) else value
                return sum(map(leaves, inner))
            return 1

        assert count_fields(params) == leaves(params)


class TestDecodeData:
    @pytest.mark.parametrize(
        ("body", "data"),
        [(b"null", None), (b"[]", []), (b'{"id": 1}', {"id": 1}), (b"true", True), (b'"x"', "x")],
    )
    def test_json_is_the_data(self, body, data):
        assert decode(200, {}, body, FUNCTION) == data

    @given(st.binary(), st.sampled_from([200, 302, 400, 403, 404, 413, 500, 503]))
    def test_any_bytes_are_data_or_a_typed_error(self, body, status):
        try:
            decode(status, {}, body, FUNCTION)
        except MoodleError as refusal:
            error = refusal
        else:
            return
        assert error.what
        assert error.todo


class TestExpect:
    def test_models_and_plain_types(self):
        saved = {"id": 3, "action": "created", "new": 1}
        assert expect(Saved, saved, FUNCTION) == Saved(id=3, action="created")
        assert expect(list[Saved], [saved], FUNCTION) == [Saved(id=3, action="created")]
        assert expect(NoneType, None, FUNCTION) is None

    @pytest.mark.parametrize("body", [b"NaN", b'{"grade": Infinity}', b"[-Infinity]"])
    def test_nan_and_infinity_are_refused(self, body):
        assert "not JSON" in failure(200, body).what

    @pytest.mark.parametrize(
        ("data", "place"),
        [
            ([], "the whole answer"),
            ({"id": "anna", "action": "created"}, "id"),
            ({"action": "created"}, "id"),
            ({"id": 1, "action": "anna"}, "action"),
        ],
    )
    def test_a_wrong_shape_names_the_field_and_not_the_value(self, data, place):
        with pytest.raises(MoodleUnavailable, match=f"unexpected answer: {place}") as caught:
            expect(Saved, data, FUNCTION)
        assert "anna" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_redact():
    assert redact(b"wstoken=abc&x=abc", "abc") == b"wstoken=***&x=***"
    assert redact(b"text", "") == b"text"
