"""The keys of an expectation, and of what trains it."""

from __future__ import annotations

from bridge.curriculum.value_types import INLINE, Field, ListOf, Name, OneOf, Record, optional

TRAINER_RECORDS = tuple(
    Record(
        f"trained-by-{kind}",
        about,
        (Field(kind, Name(refers=kind in ("page", "link", "quiz")), what),),
    )
    for kind, about, what in (
        ("page", "A page that trains it.", "The page that trains it."),
        ("link", "A link that trains it.", "The link that trains it."),
        ("quiz", "A quiz that assesses it.", "The quiz that assesses it."),
        ("session", "A live session that trains it.", "The session that trains it."),
        ("signoff", "A sign-off that assesses it.", "The sign-off that assesses it."),
    )
)

_EXPECTATION = Record(
    "expectation",
    "An expectation, with what trains it and what assesses it.",
    (
        Field("expectation", INLINE, "What is expected, in one sentence."),
        optional(
            "trained-by",
            ListOf(OneOf(tuple(record.name for record in TRAINER_RECORDS), "a part")),
            "What trains it (pages, links, sessions) and what assesses it (quizzes, sign-offs).",
        ),
    ),
)

EXPECTATIONS = ListOf(OneOf((_EXPECTATION.name,), "an expectation", text=INLINE))
"""The shape of the list of expectations. One without `trained-by` may be a plain text."""
EXPECTATION_RECORDS = (_EXPECTATION, *TRAINER_RECORDS)
