"""`one`: exactly one choice is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self
from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.question_types.choices import (
    CHOICES,
    RIGHT_CHOICE,
    WRONG_CHOICE,
    Choice,
    ChoiceQuestion,
    build_choices,
    check_choices,
    check_right_and_wrong,
    choices_from_xml,
    is_single,
    options_xml,
)
from bridge.curriculum.question_types.question import FormField, Marking, Response, shared_values
from bridge.curriculum.question_types.responses import valid_indexes
from bridge.curriculum.question_types.xml_reading import shared_from_xml
from bridge.curriculum.value_types import Field, Record
from bridge.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(ChoiceQuestion):
    """A question with exactly one right choice."""

    type: ClassVar[str] = "one"
    about: ClassVar[str] = "A question with exactly one right choice."
    keys: ClassVar[tuple[Field, ...]] = (
        Field("choices", CHOICES, "One right choice and at least one wrong one."),
    )
    parts: ClassVar[tuple[Record, ...]] = (RIGHT_CHOICE, WRONG_CHOICE)
    moodle_type: ClassVar[str] = "multichoice"

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        right, wrong = check_choices(record, report)
        if len(right) > 1:
            report.error(
                right[1].position,
                Message(
                    "This is the second of %(count)s right choices; `type: one` allows only one.",
                    count=len(right),
                ),
                Message("write `type: many`, or make this one `wrong:`"),
            )
        check_right_and_wrong(record, right, wrong, report)

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record), choices=build_choices(record))

    def percentage(self, choice: Choice) -> str:
        return "100" if choice.right else "0"

    def moodle_xml(self) -> Iterable[str]:
        yield from options_xml(single=True)
        yield from self.answers_xml()

    @classmethod
    def is_in_xml(cls, node: Element) -> bool:
        return node.get("type") == cls.moodle_type and is_single(node)

    @classmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        return cls(**shared_from_xml(node), choices=choices_from_xml(node))

    def form(self, seed: str) -> tuple[FormField, ...]:
        return self.radio_buttons(seed)

    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        chosen = set(valid_indexes(response[:1], len(self.choices)))
        return self.marking(chosen, with_missed=False)
