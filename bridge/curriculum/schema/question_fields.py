"""The keys of the question types: the second part of the table of keys."""

from __future__ import annotations

from bridge.curriculum.value_types import (
    INLINE,
    MARKDOWN,
    MAX_TITLE_LENGTH,
    PLAIN,
    PREVIOUSLY,
    Decimal,
    Field,
    ListOf,
    Name,
    OneOf,
    Record,
    TranslatedText,
    Word,
    optional,
)

_FEEDBACK = "The explanation shown after answering (Markdown)."


def _question(kind: str, about: str, *keys: Field) -> Record:
    shared = (
        Field("question", Name(), "The question's key, unique in its quiz."),
        PREVIOUSLY,
        Field(
            "type",
            Word((kind,)),
            "one, many, true-false, short, number or match.",
        ),
        Field("text", MARKDOWN, "The text of the question (Markdown)."),
        optional("feedback", MARKDOWN, f"{_FEEDBACK} Required unless every answer has its own."),
    )
    return Record(f"{kind}-question", about, (*shared, *keys))


_CHOICES = ListOf(OneOf(("right-choice", "wrong-choice"), "a choice"), minimum=2)

QUESTIONS = (
    _question(
        "one",
        "A question with exactly one right choice.",
        Field("choices", _CHOICES, "One right choice and at least one wrong one."),
    ),
    _question(
        "many",
        "A question with several right choices. Each wrong choice takes marks away.",
        Field("choices", _CHOICES, "At least one right and one wrong choice, at most ten of each."),
    ),
    _question(
        "true-false",
        "A statement that is true or false.",
        Field("correct", Word(("true", "false", "yes", "no")), "The right answer."),
        optional("if-true", MARKDOWN, "The explanation for members who answered true."),
        optional("if-false", MARKDOWN, "The explanation for members who answered false."),
    ),
    _question(
        "short",
        "A word or a few words that the member types. Upper and lower case are the same.",
        Field(
            "answers",
            ListOf(OneOf(("right-answer", "wrong-answer"), "an answer", text=PLAIN)),
            "The accepted answers; `*` matches any characters.",
        ),
    ),
    _question(
        "number",
        "A number that the member types.",
        Field("number", Decimal(), "The right number."),
        optional("tolerance", Decimal(0), "How far an answer may be from the right number.", "0"),
    ),
    _question(
        "match",
        "Pairs to match.",
        Field(
            "pairs",
            ListOf(OneOf(("pair", "extra-pair"), "a pair"), minimum=2),
            "At least two pairs, and at least three different right sides.",
        ),
    ),
)

ANSWERS = (
    Record(
        "right-choice",
        "A right choice.",
        (
            Field("right", INLINE, "A right choice."),
            optional("feedback", MARKDOWN, _FEEDBACK),
        ),
    ),
    Record(
        "wrong-choice",
        "A wrong choice.",
        (
            Field("wrong", INLINE, "A wrong choice."),
            optional("feedback", MARKDOWN, _FEEDBACK),
        ),
    ),
    Record(
        "right-answer",
        "An accepted answer.",
        (
            Field("right", PLAIN, "An accepted answer."),
            optional("feedback", MARKDOWN, _FEEDBACK),
        ),
    ),
    Record(
        "wrong-answer",
        "A wrong answer that you expect, with its explanation.",
        (
            Field("wrong", PLAIN, "A wrong answer that you expect."),
            optional("feedback", MARKDOWN, _FEEDBACK),
        ),
    ),
    Record(
        "pair",
        "Two sides that belong together.",
        (
            Field("left", INLINE, "The left side."),
            Field(
                "right",
                TranslatedText("none", MAX_TITLE_LENGTH, may_be_quoted=True),
                "The right side, which members choose from a list.",
            ),
        ),
    ),
    Record(
        "extra-pair",
        "An extra right side that matches nothing.",
        (
            Field(
                "right",
                TranslatedText("none", MAX_TITLE_LENGTH, may_be_quoted=True),
                "A right side that matches nothing.",
            ),
        ),
    ),
)
