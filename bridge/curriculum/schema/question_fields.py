"""The keys of a question of each type: the second half of the table of keys."""

from __future__ import annotations

from bridge.curriculum.schema.value_types import (
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

_FEEDBACK = "What is explained after answering (Markdown)."


def _question(kind: str, about: str, *keys: Field) -> Record:
    shared = (
        Field("question", Name(), "The question's key, used once in its quiz."),
        PREVIOUSLY,
        Field(
            "type",
            Word((kind,)),
            "one, many, true-false, short, number or match.",
        ),
        Field("text", MARKDOWN, "The question as asked (Markdown)."),
        optional("feedback", MARKDOWN, f"{_FEEDBACK} Needed unless every answer has its own."),
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
        "A question with several right choices; each wrong tick costs.",
        Field("choices", _CHOICES, "At least one right choice and one wrong; ten of each at most."),
    ),
    _question(
        "true-false",
        "A statement that is true or false.",
        Field("correct", Word(("true", "false", "yes", "no")), "The right answer."),
        optional("if-true", MARKDOWN, "What is explained to somebody who answered true."),
        optional("if-false", MARKDOWN, "What is explained to somebody who answered false."),
    ),
    _question(
        "short",
        "A word or a few, typed by the member; capital or small letters make no difference.",
        Field(
            "answers",
            ListOf(OneOf(("right-answer", "wrong-answer"), "an answer", text=PLAIN)),
            "The answers accepted; `*` stands for any run of characters.",
        ),
    ),
    _question(
        "number",
        "A number, typed by the member.",
        Field("number", Decimal(), "The right number."),
        optional("tolerance", Decimal(0), "How far off an answer may be.", "0"),
    ),
    _question(
        "match",
        "Pairs to be put together.",
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
        "A foreseen wrong answer, with its explanation.",
        (
            Field("wrong", PLAIN, "A foreseen wrong answer."),
            optional("feedback", MARKDOWN, _FEEDBACK),
        ),
    ),
    Record(
        "pair",
        "Two sides that belong together.",
        (
            Field("left", INLINE, "The left side, as shown."),
            Field(
                "right",
                TranslatedText("none", MAX_TITLE_LENGTH, may_be_quoted=True),
                "The right side, chosen from a list.",
            ),
        ),
    ),
    Record(
        "extra-pair",
        "One more wrong choice in the list of right sides.",
        (
            Field(
                "right",
                TranslatedText("none", MAX_TITLE_LENGTH, may_be_quoted=True),
                "A right side that fits nothing.",
            ),
        ),
    ),
)
