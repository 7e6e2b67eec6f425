"""Marking, as Moodle's deferred feedback does it."""

from __future__ import annotations

import pytest

from bridge.moodle.sandbox.quiz.marking import mark, matches, order, right_answers, stems
from bridge.moodle.sandbox.quiz.question_types import Answer, BadQuestion, Definition, parse


def _short(*answers: Answer) -> Definition:
    return Definition("shortanswer", "n", "t", answers=answers)


@pytest.mark.parametrize(
    ("pattern", "given", "worth"),
    [
        ("Steward", "steward", 1),
        ("Steward", " steward ", 1),
        ("shop*", "Shop steward", 1),
        ("*steward", "the steward", 1),
        ("a.c", "abc", 0),
        (r"5 \* 2", "5 * 2", 1),
        (r"5 \* 2", "5 x 2", 0),
        ("steward", "", 0),
    ],
)
def test_short_answers(pattern: str, given: str, worth: float) -> None:
    assert mark(_short(Answer(pattern, 1.0)), "s", {"answer": given}) == worth


def test_the_first_short_answer_that_fits_counts() -> None:
    question = _short(Answer("right", 1.0), Answer("r*", 0.5), Answer("*", 0.0))
    assert mark(question, "s", {"answer": "right"}) == 1
    assert mark(question, "s", {"answer": "rather"}) == 0.5
    assert mark(question, "s", {"answer": "other"}) == 0


@pytest.mark.parametrize(
    ("given", "worth"),
    [("25", 1), ("25.5", 1), ("24,5", 1), ("25.51", 0), ("about 25", 0), ("", 0), ("1e9", 0)],
)
def test_numbers(given: str, worth: float) -> None:
    question = Definition("numerical", "n", "t", answers=(Answer("25", 1.0, tolerance=0.5),))
    assert mark(question, "s", {"answer": given}) == worth


def test_several_choices_never_below_nothing_nor_above_all() -> None:
    answers = (Answer("a", 0.5), Answer("b", 0.5), Answer("c", -1.0))
    question = Definition("multichoice", "n", "t", single=False, shuffle=False, answers=answers)
    worth = [
        mark(question, "s", {f"choice{i}": "1" for i in ticked})
        for ticked in ((0, 1), (0,), (0, 2), (2,), ())
    ]
    assert worth == [1, 0.5, 0, 0, 0]


def test_shuffling_is_stable_for_one_attempt() -> None:
    answers = tuple(Answer(str(n), float(n == 0)) for n in range(8))
    question = Definition("multichoice", "n", "t", answers=answers)
    assert order(question, "1:1") == order(question, "1:1")
    assert sorted(order(question, "1:1")) == list(range(8))
    assert len({tuple(order(question, f"{n}:1")) for n in range(20)}) > 10
    for seed in ("1:1", "2:1"):
        place = order(question, seed).index(0)
        assert mark(question, seed, {"answer": str(place)}) == 1


def test_matching() -> None:
    pairs = (("Ottawa", "Canada"), ("Paris", "France"), ("", "Spain"))
    answers = tuple(Answer(left, 1.0, match=right) for left, right in pairs)
    question = Definition("matching", "n", "t", answers=answers)
    offered, sides = matches(question, "s"), stems(question, "s")
    right = {f"sub{i}": str(offered.index(s.match) + 1) for i, s in enumerate(sides)}
    assert mark(question, "s", right) == 1
    assert mark(question, "s", right | {"sub0": "0"}) == 0.5
    assert sorted(right_answers(question)) == ["Ottawa → Canada", "Paris → France"]


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE quiz [<!ENTITY a "aaaa">]><quiz><question type="truefalse"/></quiz>',
        "<quiz><!ENTITY a 'b'></quiz>",
        "x" * 1_000_001,
    ],
)
def test_xml_that_is_refused_unread(xml: str) -> None:
    with pytest.raises(BadQuestion, match="document type"):
        parse(xml)
