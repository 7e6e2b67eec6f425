"""How parameters are read: as PHP reads them, then as Moodle checks them."""

from __future__ import annotations

import pytest

from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import ListOf, Nullable, Shape, check, unflatten


def test_structures() -> None:
    pairs = [("a[0][b]", "1"), ("a[0][c]", ""), ("a[1][b]", "2"), ("d", "x"), ("e[]", "y")]
    assert unflatten(pairs) == {
        "a": {"0": {"b": "1", "c": ""}, "1": {"b": "2"}},
        "d": "x",
        "e": {"0": "y"},
    }


def test_the_last_of_two_counts() -> None:
    assert unflatten([("a", "1"), ("a", "2")]) == {"a": "2"}


def test_values_and_defaults() -> None:
    shape: dict[str, Shape] = {
        "i": "int",
        "b": "bool",
        "f": "float",
        "m": ListOf("int"),
        "o": Nullable("int"),
        "d": Nullable("raw", "x"),
    }
    raw = unflatten([("i", "-3"), ("b", "1"), ("f", "2.5"), ("m[0]", "1"), ("m[7]", "2")])
    args = check(shape, raw)
    assert (args.int("i"), args.flag("b"), args.float("f")) == (-3, True, 2.5)
    assert args.ints("m") == [1, 2]
    assert "o" not in args
    assert args.text("d") == "x"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", "1.5"),
        ("int", ""),
        ("bool", "true"),
        ("float", "much"),
        ("text", "<b>x</b>"),
        ("notags", '<span lang="en">x</span>'),
        ("username", "Ada"),
        ("email", "ada"),
        ("alpha", "a1"),
        ("alphanumext", "a b"),
        ("cleanhtml", "<!-- x -->"),
        ("cleanhtml", '<p onclick="x">y</p>'),
    ],
)
def test_a_wrong_value(kind: Shape, value: str) -> None:
    with pytest.raises(MoodleException, match="Invalid parameter value detected"):
        check({"a": kind}, {"a": value})


@pytest.mark.parametrize("raw", [{}, {"a": "1", "b": "2"}, {"a": {"0": "1"}}])
def test_a_wrong_structure(raw: dict[str, str | dict[str, str]]) -> None:
    with pytest.raises(MoodleException):
        check({"a": "int"}, dict(raw))
