"""Questions are exported as Moodle XML that keeps every text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.curriculum.markdown import multilang, to_html, to_inline_html
from bridge.curriculum.model import Quiz, Text
from bridge.curriculum.moodle_xml import content_hash, question_xml, quiz_xml
from bridge.curriculum.question_types.choices import Choice
from bridge.curriculum.question_types.matching import Matching, Pair
from bridge.curriculum.question_types.multiple_choice import MultipleChoice
from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.short_answer import Answer, ShortAnswer
from bridge.curriculum.question_types.single_choice import SingleChoice
from bridge.curriculum.reader import read_text

from .sample_files import files

ACCEPTED = {0.9, 0.8333333, 0.8, 0.75, 0.7, 0.6666667, 0.6, 0.5, 0.4, 0.3333333, 0.3, 0.25, 0.2}
ACCEPTED |= {0.1666667, 0.1428571, 0.125, 0.1111111, 0.1, 0.05, 1.0}
"""question_bank::fraction_options_full of Moodle 4.5, without nought and signs."""


def english(text: str) -> Text:
    return Text((("en", text),))


def quiz() -> Quiz:
    curriculum = read_text(files()).curriculum
    assert curriculum is not None
    return next(curriculum.milestones[1].course.quizzes)


def parsed(question: Question) -> ElementTree.Element:
    root = ElementTree.fromstring(question_xml("small", "the-check", question))
    assert root.tag == "quiz"
    (element,) = root
    return element


def by_key(key: str) -> ElementTree.Element:
    return parsed(next(q for q in quiz().questions if q.key == key))


def answers(element: ElementTree.Element) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (a.get("fraction"), a.findtext("text"), a.findtext("feedback/text"))
        for a in element.findall("answer")
    ]


def test_every_question_has_the_common_elements() -> None:
    for question in quiz().questions:
        element = parsed(question)
        assert element.findtext("idnumber") == f"stewardpath:small:the-check.{question.key}"
        assert element.findtext("name/text") == f"the-check.{question.key}"
        assert element.findtext("questiontext/text") == to_html(question.text.pick())
        assert element.findtext("generalfeedback/text") == to_html(question.feedback.pick())
        for tag, value in {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0"}.items():
            assert element.findtext(tag) == value


def test_one_right_choice() -> None:
    element = by_key("single")
    assert (element.get("type"), element.findtext("single")) == ("multichoice", "true")
    assert element.findtext("shuffleanswers") == "true"
    assert answers(element) == [
        ("100", "Yes", "<p>Indeed.</p>"),
        ("0", "No", "<p>Look again.</p>"),
    ]


def test_several_right_choices_share_the_grade() -> None:
    element = by_key("several")
    assert (element.get("type"), element.findtext("single")) == ("multichoice", "false")
    assert [(f, t) for f, t, _ in answers(element)] == [("50", "A"), ("50", "B"), ("-100", "C")]


def test_true_false() -> None:
    element = by_key("statement")
    assert element.get("type") == "truefalse"
    assert answers(element) == [
        ("0", "true", "<p>It is not.</p>"),
        ("100", "false", "<p>Right.</p>"),
    ]


def test_short_answers() -> None:
    element = by_key("word")
    assert (element.get("type"), element.findtext("usecase")) == ("shortanswer", "0")
    assert answers(element) == [
        ("100", "steward", ""),
        ("100", "shop steward", ""),
        ("0", "boss", "<p>Hardly.</p>"),
    ]


def test_short_answers_in_two_languages_are_both_accepted() -> None:
    answer = Answer(Text((("en", "steward"), ("fr", "délégué"))))
    same = Answer(Text((("en", "comité"), ("fr", "comité"))))
    question = ShortAnswer("q", english("?"), answers=(answer, same))
    texts = [text for _, text, _ in answers(parsed(question))]
    assert texts == ["steward", "délégué", "comité"]


def test_number() -> None:
    element = by_key("days")
    assert element.get("type") == "numerical"
    assert answers(element) == [("100", "10", "")]
    assert element.findtext("answer/tolerance") == "0.5"


def test_pairs() -> None:
    element = by_key("pairs")
    assert element.get("type") == "matching"
    pairs = [(s.findtext("text"), s.findtext("answer/text")) for s in element.iter("subquestion")]
    assert pairs == [("Steward", "speaks"), ("Secretary", "records"), ("", "plays golf")]


@pytest.mark.parametrize("right", range(1, 11))
@pytest.mark.parametrize("wrong", [1, 3, 7, 10])
def test_fractions_are_accepted_by_moodle_and_add_up(right: int, wrong: int) -> None:
    choices = [Choice(english(f"r{n}"), True) for n in range(right)]
    choices += [Choice(english(f"w{n}"), False) for n in range(wrong)]
    question = MultipleChoice("q", english("?"), choices=tuple(choices))
    shares = [float(str(fraction)) / 100 for fraction, _, _ in answers(parsed(question))]
    assert all(min(abs(abs(s) - good) for good in ACCEPTED) < 0.00001 for s in shares)
    assert sum(s for s in shares if s > 0) == pytest.approx(1, abs=0.00001)
    assert sum(shares) == pytest.approx(0, abs=0.00001)


def test_a_quiz_in_one_file_has_a_category() -> None:
    root = ElementTree.fromstring(quiz_xml("small", quiz()))
    category, *questions = root
    assert category.get("type") == "category"
    assert category.findtext("category/text") == "$course$/top/Check what you know"
    assert category.findtext("idnumber") == "stewardpath:small:the-check"
    assert len(questions) == 6


def test_a_slash_in_a_title_does_not_create_a_category() -> None:
    root = ElementTree.fromstring(quiz_xml("small", Quiz("q", english("A/B"), ())))
    assert root.findtext("question/category/text") == "$course$/top/A//B"


def test_the_hash_depends_on_the_content_only() -> None:
    question = Number("q", english("How many?"), number="10")
    again = Number("q", english("How many?"), number="10", previously="p")
    other = Number("q", english("How many?"), number="11")
    first = content_hash("small", "quiz", question)
    assert len(first) == 40
    assert first == content_hash("small", "quiz", again)
    assert first != content_hash("small", "quiz", other)
    assert first != content_hash("small", "other", question)


AWKWARD = st.text(max_size=20) | st.sampled_from(
    [
        "]]>",
        "<![CDATA[",
        "& < > \" '",
        "&amp; &lt;",
        "</text>",
        "é ᐃᓄᒃ 🙂",
        "\x00\x0b\ufffe",
        "a\rb",
    ]
)
TEXTS = st.lists(AWKWARD, min_size=1, max_size=4).map(lambda parts: english(" ".join(parts)))
BILINGUAL = st.tuples(TEXTS, TEXTS).map(
    lambda both: Text((("en", both[0].pick()), ("fr", both[1].pick())))
)


def held(text: str) -> str:
    """What an XML document can hold of a text."""
    return "".join(c for c in text if c.isprintable() or c in "\t\n")


@settings(max_examples=150, deadline=None)
@given(TEXTS | BILINGUAL, TEXTS | BILINGUAL)
def test_every_text_survives_a_round_trip_through_xml(asked: Text, chosen: Text) -> None:
    choices = (Choice(chosen, True, asked), Choice(english("x"), False))
    element = parsed(SingleChoice("q", asked, asked, choices=choices))
    wanted = multilang(asked, to_html)
    for path in ("questiontext/text", "generalfeedback/text", "answer/feedback/text"):
        assert held(element.findtext(path) or "") == held(wanted)
    assert held(element.findtext("answer/text") or "") == held(multilang(chosen, to_inline_html))


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_plain_text_sides_survive_a_round_trip(left: Text, right: Text) -> None:
    question = ShortAnswer("q", left, answers=(Answer(right),))
    assert held(element_text(question)) == held(" ".join(right.pick().split()))
    assert parsed(Matching("q", left, pairs=(Pair(left, right),))).tag == "question"


def element_text(question: Question) -> str:
    return parsed(question).findtext("answer/text") or ""


def test_white_space_between_entities_stays_in_one_text() -> None:
    """Moodle's parser drops pieces of only white space: texts are CDATA, not entities."""
    question = SingleChoice("q", english("Q & < A"), choices=())
    assert "<![CDATA[<p>Q &amp; &lt; A</p>]]>" in question_xml("small", "quiz", question)
