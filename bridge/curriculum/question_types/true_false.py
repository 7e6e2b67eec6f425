"""`true-false`: a statement that is true or false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
    Option,
    Question,
    Response,
    ResponseNote,
    shared_values,
)
from bridge.curriculum.question_types.responses import typed
from bridge.curriculum.question_types.xml_reading import (
    html_text,
    require_right_answer,
    share,
    shared_from_xml,
    value,
)
from bridge.curriculum.question_types.xml_writing import PLAIN_FORMAT, answer
from bridge.curriculum.text import NO_TEXT, Text, plain_text
from bridge.curriculum.value_types import ILLUSTRATED, YES, YES_OR_NO, Field, optional

_TRUE_LABEL, _FALSE_LABEL = plain_text("True"), plain_text("False")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Question):
    """A statement. `if_true` and `if_false` explain the answers."""

    type: ClassVar[str] = "true-false"
    about: ClassVar[str] = "A statement that is true or false."
    keys: ClassVar[tuple[Field, ...]] = (
        Field("correct", YES_OR_NO, "The right answer."),
        optional("if-true", ILLUSTRATED, "The explanation for members who answered true."),
        optional("if-false", ILLUSTRATED, "The explanation for members who answered false."),
    )
    moodle_type: ClassVar[str] = "truefalse"

    correct: bool
    if_true: Text = NO_TEXT
    if_false: Text = NO_TEXT

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def explains_every_answer(cls, record: ParsedRecord) -> bool:
        return record.has("if-true") and record.has("if-false")

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(
            **shared_values(record),
            correct=record.option("correct") in YES,
            if_true=record.text("if-true"),
            if_false=record.text("if-false"),
        )

    def moodle_xml(self) -> Iterable[str]:
        for word, feedback in (("true", self.if_true), ("false", self.if_false)):
            right = self.correct == (word == "true")
            yield answer("100" if right else "0", word, feedback, PLAIN_FORMAT)

    @classmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        answers = {value(each, "text"): each for each in node.findall("answer")}
        require_right_answer([share(each) for each in answers.values()])
        feedback = {word: html_text(each, "feedback/text") for word, each in answers.items()}
        return cls(
            **shared_from_xml(node),
            correct="true" in answers and share(answers["true"]) > 0,
            if_true=feedback.get("true", NO_TEXT),
            if_false=feedback.get("false", NO_TEXT),
        )

    def form(self, seed: str) -> tuple[FormField, ...]:
        options = Option("true", "1", _TRUE_LABEL), Option("false", "0", _FALSE_LABEL)
        return (FormField("radio", "answer", options=options),)

    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        answered = {"true": True, "false": False}.get(typed(response))
        if answered is None:
            return Marking(0.0, answered=False)
        right = answered == self.correct
        feedback = self.if_true if answered else self.if_false
        note = ResponseNote(NO_TEXT, "right" if right else "wrong", feedback)
        return Marking(float(right), True, (note,))

    def right_response(self, seed: str) -> Response:
        return ["true" if self.correct else "false"]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        return (_TRUE_LABEL if self.correct else _FALSE_LABEL,)
