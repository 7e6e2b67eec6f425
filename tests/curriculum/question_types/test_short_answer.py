"""`short`: a word or a few words that the member types."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bridge.curriculum.moodle_xml import question_xml
from bridge.curriculum.question_types.question import Marking
from bridge.curriculum.question_types.short_answer import Answer, ShortAnswer
from tests.support.sample_curricula import text

SEED = "a-seed"
QUESTION = ShortAnswer(
    "word",
    text("The word?"),
    answers=(
        Answer(text("unit")),
        Answer(text("bargaining*unit")),
        Answer(text("team"), False, text("They negotiate.")),
    ),
)


def said(marking: Marking) -> list[tuple[str, str]]:
    return [(note.verdict, note.feedback.pick()) for note in marking.notes]


def of(*answers: Answer) -> ShortAnswer:
    return ShortAnswer("q", text("?"), answers=answers)


@pytest.mark.parametrize("typed", ["unit", " UNIT ", "Bargaining unit", "bargaining  unit"])
def test_case_and_blanks_do_not_matter(typed: str) -> None:
    assert QUESTION.mark([typed], SEED).right


def test_an_expected_wrong_word_is_explained() -> None:
    assert said(QUESTION.mark(["Team"], SEED)) == [("wrong", "They negotiate.")]
    assert said(QUESTION.mark(["unitx"], SEED)) == []


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
    marking = of(Answer(text(pattern))).mark([typed], SEED)
    assert marking.right is fits


@pytest.mark.parametrize(
    ("pattern", "typed", "fits"),
    [
        ("Steward", "steward", True),
        ("Steward", " steward ", True),
        ("shop steward", "shop  steward", False),
        ("shop*", "Shop steward", True),
        ("*steward", "the steward", True),
        ("a.c", "abc", False),
        (r"5 \* 2", "5 * 2", True),
        (r"5 \* 2", "5 x 2", False),
        ("steward", "", False),
    ],
)
def test_only_case_is_ignored(pattern: str, typed: str, fits: bool) -> None:
    marking = of(Answer(text(pattern))).mark([typed], SEED)
    assert marking.right is fits


def test_the_first_answer_that_fits_counts() -> None:
    shares = (("right", 1.0), ("r*", 0.5), ("*", 0.0))
    question = of(*(Answer(text(each), share > 0, share=share) for each, share in shares))
    given = [question.mark([word], SEED) for word in ("right", "rather", "other")]
    assert [marking.fraction for marking in given] == [1, 0.5, 0]
    assert [answer.pick() for answer in question.right_answers] == ["right"]


@pytest.mark.parametrize(("pattern", "response"), [("*grievance*", "grievance"), (r"5\*3", "5*3")])
def test_a_right_response_fits_the_pattern(pattern: str, response: str) -> None:
    assert of(Answer(text(pattern))).right_response(SEED) == [response]


def test_a_right_answer_in_moodle_is_shown_once_not_with_each_apostrophe() -> None:
    exported = question_xml("c", "q", of(Answer(text("l'aide")), Answer(text("the aid"))))
    read = ShortAnswer.from_moodle_xml(ElementTree.fromstring(exported)[0])
    assert [each.text.pick() for each in read.answers] == ["l'aide", "l’aide", "the aid"]
    assert [each.pick() for each in read.right_answers] == ["l'aide", "the aid"]
