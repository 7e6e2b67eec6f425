"""The question types. To add one, add its class here; `docs/development.md` has the recipe."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.question_types.matching import Matching
from bridge.curriculum.question_types.multiple_choice import MultipleChoice
from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.short_answer import ShortAnswer
from bridge.curriculum.question_types.single_choice import SingleChoice
from bridge.curriculum.question_types.true_false import TrueFalse
from bridge.curriculum.question_types.xml_reading import BadQuestion
from bridge.curriculum.value_types import (
    FEEDBACK,
    ILLUSTRATED,
    PREVIOUSLY,
    Field,
    Name,
    Record,
    Word,
    optional,
)


def _complete(*types: type[Question]) -> tuple[type[Question], ...]:
    """The types. As arguments, because only there does mypy report one that lacks a method."""
    return types


QUESTION_TYPES = _complete(
    SingleChoice,
    MultipleChoice,
    TrueFalse,
    ShortAnswer,
    Number,
    Matching,
)
"""In the order of the documentation."""

TYPE_NAMES = tuple(each.type for each in QUESTION_TYPES)
_BY_NAME = {each.type: each for each in QUESTION_TYPES}


def _record(kind: type[Question]) -> Record:
    shared = (
        Field("question", Name(), "The question's key, unique in its quiz."),
        PREVIOUSLY,
        Field("type", Word((kind.type,)), f"{', '.join(TYPE_NAMES[:-1])} or {TYPE_NAMES[-1]}."),
        Field("text", ILLUSTRATED, "The text of the question (Markdown)."),
        optional("feedback", ILLUSTRATED, f"{FEEDBACK} Required unless every answer has its own."),
    )
    return Record(f"{kind.type}-question", kind.about, (*shared, *kind.keys))


QUESTION_RECORDS = tuple(_record(each) for each in QUESTION_TYPES)
"""The record of each question type."""
PART_RECORDS = tuple(dict.fromkeys(part for each in QUESTION_TYPES for part in each.parts))
"""The records in their lists."""


def type_of(record: ParsedRecord) -> type[Question]:
    """The question type of a record."""
    return _BY_NAME[record.option("type")]


def question_from_xml(node: Element) -> Question:
    """The question of a `<question>` element. Raises BadQuestion if no type can read it."""
    for each in QUESTION_TYPES:
        if each.is_in_xml(node):
            return each.from_moodle_xml(node)
    raise BadQuestion(f"The question type '{node.get('type')}' is not supported.")
