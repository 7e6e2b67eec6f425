"""The choices of a `one` or `many` question."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bridge.curriculum.markdown import moodle_inline_html
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.question_types.checks import check_duplicates, text_of
from bridge.curriculum.question_types.question import (
    FormField,
    Marking,
    Option,
    Question,
    Response,
    ResponseNote,
    Verdict,
    shuffled,
)
from bridge.curriculum.question_types.xml_reading import html_text, require_right_answer, share
from bridge.curriculum.question_types.xml_writing import answer, element, files
from bridge.curriculum.text import NO_TEXT, Text
from bridge.curriculum.value_types import (
    FEEDBACK,
    ILLUSTRATED,
    ILLUSTRATED_LINE,
    Field,
    ListOf,
    OneOf,
    Record,
    optional,
)
from bridge.messages import Message

RIGHT_CHOICE = Record(
    "right-choice",
    "A right choice.",
    (
        Field("right", ILLUSTRATED_LINE, "A right choice."),
        optional("feedback", ILLUSTRATED, FEEDBACK),
    ),
)
WRONG_CHOICE = Record(
    "wrong-choice",
    "A wrong choice.",
    (
        Field("wrong", ILLUSTRATED_LINE, "A wrong choice."),
        optional("feedback", ILLUSTRATED, FEEDBACK),
    ),
)
CHOICES = ListOf(OneOf((RIGHT_CHOICE.name, WRONG_CHOICE.name), "a choice"), minimum=2)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice. `share`: its part of the mark in Moodle XML; None: as Stewardpath sets it."""

    text: Text
    right: bool
    feedback: Text = NO_TEXT
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceQuestion(Question):
    """A question with choices."""

    choices: tuple[Choice, ...]

    @abstractmethod
    def percentage(self, choice: Choice) -> str:
        """The percentage of the mark that a choice gives or takes."""

    def share(self, choice: Choice) -> float:
        """The part of the mark that a choice gives or takes, from -1.0 to 1.0."""
        return float(self.percentage(choice)) / 100 if choice.share is None else choice.share

    def choice_order(self, seed: str) -> list[int]:
        """The indexes of the choices, in the order shown."""
        return shuffled(len(self.choices), seed)

    @classmethod
    def explains_every_answer(cls, record: ParsedRecord) -> bool:
        choices = record.records("choices")
        return bool(choices) and all(choice.has("feedback") for choice in choices)

    def right_response(self, seed: str) -> Response:
        return [str(at) for at, choice in enumerate(self.choices) if choice.right]

    @property
    def right_answers(self) -> tuple[Text, ...]:
        return tuple(choice.text for choice in self.choices if choice.right)

    def marking(self, chosen: set[int], *, with_missed: bool) -> Marking:
        """The sum of the shares, and a note on each chosen (and, if asked for, missed) choice."""
        worth = sum(self.share(choice) for at, choice in enumerate(self.choices) if at in chosen)
        notes = tuple(
            ResponseNote(choice.text, _verdict(choice.right, at in chosen), choice.feedback)
            for at, choice in enumerate(self.choices)
            if at in chosen or (with_missed and choice.right)
        )
        return Marking(min(1.0, max(0.0, round(worth, 7))), bool(chosen), notes)

    def answers_xml(self) -> Iterable[str]:
        """The elements of the choices."""
        for choice in self.choices:
            text, images = moodle_inline_html(choice.text), files(choice.text)
            yield answer(self.percentage(choice), text, choice.feedback, "html", images)

    def radio_buttons(self, seed: str) -> tuple[FormField, ...]:
        """One field with all choices."""
        options = (
            Option(str(at), str(place), self.choices[at].text)
            for place, at in enumerate(self.choice_order(seed))
        )
        return (FormField("radio", "answer", options=tuple(options)),)

    def checkboxes(self, seed: str) -> tuple[FormField, ...]:
        """One field for each choice."""
        return tuple(
            FormField(
                "checkbox", f"choice{place}", options=(Option(str(at), "1", self.choices[at].text),)
            )
            for place, at in enumerate(self.choice_order(seed))
        )


def _verdict(right: bool, chosen: bool) -> Verdict:
    if chosen:
        return "right" if right else "wrong"
    return "missed" if right else ""


def build_choices(record: ParsedRecord) -> tuple[Choice, ...]:
    """The choices of a record without errors."""
    return tuple(
        Choice(text_of(choice), choice.has("right"), choice.text("feedback"))
        for choice in record.records("choices")
    )


def choices_from_xml(node: Element) -> tuple[Choice, ...]:
    """The choices of a `<question>`. Raises BadQuestion if none is right."""
    shares = [share(each) for each in node.findall("answer")]
    require_right_answer(shares)
    return tuple(
        Choice(html_text(each, "text"), worth > 0, html_text(each, "feedback/text"), worth)
        for each, worth in zip(node.findall("answer"), shares, strict=True)
    )


def is_single(node: Element) -> bool:
    """Whether only one choice can be chosen, as in Moodle if nothing is said."""
    return (node.findtext("single") or "true").strip() in ("1", "true")


def options_xml(*, single: bool) -> Iterable[str]:
    """The elements that say how Moodle shows the choices."""
    yield element("single", "true" if single else "false")
    yield element("shuffleanswers", "true")
    yield element("answernumbering", "abc")
    yield element("showstandardinstruction", "1")


def check_choices(
    record: ParsedRecord, report: Report
) -> tuple[list[ParsedRecord], list[ParsedRecord]]:
    """Report duplicates. Returns the right and the wrong choices."""
    choices = record.records("choices")
    check_duplicates(((c.position, text_of(c)) for c in choices), report)
    right = [choice for choice in choices if choice.schema is RIGHT_CHOICE]
    return right, [choice for choice in choices if choice.schema is WRONG_CHOICE]


def check_right_and_wrong(
    record: ParsedRecord, right: list[ParsedRecord], wrong: list[ParsedRecord], report: Report
) -> None:
    """Report if there is no right or no wrong choice."""
    if not record.has("choices") or not right + wrong:
        return
    position = record.position_of("question")
    if not right:
        none = Message("This question has no right choice.")
        report.error(position, none, Message("start the right choice with `right:`"))
    if not wrong:
        none = Message("This question has no wrong choice.")
        report.error(position, none, Message("add one with `wrong:`"))
