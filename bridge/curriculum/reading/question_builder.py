"""Filled-in questions without a problem -> the model's."""

from __future__ import annotations

from typing import get_args

from bridge.curriculum.model import Answer, Choice, Pair, Question, QuestionType
from bridge.curriculum.reading.parsed_record import ParsedRecord
from bridge.curriculum.reading.translated_text import TextWithPosition

_TRUE = {"true", "yes"}
_TYPES: dict[str, QuestionType] = {name: name for name in get_args(QuestionType)}


def build_question(filled: ParsedRecord) -> Question:
    """One question of any type."""
    return Question(
        key=filled.word("question"),
        type=_TYPES[filled.option("type")],
        text=filled.text("text"),
        feedback=filled.text("feedback"),
        choices=tuple(_choice(choice) for choice in filled.records("choices")),
        correct=filled.option("correct") in _TRUE,
        if_true=filled.text("if-true"),
        if_false=filled.text("if-false"),
        answers=tuple(_answer(answer) for answer in filled.items("answers")),
        number=filled.word("number"),
        tolerance=filled.word("tolerance", "0"),
        pairs=tuple(
            Pair(pair.text("left"), pair.text("right")) for pair in filled.records("pairs")
        ),
        previously=filled.word("previously"),
    )


def _choice(filled: ParsedRecord) -> Choice:
    if filled.has("right"):
        return Choice(filled.text("right"), True, filled.text("feedback"))
    return Choice(filled.text("wrong"), False, filled.text("feedback"))


def _answer(answer: TextWithPosition | ParsedRecord) -> Answer:
    if isinstance(answer, TextWithPosition):
        return Answer(answer.text)
    if answer.has("right"):
        return Answer(answer.text("right"), True, answer.text("feedback"))
    return Answer(answer.text("wrong"), False, answer.text("feedback"))
