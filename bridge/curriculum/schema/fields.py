"""Every key of the format, once: the reader is driven by this table, the schema made from it."""

from __future__ import annotations

from bridge.curriculum.schema.question_fields import ANSWERS, QUESTIONS
from bridge.curriculum.schema.value_types import (
    INLINE,
    MARKDOWN,
    MAX_COURSE_TITLE_LENGTH,
    PLAIN,
    PREVIOUSLY,
    TITLE,
    Address,
    Field,
    ImageFile,
    Integer,
    LanguageCode,
    ListOf,
    Name,
    OneOf,
    Record,
    Word,
    optional,
    titled,
)
from bridge.messages import Message

REQUIREMENTS = ListOf(
    OneOf(
        (
            "quiz-requirement",
            "page-requirement",
            "link-requirement",
            "signoff",
            "role",
            "any",
            "at-least",
        ),
        "a requirement",
    )
)

_CURRICULUM = Record(
    "curriculum",
    "One whole path; the file curriculum.yaml in the curriculum's folder.",
    (
        Field("curriculum", Name(30), "The curriculum's key. Stable for ever, never shown."),
        titled("The name of the whole path.", MAX_COURSE_TITLE_LENGTH),
        optional("summary", MARKDOWN, "What the path is and whom it is for (Markdown)."),
        optional(
            "languages",
            ListOf(LanguageCode()),
            "The languages the texts are written in; the first is the default.",
            "en",
        ),
        Field(
            "milestones",
            ListOf(Name()),
            "The keys of the milestones in their order; each has a file of its own.",
        ),
    ),
)

_MILESTONE = Record(
    "milestone",
    "One step of the path, with its course and what earns it; one file.",
    (
        Field("milestone", Name(), "The milestone's key. Stable for ever, never shown."),
        PREVIOUSLY,
        titled("The milestone's name, and its course's.", MAX_COURSE_TITLE_LENGTH),
        Field("audience", Word(("members", "stewards")), "Whom the milestone is meant for."),
        Field(
            "access",
            Word(("open", "account")),
            "open: readable without an account; account: sign-in, and what is done is recorded.",
        ),
        Field("summary", MARKDOWN, "What this step is about (Markdown)."),
        Field(
            "expectations",
            ListOf(INLINE),
            "The minimum expected at this level, one sentence each; shown to the member.",
        ),
        optional(
            "entry",
            OneOf(("entry",), "an entry"),
            "Who is enrolled. Left out: whoever has earned the milestone before.",
        ),
        Field("course", OneOf(("course",), "a course"), "What is learned in Moodle."),
        Field(
            "requirements",
            REQUIREMENTS,
            "What earns the milestone; all of them must hold.",
        ),
        optional(
            "acknowledgement",
            OneOf(("acknowledgement",), "an acknowledgement"),
            "What the member is told, and the badge, when the milestone is earned.",
        ),
        optional("next", MARKDOWN, "Guidance for going further, shown afterwards (Markdown)."),
    ),
)

_ENTRY = Record(
    "entry",
    "Who is enrolled in the milestone's course.",
    (
        optional(
            "after",
            ListOf(Name(), minimum=0),
            "The milestones that must be earned before; all of them.",
            "the milestone before in the list",
        ),
        optional("role", Name(), "The role a member must hold as well, such as `steward`."),
    ),
)

_COURSE = Record(
    "course",
    "The milestone's course in Moodle.",
    (
        Field(
            "sections", ListOf(OneOf(("section",), "a section")), "The course's sections in order."
        ),
    ),
)

_SECTION = Record(
    "section",
    "One section of a course.",
    (
        Field("section", Name(), "The section's key, used once in the curriculum."),
        PREVIOUSLY,
        titled("The section's heading."),
        optional("summary", MARKDOWN, "A few words under the heading (Markdown)."),
        Field(
            "activities",
            ListOf(OneOf(("page", "link", "quiz"), "an activity")),
            "Pages, links and quizzes in order.",
        ),
    ),
)

_PAGE = Record(
    "page",
    "A page to read.",
    (
        Field("page", Name(), "The page's key, used once in the curriculum."),
        PREVIOUSLY,
        titled("The page's name."),
        Field("body", MARKDOWN, "The page itself (Markdown)."),
    ),
)

