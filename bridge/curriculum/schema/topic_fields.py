"""The keys of sessions.yaml."""

from __future__ import annotations

from typing import get_args

from bridge.curriculum.schema.audience_fields import OPEN_AUDIENCE_SHAPE
from bridge.curriculum.topics import DEFAULT_ATTEND, DEFAULT_MINUTES, TopicCredit
from bridge.curriculum.value_types import (
    FORMER_KEYS,
    MARKDOWN,
    Field,
    Integer,
    ListOf,
    Name,
    OneOf,
    Record,
    Word,
    optional,
    titled,
)

MAX_MINUTES = 24 * 60
_FORMER_KEY = optional(
    "previously",
    FORMER_KEYS,
    "The key this had before, or a list of all former keys. Set it when you rename a key, so that "
    "attendance still counts.",
)

TOPIC_RECORDS = (
    Record(
        "sessions",
        "The topics of live sessions. This is the file sessions.yaml in the curriculum's folder.",
        (Field("sessions", ListOf(OneOf(("topic",), "a topic")), "The topics, in order."),),
    ),
    Record(
        "topic",
        "What a live session teaches. When it takes place is scheduled on the pages.",
        (
            Field("session", Name(), "The topic's key, unique in the curriculum."),
            _FORMER_KEY,
            titled("The name of the session."),
            optional("description", MARKDOWN, "What people learn there (Markdown)."),
            optional(
                "audience",
                OPEN_AUDIENCE_SHAPE,
                "Who is invited. With `everyone`, no account is needed.",
                "members",
            ),
            optional(
                "minutes",
                Integer(5, MAX_MINUTES),
                "How long one session takes, in minutes.",
                str(DEFAULT_MINUTES),
            ),
            optional(
                "parts",
                ListOf(OneOf(("part",), "a part"), minimum=2),
                "The parts of a series, in order. Each part is a session of its own.",
            ),
            optional(
                "credit",
                Word(get_args(TopicCredit)),
                "What counts towards a milestone: every part of the series, any one, or nothing.",
                "all-parts",
            ),
            optional(
                "attend",
                Integer(1, 100, per_cent=True),
                "How much of the time counts as attended, in per cent.",
                str(DEFAULT_ATTEND),
            ),
        ),
    ),
    Record(
        "part",
        "One part of a series.",
        (
            Field("part", Name(), "The part's key, unique in its topic."),
            _FORMER_KEY,
            titled("The name of the part."),
        ),
    ),
)
