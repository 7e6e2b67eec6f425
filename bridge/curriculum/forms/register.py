"""The types of form fields. To add one, add its class here and its template."""

from __future__ import annotations

from bridge.curriculum.forms.agreement import MustAgree, YesNo
from bridge.curriculum.forms.choices import FORM_CHOICE, OneChoice, SeveralChoices
from bridge.curriculum.forms.date import DateField
from bridge.curriculum.forms.field import FormField
from bridge.curriculum.forms.file import FileField
from bridge.curriculum.forms.number import NumberField
from bridge.curriculum.forms.texts import LongText, ShortText
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.value_types import (
    INLINE,
    MARKDOWN,
    Field,
    ListOf,
    Name,
    OneOf,
    Record,
    Word,
    optional,
)


def _complete(*types: type[FormField]) -> tuple[type[FormField], ...]:
    """The types. As arguments, because only there does mypy report one that lacks a method."""
    return types


FIELD_TYPES = _complete(
    ShortText,
    LongText,
    OneChoice,
    SeveralChoices,
    YesNo,
    MustAgree,
    DateField,
    NumberField,
    FileField,
)
"""In the order of the documentation."""

TYPE_NAMES = tuple(each.type for each in FIELD_TYPES)
BY_NAME = {each.type: each for each in FIELD_TYPES}


def _record(kind: type[FormField]) -> Record:
    shared = (
        Field("field", Name(), "The field's key, unique in its form. Answers are stored under it."),
        optional(
            "previously",
            Name(),
            "The key this had before. Set it when you rename a field, so that drafts keep their "
            "answers.",
        ),
        Field("type", Word((kind.type,)), f"{', '.join(TYPE_NAMES[:-1])} or {TYPE_NAMES[-1]}."),
        Field("label", INLINE, "The question, or the name of the field."),
        optional("help", MARKDOWN, "An explanation below the label (Markdown)."),
    )
    return Record(f"{kind.type}-field", kind.about, (*shared, *kind.keys))


FIELD_RECORDS = tuple(_record(each) for each in FIELD_TYPES)
"""The record of each type."""
PART_RECORDS = (FORM_CHOICE,)
"""The records in their lists."""
FIELDS = ListOf(OneOf(tuple(record.name for record in FIELD_RECORDS), "a field", by="type"))
"""The shape of a list of fields."""


def type_of(record: ParsedRecord) -> type[FormField]:
    """The type of a field's record."""
    return BY_NAME[record.option("type")]


def build_fields(records: tuple[ParsedRecord, ...]) -> tuple[FormField, ...]:
    """The fields of records without errors."""
    return tuple(type_of(each).build(each) for each in records)
