"""Self-checks are marked the same for the same answer, and say why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.model import Answer, Question, Text
from bridge.curriculum.questions.marking import (
    MarkedQuestion,
    left_sides,
    mark,
    right_sides,
    shuffled,
)
from tests.web.sample_site import CHECK

ONE, MANY, TRUTH, WORD, SUM, PAIRS = CHECK.questions
SEED = "a-seed"


def said(marked: MarkedQuestion) -> list[tuple[str, str]]:
    return [(note.verdict, note.feedback.pick()) for note in marked.notes]


def test_one_choice() -> None:
    assert mark(ONE, ["0"], SEED).right
    wrong = mark(ONE, ["1"], SEED)
    assert not wrong.right
    assert said(wrong) == [("wrong", "Not that.")]
    assert [text.pick() for text in wrong.answer] == ["The first"]
    assert wrong.feedback.pick() == "Because it is so."


def test_one_choice_is_not_won_by_sending_all_of_them() -> None:
    assert not mark(ONE, ["1", "0"], SEED).right


@pytest.mark.parametrize(
    ("response", "right", "verdicts"),
    [
        (["0", "1"], True, ["right", "right"]),
        (["0"], False, ["right", "missed"]),
        (["0", "1", "2"], False, ["right", "right", "wrong"]),
        ([], False, ["missed", "missed"]),
    ],
)
def test_several_choices(response: list[str], right: bool, verdicts: list[str]) -> None:
    marked = mark(MANY, response, SEED)
    assert marked.right is right
    assert [note.verdict for note in marked.notes] == verdicts


def test_true_or_false() -> None:
    assert mark(TRUTH, ["true"], SEED).right
    assert said(mark(TRUTH, ["false"], SEED)) == [("wrong", "Look again.")]
    assert not mark(TRUTH, ["1"], SEED).answered


@pytest.mark.parametrize("typed", ["unit", " UNIT ", "Bargaining unit", "bargaining  UNIT"])
def test_a_word_whatever_its_case_and_blanks(typed: str) -> None:
    assert mark(WORD, [typed], SEED).right


def test_a_foreseen_wrong_word_is_explained() -> None:
    assert said(mark(WORD, ["Team"], SEED)) == [("wrong", "They negotiate.")]
    assert said(mark(WORD, ["unitx"], SEED)) == []


@pytest.mark.parametrize(
    ("pattern", "typed", "fits"),
    [
        ("*", "anything", True),
        ("a*", "b", False),
        ("*end", "the end", True),
        ("a*b*c", "a 1 b 2 c", True),
        ("a*b*c", "a c b", False),
        ("ab*bc", "abc", False),
        ("5\\*3", "5*3", True),
        ("5\\*3", "523", False),
        (".*", "x", False),
    ],
)
def test_stars(pattern: str, typed: str, fits: bool) -> None:
    question = Question("q", "short", Text(), answers=(Answer(Text((("en", pattern),))),))
    assert mark(question, [typed], SEED).right is fits


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("1800.5", True),
        ("1800,5", True),
        ("1,800.5", True),
        ("$1 800.50", True),
        ("1801", True),
        ("1801.01", False),
        ("", False),
        ("NaN", False),
        ("1e3", False),
        ("Infinity", False),
        ("9" * 100, False),
        ("١٨٠٠", False),
    ],
)
def test_numbers(typed: str, right: bool) -> None:
    assert mark(SUM, [typed], SEED).right is right


def test_pairs_in_the_order_they_are_shown() -> None:
    lefts = left_sides(PAIRS, SEED)
    assert sorted(lefts) == [0, 1]
    assert sorted(right_sides(PAIRS, SEED)) == [0, 1, 2]
    assert mark(PAIRS, [str(at) for at in lefts], SEED).right
    one = mark(PAIRS, [str(lefts[0]), "2"], SEED)
    assert [note.verdict for note in one.notes] == ["right", "wrong"]
    assert not mark(PAIRS, [], SEED).answered


def test_the_order_hangs_on_the_seed_alone() -> None:
    assert shuffled(8, "x") == shuffled(8, "x")
    assert sorted(shuffled(8, "y")) == list(range(8))
    assert len({tuple(shuffled(8, str(seed))) for seed in range(20)}) > 10


@given(st.sampled_from(CHECK.questions), st.lists(st.text(max_size=30), max_size=5), st.text())
def test_nothing_that_is_sent_makes_it_fail(
    question: Question, response: list[str], seed: str
) -> None:
    assert mark(question, response, seed) == mark(question, response, seed)
