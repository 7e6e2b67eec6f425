"""Build the model's questions from parsed records without errors."""

from __future__ import annotations

from typing import get_args

from bridge.curriculum.model import Answer, Choice, Pair, Question, QuestionType
from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition

_TRUE = {"true", "yes"}
_TYPES: dict[str, QuestionType] = {name: name for name in get_args(QuestionType)}


def build_question(record: ParsedRecord) -> Question:
    """One question of any type."""
    return Question(
        key=record.word("question"),
        type=_TYPES[record.option("type")],
        text=record.text("text"),
        feedback=record.text("feedback"),
        choices=tuple(_choice(choice) for choice in record.records("choices")),
        correct=record.option("correct") in _TRUE,
        if_true=record.text("if-true"),
        if_false=record.text("if-false"),
        answers=tuple(_answer(answer) for answer in record.items("answers")),
        number=record.word("number"),
        tolerance=record.word("tolerance", "0"),
        pairs=tuple(
            Pair(pair.text("left"), pair.text("right")) for pair in record.records("pairs")
        ),
        previously=record.word("previously"),
    )


def _choice(record: ParsedRecord) -> Choice:
    if record.has("right"):
        return Choice(record.text("right"), True, record.text("feedback"))
    return Choice(record.text("wrong"), False, record.text("feedback"))


def _answer(answer: TextWithPosition | ParsedRecord) -> Answer:
    if isinstance(answer, TextWithPosition):
        return Answer(answer.text)
    if answer.has("right"):
        return Answer(answer.text("right"), True, answer.text("feedback"))
    return Answer(answer.text("wrong"), False, answer.text("feedback"))
