"""Export questions as Moodle XML, in the format of Moodle's import (question/format/xml).

Texts become safe HTML, in multilang format if there are several languages. Short answers and the
right sides of pairs stay plain text, because Moodle compares or lists them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from bridge.curriculum.markdown import multilang, title_text, to_html, to_inline_html
from bridge.curriculum.model import NO_TEXT, Choice, Question, QuestionType, Quiz, Text, idnumber

HASH_LENGTH = 40

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOODLE_TYPES: dict[QuestionType, str] = {
    "one": "multichoice",
    "many": "multichoice",
    "true-false": "truefalse",
    "short": "shortanswer",
    "number": "numerical",
    "match": "matching",
}


def question_xml(curriculum_key: str, quiz_key: str, question: Question) -> str:
    """A Moodle XML document with one question. Its idnumber is `…:<quiz>.<question>`."""
    return _document([_question(curriculum_key, quiz_key, question)])


def quiz_xml(curriculum_key: str, quiz: Quiz) -> str:
    """A Moodle XML document with all questions of a quiz, in their own category.

    For manual import; `stewardpath apply` sends the questions one by one.
    """
    # A single slash separates categories; a doubled one is a slash.
    name = title_text(quiz.title).replace("/", "//")
    category = _element(
        "question",
        _element("category", _plain(f"$course$/top/{name}")),
        _element("idnumber", idnumber(curriculum_key, quiz.key)),
        type="category",
    )
    questions = (_question(curriculum_key, quiz.key, question) for question in quiz.questions)
    return _document([category, *questions])


def content_hash(curriculum_key: str, quiz_key: str, question: Question) -> str:
    """The first 40 hexadecimal digits of the SHA-256 of a question's XML document."""
    xml = question_xml(curriculum_key, quiz_key, question)
    return hashlib.sha256(xml.encode()).hexdigest()[:HASH_LENGTH]


def _question(curriculum_key: str, quiz_key: str, question: Question) -> str:
    key = f"{quiz_key}.{question.key}"
    return _element(
        "question",
        _element("name", _plain(key)),
        _html("questiontext", question.text),
        _html("generalfeedback", question.feedback),
        _element("defaultgrade", "1"),
        _element("penalty", "0.3333333"),
        _element("hidden", "0"),
        _element("idnumber", idnumber(curriculum_key, key)),
        *_BODIES[question.type](question),
        type=_MOODLE_TYPES[question.type],
    )


def _multichoice(question: Question) -> Iterable[str]:
    yield _element("single", "true" if question.type == "one" else "false")
    yield _element("shuffleanswers", "true")
    yield _element("answernumbering", "abc")
    yield _element("showstandardinstruction", "1")
    for choice in question.choices:
        text = _plain(multilang(choice.text, to_inline_html))
        yield _answer(_fraction(choice, question), text, choice.feedback, "html")


def _fraction(choice: Choice, question: Question) -> str:
    """The percentage of the grade that one choice gives or takes, as Moodle lists it.

    Each of n right choices gives 1/n, and each of m wrong choices takes away 1/m. So ticking
    everything earns nothing, and all right choices alone earn everything.
    Moodle's list (question_bank::fraction_options_full) has 1/1 to 1/10 with five decimals.
    """
    if question.type == "one":
        return "100" if choice.right else "0"
    alike = sum(1 for other in question.choices if other.right == choice.right)
    share = f"{100 / alike:.5f}".rstrip("0").rstrip(".")
    return share if choice.right else f"-{share}"


def _true_false(question: Question) -> Iterable[str]:
    for word, feedback in (("true", question.if_true), ("false", question.if_false)):
        right = question.correct == (word == "true")
        yield _answer("100" if right else "0", _plain(word), feedback, "moodle_auto_format")


def _short(question: Question) -> Iterable[str]:
    yield _element("usecase", "0")
    for answer in question.answers:
        # Moodle compares the typed text with one text, so each language is a separate answer.
        for text in dict.fromkeys(text for _, text in answer.text.translations if text):
            fraction = "100" if answer.right else "0"
            yield _answer(fraction, _plain(text), answer.feedback, "moodle_auto_format")


def _numerical(question: Question) -> Iterable[str]:
    tolerance = _element("tolerance", question.tolerance)
    number = _plain(question.number)
    yield _answer("100", number, NO_TEXT, "moodle_auto_format", tolerance)
    yield _element("unitgradingtype", "0")
    yield _element("unitpenalty", "0.1")
    yield _element("showunits", "3")
    yield _element("unitsleft", "0")


def _matching(question: Question) -> Iterable[str]:
    yield _element("shuffleanswers", "true")
    for pair in question.pairs:
        yield _element(
            "subquestion",
            _plain(multilang(pair.left, to_inline_html)),
            _element("answer", _plain(title_text(pair.right))),
            format="html",
        )


def _answer(fraction: str, text: str, feedback: Text, text_format: str, more: str = "") -> str:
    inside = text, _html("feedback", feedback), more
    return _element("answer", *inside, fraction=fraction, format=text_format)


def _html(name: str, text: Text) -> str:
    return _element(name, _plain(multilang(text, to_html)), format="html")


def _plain(text: str) -> str:
    return _element("text", _cdata(text))


def _element(name: str, *inside: str, **attributes: str) -> str:
    listed = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{listed}>{''.join(inside)}</{name}>"


def _cdata(text: str) -> str:
    """The text as one CDATA section, without characters that XML does not allow.

    Not escaped as entities: Moodle's parser (lib/xmlize.php) drops parts of a text that are only
    white space, such as the space between two entities in `&amp; &lt;`.
    """
    allowed = _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{allowed}]]>" if allowed else ""


def _document(questions: list[str]) -> str:
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *questions, "</quiz>", ""]
    )


_BODIES: dict[QuestionType, Callable[[Question], Iterable[str]]] = {
    "one": _multichoice,
    "many": _multichoice,
    "true-false": _true_false,
    "short": _short,
    "number": _numerical,
    "match": _matching,
}
