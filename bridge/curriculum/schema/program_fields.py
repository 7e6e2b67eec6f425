"""The keys of programs.yaml."""

from __future__ import annotations

from typing import get_args

from bridge.curriculum.forms.register import FIELDS
from bridge.curriculum.programs import DEFAULT_INACTIVE_DAYS, PairKind, Reviewers
from bridge.curriculum.schema.audience_fields import AUDIENCE_SHAPE
from bridge.curriculum.value_types import (
    MARKDOWN,
    PREVIOUSLY,
    Date,
    Email,
    Field,
    Integer,
    Label,
    ListOf,
    Moment,
    Name,
    OneOf,
    Record,
    Word,
    ZoneName,
    optional,
    titled,
)

MAX_POINTS = 100
MAX_SEATS = 10_000
MAX_HOURS = 1000
MAX_LOST_TIME_DAYS = 10_000
MAX_INACTIVE_DAYS = 365
_FORM = OneOf(("program-form",), "a form")

PROGRAM_RECORDS = (
    Record(
        "programs",
        "The programs that members apply to. This is the file programs.yaml in the curriculum's "
        "folder.",
        (Field("programs", ListOf(OneOf(("program",), "a program")), "The programs, in order."),),
    ),
    Record(
        "program",
        "A program that members apply to, in rounds.",
        (
            Field("program", Name(), "The program's key, unique in the curriculum."),
            PREVIOUSLY,
            optional(
                "kind",
                Word(("program", "mentoring")),
                "`mentoring` if mentees and mentors apply, and work in pairs.",
                "program",
            ),
            titled("The name of the program."),
            optional("description", MARKDOWN, "What the program is about (Markdown)."),
            optional("audience", AUDIENCE_SHAPE, "Who is invited to apply.", "members"),
            optional("eligible", AUDIENCE_SHAPE, "Who can apply.", "members"),
            optional("form", _FORM, "The form to apply with, unless it is mentoring."),
            optional("mentee-form", _FORM, "The form of mentees."),
            optional("mentor-form", _FORM, "The form of mentors."),
            optional(
                "criteria",
                ListOf(OneOf(("criterion",), "a criterion")),
                "What reviewers score, in order.",
            ),
            optional(
                "reviewers",
                ListOf(Word(get_args(Reviewers)), or_word=True),
                "Who reviews applications: those with the role `reviewer`, or the committee.",
                "reviewers",
            ),
            Field("rounds", ListOf(OneOf(("round",), "a round")), "The rounds, in order."),
            optional(
                "parts",
                ListOf(OneOf(("mentoring-part",), "a part")),
                "The parts of a mentoring program, in order.",
            ),
            optional(
                "kinds",
                ListOf(Word(get_args(PairKind)), or_word=True),
                "Mentoring: the kinds of pairs. classic: a mentor with experience; peer: two "
                "equals; reverse: the newer member teaches.",
                "classic",
            ),
            optional(
                "lost-time",
                OneOf(("lost-time",), "a budget"),
                "Mentoring: the days that all pairs of a round can use together.",
                "none",
            ),
            optional(
                "equity",
                ListOf(OneOf(("equity-goal",), "a goal")),
                "Mentoring: goals for the statistics after a round. Not used for matching.",
            ),
            optional(
                "concerns",
                OneOf(("concerns",), "a person"),
                "Mentoring: who gets concerns about the other person of a pair. Not a member of "
                "the committee.",
            ),
            optional(
                "inactive-days",
                Integer(1, MAX_INACTIVE_DAYS),
                "Mentoring: after how many days without an entry both are asked how it goes.",
                str(DEFAULT_INACTIVE_DAYS),
            ),
        ),
    ),
    Record(
        "program-form",
        "The form to apply with.",
        (
            optional("introduction", MARKDOWN, "A text above the first field (Markdown)."),
            Field("fields", FIELDS, "The fields, in order, as in forms.yaml."),
        ),
    ),
    Record(
        "criterion",
        "Something that reviewers score.",
        (
            Field("criterion", Name(), "The criterion's key, unique in its program."),
            titled("What is scored."),
            Field("points", Integer(1, MAX_POINTS), "The most points that a reviewer can give."),
            optional("help", MARKDOWN, "What reviewers look for (Markdown)."),
        ),
    ),
    Record(
        "round",
        "One round of applications.",
        (
            Field(
                "round",
                Name(may_be_year=True),
                "The round's key, unique in its program, such as `2027`.",
            ),
            Field("opens", Date(), "The first day to apply, such as 2027-01-10."),
            Field(
                "closes",
                Moment(),
                "The last day to apply, and the time if it is not the end of the day, such as "
                "2027-02-10 17:00.",
            ),
            optional(
                "timezone",
                ZoneName(),
                "The time zone of `closes`, such as America/Toronto.",
                "the union's time zone",
            ),
            Field("starts", Date(), "The first day of the program itself."),
            Field("ends", Date(), "The last day of the program itself."),
            optional("seats", Integer(1, MAX_SEATS), "How many can be accepted.", "no limit"),
        ),
    ),
    Record(
        "mentoring-part",
        "A part of a mentoring program: sessions to attend, hours and tasks.",
        (
            Field("part", Name(), "The part's key, unique in its program."),
            PREVIOUSLY,
            titled("The name of the part."),
            optional(
                "sessions",
                ListOf(Name(refers=True)),
                "The sessions to attend: keys of topics in sessions.yaml.",
            ),
            optional("hours", Integer(1, MAX_HOURS), "The hours to spend together.", "none"),
            optional("tasks", ListOf(OneOf(("task",), "a task")), "The tasks, in order."),
        ),
    ),
    Record(
        "task",
        "Something to do, which the mentor signs off.",
        (
            Field("task", Name(), "The task's key, unique in its part."),
            PREVIOUSLY,
            titled("What to do."),
        ),
    ),
    Record(
        "lost-time",
        "How much lost time the pairs of a round can use together.",
        (Field("days", Integer(1, MAX_LOST_TIME_DAYS), "The days of the whole round."),),
    ),
    Record(
        "equity-goal",
        "A group for the statistics after a round, and its goal.",
        (
            Field("group", Name(), "The group's key, unique in its program."),
            titled("The name of the group."),
            Field("goal", Integer(1, 100, per_cent=True), "The goal, in per cent."),
        ),
    ),
    Record(
        "concerns",
        "A person outside the committee who gets concerns.",
        (
            Field("name", Label(100), "The person's name, as members see it."),
            Field("email", Email(), "The person's email address."),
        ),
    ),
)
