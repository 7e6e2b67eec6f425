"""`short`: a word or a few words that the member types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition
from bridge.curriculum.problems import Position, Report
from bridge.curriculum.question_types.checks import check_duplicates, text_of
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
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
)
from bridge.curriculum.question_types.xml_writing import PLAIN_FORMAT, answer, element
from bridge.curriculum.text import NO_TEXT, Text
from bridge.curriculum.value_types import (
    FEEDBACK,
    MARKDOWN,
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
        optional("feedback", MARKDOWN, FEEDBACK),
    ),
)
WRONG_ANSWER = Record(
    "wrong-answer",
    "A wrong answer that you expect, with its explanation.",
    (
        Field("wrong", PLAIN, "A wrong answer that you expect."),
        optional("feedback", MARKDOWN, FEEDBACK),
    ),
)
_STAR = re.compile(r"(?<!\\)\*")


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
    def worth(self) -> float:
        """The part of the mark that it gives, from 0.0 to 1.0."""
        return float(self.right) if self.share is None else max(0.0, self.share)


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
        answers = _positions(record)
        if answers and not any(right for _, _, right in answers):
            none = Message("This question has no right answer.")
            report.error(record.position_of("question"), none, Message("add one with `right:`"))
        for number, (position, text, right) in enumerate(answers):
            if set(text.pick().replace(" ", "")) != {"*"}:
                continue
            if right:
                every = Message("`*` alone accepts any answer.")
                report.error(position, every, Message("write a word"))
            elif number < len(answers) - 1:
                every = Message("`*` matches everything, so the answers after it are ignored.")
                report.error(position, every, Message("move it to the end"))
        check_duplicates(((position, text) for position, text, _ in answers), report)

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
            # Moodle compares the typed text with one text, so each language is a separate answer.
            for text in dict.fromkeys(text for _, text in each.text.translations if text):
                yield answer("100" if each.right else "0", text, each.feedback, PLAIN_FORMAT)

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

    def mark(self, response: Response, seed: str, *, as_moodle: bool = False) -> Marking:
        given, tidied = typed(response), str.lower if as_moodle else _tidied
        found = next((a for a in self.answers if given and _matches(a, given, tidied)), None)
        if found is None:
            return Marking(0.0, bool(given))
        verdict = ResponseNote(NO_TEXT, "right" if found.right else "wrong", found.feedback)
        return Marking(found.worth, bool(given), (verdict,) if found.feedback else ())

    def right_response(self, seed: str) -> Response:
        best = max(self.answers, key=lambda each: each.worth)
        return [_STAR.sub("", best.text.pick()).replace("\\*", "*")]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        best = max((each.worth for each in self.answers), default=0.0)
        return tuple(each.text for each in self.answers if each.worth == best)


def _positions(record: ParsedRecord) -> list[tuple[Position, Text, bool]]:
    """(position, text, whether it is right) of every answer, in order."""
    plain = [(answer.position, answer.text, True) for answer in record.texts("answers")]
    mapped = [
        (answer.position, text_of(answer), answer.schema is RIGHT_ANSWER)
        for answer in record.records("answers")
    ]
    return sorted(plain + mapped, key=lambda answer: answer[0])


def _answer(item: TextWithPosition | ParsedRecord) -> Answer:
    if isinstance(item, TextWithPosition):
        return Answer(item.text)
    return Answer(text_of(item), item.has("right"), item.text("feedback"))


def _tidied(text: str) -> str:
    """A text as the self-check compares it; Moodle only ignores case."""
    return " ".join(text.replace("’", "'").split()).casefold()


def _matches(answer: Answer, given: str, tidied: Callable[[str], str]) -> bool:
    """Whether `given` matches in any language. `*` matches anything."""
    return any(_matches_pattern(each, given, tidied) for _, each in answer.text.translations)


def _matches_pattern(pattern: str, given: str, tidied: Callable[[str], str]) -> bool:
    """Compare part by part, so that no pattern is slow. `\\*` matches a star."""
    parts = [tidied(part.replace("\\*", "*")) for part in _STAR.split(pattern)]
    text = tidied(given)
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last) and len(first) <= end):
        return False
    at = len(first)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
