"""`many`: several choices can be right."""

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

MAX_CHOICES_OF_A_KIND = 10
"""Maximum right (and wrong) choices: Moodle has no grade below 1/10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(ChoiceQuestion):
    """A question with several right choices. Each wrong choice takes marks away."""

    type: ClassVar[str] = "many"
    about: ClassVar[str] = (
        "A question with several right choices. Each wrong choice takes marks away."
    )
    keys: ClassVar[tuple[Field, ...]] = (
        Field("choices", CHOICES, "At least one right and one wrong choice, at most ten of each."),
    )
    parts: ClassVar[tuple[Record, ...]] = (RIGHT_CHOICE, WRONG_CHOICE)
    moodle_type: ClassVar[str] = "multichoice"

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        right, wrong = check_choices(record, report)
        for choices in (right, wrong):
            if len(choices) > MAX_CHOICES_OF_A_KIND:
                report.error(choices[MAX_CHOICES_OF_A_KIND].position, _too_many(choices))
        check_right_and_wrong(record, right, wrong, report)

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record), choices=build_choices(record))

    def percentage(self, choice: Choice) -> str:
        """The percentage of the mark that one choice gives or takes, as Moodle lists it.

        Each of n right choices gives 1/n, and each of m wrong choices takes away 1/m. So ticking
        everything earns nothing, and all right choices alone earn everything.
        Moodle's list (question_bank::fraction_options_full) has 1/1 to 1/10 with five decimals.
        """
        alike = sum(1 for other in self.choices if other.right == choice.right)
        share = f"{100 / alike:.5f}".rstrip("0").rstrip(".")
        return share if choice.right else f"-{share}"

    def moodle_xml(self) -> Iterable[str]:
        yield from options_xml(single=False)
        yield from self.answers_xml()

    @classmethod
    def is_in_xml(cls, node: Element) -> bool:
        return node.get("type") == cls.moodle_type and not is_single(node)

    @classmethod
    def from_moodle_xml(cls, node: Element) -> Self:
        return cls(**shared_from_xml(node), choices=choices_from_xml(node))

    def form(self, seed: str) -> tuple[FormField, ...]:
        return self.checkboxes(seed)

    def mark(self, response: Response, seed: str, *, language: str = "en") -> Marking:
        chosen = set(valid_indexes(response, len(self.choices)))
        return self.marking(chosen, with_missed=True)


def _too_many(choices: list[ParsedRecord]) -> Message:
    if choices[0].schema is RIGHT_CHOICE:
        return Message(
            "There are %(count)s right choices; Moodle allows at most %(limit)s.",
            count=len(choices), limit=MAX_CHOICES_OF_A_KIND,
        )  # fmt: skip
    return Message(
        "There are %(count)s wrong choices; Moodle allows at most %(limit)s.",
        count=len(choices), limit=MAX_CHOICES_OF_A_KIND,
    )  # fmt: skip