_LINK = Record(
    "link",
    "A web address to open.",
    (
        Field("link", Name(), "The link's key, used once in the curriculum."),
        PREVIOUSLY,
        titled("The link's name."),
        Field("url", Address(), "The web address, beginning with https:// or http://."),
        optional("description", MARKDOWN, "What is found there (Markdown)."),
    ),
)

_QUIZ = Record(
    "quiz",
    "An untimed quiz: any number of attempts, the best one counts.",
    (
        Field("quiz", Name(), "The quiz's key, used once in the curriculum."),
        PREVIOUSLY,
        titled("The quiz's name."),
        optional("intro", MARKDOWN, "What is shown before the quiz begins (Markdown)."),
        optional("pass", Integer(1, 100), "The pass mark in per cent.", "70"),
        Field(
            "questions",
            ListOf(
                OneOf(
                    (
                        "one-question",
                        "many-question",
                        "true-false-question",
                        "short-question",
                        "number-question",
                        "match-question",
                    ),
                    "a question",
                    by="type",
                )
            ),
            "The quiz's questions.",
        ),
    ),
)

_REQUIREMENTS = (
    Record(
        "quiz-requirement",
        "Passing a quiz of this curriculum.",
        (Field("quiz", Name(), "The quiz to pass."),),
    ),
    Record(
        "page-requirement",
        "Reading a page of this curriculum.",
        (Field("page", Name(), "The page to read."),),
    ),
    Record(
        "link-requirement",
        "Opening a link of this curriculum.",
        (Field("link", Name(), "The link to open."),),
    ),
    Record(
        "signoff",
        "Something done in person, which the committee records.",
        (
            Field("signoff", Name(), "What the committee records, such as `basic-training`."),
            optional("title", TITLE, "The same in words, as shown to the member."),
        ),
    ),
    Record(
        "role",
        "Holding a role.",
        (Field("role", Name(), "The role, such as `steward`."),),
    ),
    Record(
        "any",
        "One of several requirements is enough.",
        (Field("any", REQUIREMENTS, "The requirements of which one is enough."),),
    ),
    Record(
        "at-least",
        "Some of several requirements are enough.",
        (
            Field("at-least", Integer(1, 100), "How many of them are enough."),
            Field("of", REQUIREMENTS, "The requirements to choose from."),
        ),
    ),
)

_ACKNOWLEDGEMENT = (
    Record(
        "acknowledgement",
        "What a member is told, and quoted, on earning the milestone.",
        (
            optional("message", MARKDOWN, "The message sent to the member (Markdown)."),
            optional("badge", OneOf(("badge",), "a badge"), "The badge given."),
        ),
    ),
    Record(
        "badge",
        "The badge given on earning the milestone.",
        (
            Field("name", TITLE, "The badge's name."),
            optional("description", PLAIN, "What the badge stands for."),
            optional("image", ImageFile(), "A PNG in this folder, at most 256 KiB."),
        ),
    ),
)

RECORDS: dict[str, Record] = {
    record.name: record
    for record in (
        _CURRICULUM,
        _MILESTONE,
        _ENTRY,
        _COURSE,
        _SECTION,
        _PAGE,
        _LINK,
        _QUIZ,
        *QUESTIONS,
        *ANSWERS,
        *_REQUIREMENTS,
        *_ACKNOWLEDGEMENT,
    )
}

_UNTIMED = Message(
    "quizzes are untimed and may be repeated without limit by policy: "
    "the aim is that knowledge is ascertained, not that people are weeded out"
)

REFUSED: dict[str, Message] = dict.fromkeys(
    (
        "time",
        "timelimit",
        "timer",
        "timeopen",
        "timeclose",
        "timed",
        "minutes",
        "seconds",
        "duration",
        "open",
        "opens",
        "opendate",
        "close",
        "closes",
        "closing",
        "closedate",
        "closingdate",
        "deadline",
        "due",
        "duedate",
        "until",
        "expires",
        "expiry",
        "availableuntil",
        "attempts",
        "maxattempts",
        "attemptlimit",
        "attemptsallowed",
        "tries",
    ),
    _UNTIMED,
)
"""Keys nobody may add, in lower case without `-` and `_`, with the reason."""
