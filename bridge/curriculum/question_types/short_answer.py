"""`short`: a word or a few words that the member types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition
from bridge.curriculum.problems import Report
from bridge.curriculum.question_types.checks import text_of
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
    Question,
    Response,
    ResponseNote,
    shared_values,
)
from bridge.curriculum.question_types.responses import TRIMMED, typed
from bridge.curriculum.question_types.typed_answers.answer_checks import check_listed_answers
from bridge.curriculum.question_types.typed_answers.listed_answers import ListedAnswer
from bridge.curriculum.question_types.typed_answers.wildcards import (
    matches,
    spellings,
    with_straight_apostrophes,
    without_stars,
)
from bridge.curriculum.question_types.xml_reading import (
    html_text,
    require_right_answer,
    share,
    shared_from_xml,
)
from bridge.curriculum.question_types.xml_writing import PLAIN_FORMAT, answer, element
from bridge.curriculum.text import NO_TEXT, Text
from bridge.curriculum.value_types import (
    FEEDBACK,
    ILLUSTRATED,
    PLAIN,
    Field,
    ListOf,
    OneOf,
    Record,
    optional,
)
from bridge.messages import Message

RIGHT_ANSWER = Record(
    "right-answer",
    "An accepted answer.",
    (
        Field("right", PLAIN, "An accepted answer."),
        optional("feedback", ILLUSTRATED, FEEDBACK),
    ),
)
WRONG_ANSWER = Record(
    "wrong-answer",
    "A wrong answer that you expect, with its explanation.",
    (
        Field("wrong", PLAIN, "A wrong answer that you expect."),
        optional("feedback", ILLUSTRATED, FEEDBACK),
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted (or expected wrong) answer; `*` is a wildcard and `\\*` a star.

    `share`: its part of the mark in Moodle XML; None: all or nothing, as Stewardpath sets it.
    """

    text: Text
    right: bool = True
    feedback: Text = NO_TEXT
    share: float | None = None

    @property
    def patterns(self) -> tuple[str, ...]:
        """What Moodle compares, as it is in Moodle XML.

        Moodle compares the typed text with one text, so each language and each spelling is a
        separate answer there.
        """
        if self.share is not None:
            return (self.text.pick().strip(TRIMMED),)
        texts = (text for _, text in self.text.translations if text.strip())
        return tuple(dict.fromkeys(each for text in texts for each in spellings(text)))

    @property
    def worth(self) -> float:
        """The part of the mark that it gives, from 0.0 to 1.0."""
        return float(self.right) if self.share is None else max(0.0, self.share)

    def accepts(self, typed: str) -> bool:
        """Whether it matches what was typed, in any language."""
        return any(matches(pattern, typed) for pattern in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(Question):
    """A word or a few words to type. The first of `answers` that matches counts."""

    type: ClassVar[str] = "short"
    about: ClassVar[str] = (
        "A word or a few words that the member types. Upper and lower case are the same."
    )
    keys: ClassVar[tuple[Field, ...]] = (
        Field(
            "answers",
            ListOf(OneOf((RIGHT_ANSWER.name, WRONG_ANSWER.name), "an answer", text=PLAIN)),
            "The accepted answers; `*` matches any characters.",
        ),
    )
    parts: ClassVar[tuple[Record, ...]] = (RIGHT_ANSWER, WRONG_ANSWER)
    moodle_type: ClassVar[str] = "shortanswer"

    answers: tuple[Answer, ...]

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        answers = [_listed(each) for each in record.items("answers")]
        if answers and not any(each.right for each in answers):
            none = Message("This question has no right answer.")
            report.error(record.position_of("question"), none, Message("add one with `right:`"))
        check_listed_answers(answers, record.text("text").languages, report)

    @classmethod
    def explains_every_answer(cls, record: ParsedRecord) -> bool:
        answers = record.records("answers")
        explained = all(each.has("feedback") for each in answers)
        return bool(answers) and explained and not record.texts("answers")

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        answers = tuple(_answer(each) for each in record.items("answers"))
        return cls(**shared_values(record), answers=answers)

    def moodle_xml(self) -> Iterable[str]:
        yield element("usecase", "0")
        for each in self.answers:
            for pattern in each.patterns:
                yield answer("100" if each.right else "0", pattern, each.feedback, PLAIN_FORMAT)

    @classmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        shares = [share(each) for each in node.findall("answer")]
        require_right_answer(shares)
        answers = (
            Answer(html_text(each, "text"), worth > 0, html_text(each, "feedback/text"), worth)
            for each, worth in zip(node.findall("answer"), shares, strict=True)
        )
        return cls(**shared_from_xml(node), answers=tuple(answers))

    def form(self, seed: str) -> tuple[FormField, ...]:
        return (FormField("text", "answer"),)

    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        given = typed(response)
        found = next((each for each in self.answers if given and each.accepts(given)), None)
        if found is None:
            return Marking(0.0, bool(given))
        verdict = ResponseNote(NO_TEXT, "right" if found.right else "wrong", found.feedback)
        return Marking(found.worth, bool(given), (verdict,) if found.feedback else ())

    def right_response(self, seed: str) -> Response:
        best = max(self.answers, key=lambda each: each.worth)
        return [without_stars(best.patterns[0])]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        best = max((each.worth for each in self.answers), default=0.0)
        found: dict[tuple[str, ...], Text] = {}
        for each in self.answers:
            if each.worth == best:
                straight = tuple(
                    with_straight_apostrophes(text) for _, text in each.text.translations
                )
                found.setdefault(straight, each.text)
        return tuple(found.values())


def _answer(item: TextWithPosition | ParsedRecord) -> Answer:
    if isinstance(item, TextWithPosition):
        return Answer(item.text)
    return Answer(text_of(item), item.has("right"), item.text("feedback"))


def _listed(item: TextWithPosition | ParsedRecord) -> ListedAnswer:
    known = _answer(item)
    return ListedAnswer(
        item.position, known.text, known.patterns, known.right, bool(known.feedback)
    )
