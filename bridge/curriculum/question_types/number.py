"""`number`: a number that the member types."""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Position, Report
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
    Question,
    Response,
    shared_values,
)
from bridge.curriculum.question_types.responses import typed
from bridge.curriculum.question_types.typed_answers.numbers import (
    is_within,
    misreadings,
    read_number,
)
from bridge.curriculum.question_types.xml_reading import (
    BadQuestion,
    require_right_answer,
    share,
    shared_from_xml,
    to_number,
    value,
)
from bridge.curriculum.question_types.xml_writing import PLAIN_FORMAT, answer, element
from bridge.curriculum.text import NO_TEXT, Language, Text, plain_text
from bridge.curriculum.value_types import Decimal, Field, optional
from bridge.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """A number to type. `number` and `tolerance` are decimal numbers, as typed."""

    type: ClassVar[str] = "number"
    about: ClassVar[str] = "A number that the member types."
    keys: ClassVar[tuple[Field, ...]] = (
        Field("number", Decimal(), "The right number."),
        optional(
            "tolerance",
            Decimal(0, is_distance=True),
            "How far an answer may be from the right number.",
            "0",
        ),
    )
    moodle_type: ClassVar[str] = "numerical"

    number: str
    tolerance: str = "0"

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        if not record.has("number"):
            return
        number, tolerance = record.word("number"), record.word("tolerance", "0")
        position = record.position_of("number")
        _check_notation(position, number, tolerance, record.text("text").languages, report)
        if 0 < abs(float(number)) <= float(tolerance):
            wide = Message(
                "With a tolerance of %(tolerance)s, 0 counts as %(number)s.",
                tolerance=tolerance, number=number,
            )  # fmt: skip
            report.warning(position, wide, Message("write a smaller `tolerance:`"))

    @classmethod
    def explains_every_answer(cls, record: ParsedRecord) -> bool:
        return False

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(
            **shared_values(record),
            number=record.word("number"),
            tolerance=record.word("tolerance", "0"),
        )

    def moodle_xml(self) -> Iterable[str]:
        tolerance = element("tolerance", self.tolerance)
        yield answer("100", self.number, NO_TEXT, PLAIN_FORMAT, tolerance)
        yield element("unitgradingtype", "0")
        yield element("unitpenalty", "0.1")
        yield element("showunits", "3")
        yield element("unitsleft", "0")

    @classmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        answers = node.findall("answer")
        require_right_answer([share(each) for each in answers])
        if len(answers) != 1:
            raise BadQuestion("A number question needs exactly one answer.")
        right, tolerance = value(answers[0], "text"), value(answers[0], "tolerance") or "0"
        for each in (right, tolerance):
            to_number(each)
        return cls(**shared_from_xml(node), number=right, tolerance=tolerance)

    def form(self, seed: str) -> tuple[FormField, ...]:
        return (FormField("number", "answer"),)

    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        given = typed(response)
        value = read_number(given, language)
        right = value is not None and is_within(value, self.number, self.tolerance)
        return Marking(float(right), bool(given))

    def right_response(self, seed: str) -> Response:
        return [self.number]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        return (plain_text(self.number),)


def _check_notation(
    position: Position, number: str, tolerance: str, languages: Sequence[Language], report: Report
) -> None:
    """Warn if the languages write an accepted number differently, so that Moodle misreads it."""
    middle, distance = decimal.Decimal(number), decimal.Decimal(tolerance)
    for each in dict.fromkeys((middle, middle - distance, middle + distance)):
        found = next(misreadings(f"{each:f}", languages), None)
        if found:
            misread = Message(
                "Moodle reads `%(typed)s` as %(read)s for members who read `%(language)s`.",
                typed=found.typed, read=f"{found.read:.15g}", language=found.language,
            )  # fmt: skip
            advice = Message("ask for a whole number below 1,000, or use `type: one`")
            report.warning(position, misread, advice)
            return
