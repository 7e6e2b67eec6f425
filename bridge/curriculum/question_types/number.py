"""`number`: a number that the member types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
    Question,
    Response,
    shared_values,
)
from bridge.curriculum.question_types.responses import typed
from bridge.curriculum.question_types.xml_reading import (
    BadQuestion,
    require_right_answer,
    share,
    shared_from_xml,
    to_number,
    value,
)
from bridge.curriculum.question_types.xml_writing import PLAIN_FORMAT, answer, element
from bridge.curriculum.text import NO_TEXT, Text, plain_text
from bridge.curriculum.value_types import Decimal as DecimalShape
from bridge.curriculum.value_types import Field, optional

_DECIMAL = r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})"
_SCIENTIFIC = _DECIMAL + r"([eE][+-]?\d{1,2})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """A number to type. `number` and `tolerance` are decimal numbers, as typed."""

    type: ClassVar[str] = "number"
    about: ClassVar[str] = "A number that the member types."
    keys: ClassVar[tuple[Field, ...]] = (
        Field("number", DecimalShape(), "The right number."),
        optional(
            "tolerance", DecimalShape(0), "How far an answer may be from the right number.", "0"
        ),
    )
    moodle_type: ClassVar[str] = "numerical"

    number: str
    tolerance: str = "0"

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

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

    def mark(self, response: Response, seed: str, *, as_moodle: bool = False) -> Marking:
        given = typed(response)
        correct, tolerance = Decimal(self.number), Decimal(self.tolerance)
        numbers = _as_moodle_reads_it(given) if as_moodle else _possible_numbers(given)
        right = any(abs(each - correct) <= tolerance for each in numbers)
        return Marking(float(right), bool(given))

    def right_response(self, seed: str) -> Response:
        return [self.number]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        return (plain_text(self.number),)


def _possible_numbers(given: str) -> Iterator[Decimal]:
    """What a typed number may mean: a comma separates thousands in English, decimals in French."""
    bare = re.sub(r"[\s$€%]", "", given).replace("−", "-")
    for text in {bare.replace(",", "."), bare.replace(",", "")}:
        if re.fullmatch(_DECIMAL, text, re.ASCII):
            yield Decimal(text)


def _as_moodle_reads_it(given: str) -> Iterator[Decimal]:
    """The number without spaces, where a comma is a decimal point."""
    text = given.replace(" ", "").replace(",", ".")
    if re.fullmatch(_SCIENTIFIC, text, re.ASCII):
        yield Decimal(text)
