"""`choice` and `choices`: one or several of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from bridge.curriculum.forms.field import (
    REQUIRED,
    Answer,
    AnswerValue,
    FormField,
    Typed,
    only_one,
    shared_values,
)
from bridge.curriculum.forms.limits import check_order, whole
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.text import Text
from bridge.curriculum.value_types import (
    INLINE,
    Field,
    Integer,
    ListOf,
    Name,
    OneOf,
    Record,
    optional,
)
from bridge.messages import Message

MAX_CHOICES = 100

FORM_CHOICE = Record(
    "form-choice",
    "One of the choices of a field.",
    (
        Field("choice", Name(), "The choice's key, unique in its field. Answers are stored as it."),
        Field("label", INLINE, "The choice as people read it."),
    ),
)
CHOICES = Field(
    "choices", ListOf(OneOf((FORM_CHOICE.name,), "a choice"), minimum=2), "The choices, in order."
)
_NOT_LISTED = Message("Your choice isn't one of those listed any more. Choose again.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice. Answers have its key."""

    key: str
    label: Text


def _choices_of(record: ParsedRecord) -> tuple[Choice, ...]:
    listed = record.records("choices")
    return tuple(Choice(each.word("choice"), each.text("label")) for each in listed)


def _labels(choices: Iterable[Choice], chosen: Iterable[str], language: str) -> str:
    labels = {each.key: each.label.pick(language) for each in choices}
    return ", ".join(labels.get(key, key) for key in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneChoice(FormField):
    """Exactly one of the choices."""

    type: ClassVar[str] = "choice"
    about: ClassVar[str] = "One of a list of choices."
    keys: ClassVar[tuple[Field, ...]] = (REQUIRED, CHOICES)
    missing: ClassVar[Message] = Message("Choose one.")

    choices: tuple[Choice, ...]

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        """The table of keys says everything."""

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        return cls(**shared_values(record), choices=_choices_of(record))

    def read(self, typed: Typed) -> Answer:
        if typed[0] in {each.key for each in self.choices}:
            return Answer(typed[0])
        return Answer(problem=_NOT_LISTED)

    def showable(self, typed: Typed) -> list[str]:
        listed = {each.key for each in self.choices}
        return [each for each in only_one(typed) if each in listed]

    def in_words(self, value: AnswerValue, language: str) -> str:
        return _labels(self.choices, [str(value)], language)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralChoices(FormField):
    """Several of the choices, at least `min` and at most `max` if any."""

    type: ClassVar[str] = "choices"
    about: ClassVar[str] = "Several of a list of choices."
    keys: ClassVar[tuple[Field, ...]] = (
        REQUIRED,
        CHOICES,
        optional("min", Integer(1, MAX_CHOICES), "The fewest choices, if any are made.", "1"),
        optional("max", Integer(1, MAX_CHOICES), "The most choices.", "all"),
    )
    missing: ClassVar[Message] = Message("Choose at least one.")

    choices: tuple[Choice, ...]
    min: int | None = None
    max: int | None = None

    @classmethod
    def check(cls, record: ParsedRecord, report: Report) -> None:
        check_order(record, report, int)
        count = len(record.records("choices"))
        for key in ("min", "max"):
            if (number := whole(record, key)) and number > count > 0:
                wrong = Message("`%(key)s` is %(number)s, but there are only %(count)s choices.",
                                key=key, number=number, count=count)  # fmt: skip
                report.error(record.position_of(key), wrong)

    @classmethod
    def build(cls, record: ParsedRecord) -> Self:
        limits = whole(record, "min"), whole(record, "max")
        choices = _choices_of(record)
        return cls(**shared_values(record), choices=choices, min=limits[0], max=limits[1])

    def read(self, typed: Typed) -> Answer:
        chosen = [each.key for each in self.choices if each.key in typed]
        if len(chosen) != len({each for each in typed if each}):
            return Answer(problem=_NOT_LISTED)
        if self.min and len(chosen) < self.min:
            return Answer(problem=Message("Choose at least %(count)s.", count=self.min))
        if self.max and len(chosen) > self.max:
            return Answer(problem=Message("Choose at most %(count)s.", count=self.max))
        return Answer(list(chosen))

    def showable(self, typed: Typed) -> list[str]:
        listed = {each.key for each in self.choices}
        return [each for each in typed if each in listed]

    def in_words(self, value: AnswerValue, language: str) -> str:
        return _labels(self.choices, value if isinstance(value, list) else [], language)
