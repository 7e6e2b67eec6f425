"""All keys of the format. The reader uses this table, and the JSON Schema is made from it."""

from __future__ import annotations

from typing import get_args

from bridge.curriculum.forms.form import Readers
from bridge.curriculum.forms.register import FIELD_RECORDS, FIELDS
from bridge.curriculum.forms.register import PART_RECORDS as FORM_PARTS
from bridge.curriculum.model import Access
from bridge.curriculum.question_types.register import PART_RECORDS, QUESTION_RECORDS
from bridge.curriculum.requirements.register import RECORDS as REQUIREMENT_RECORDS
from bridge.curriculum.requirements.register import REQUIREMENTS
from bridge.curriculum.schema.audience_fields import AUDIENCE, AUDIENCE_SHAPE, OPEN_AUDIENCE_SHAPE
from bridge.curriculum.schema.expectation_fields import EXPECTATION_RECORDS, EXPECTATIONS
from bridge.curriculum.schema.program_fields import PROGRAM_RECORDS
from bridge.curriculum.schema.topic_fields import TOPIC_RECORDS
from bridge.curriculum.value_types import (
    ILLUSTRATED,
    MARKDOWN,
    MAX_COURSE_TITLE_LENGTH,
    PREVIOUSLY,
    SENTENCE,
    TITLE,
    YES_OR_NO,
    Address,
    Date,
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

_CURRICULUM = Record(
    "curriculum",
    "A curriculum. This is the file curriculum.yaml in the curriculum's folder.",
    (
        Field(
            "curriculum", Name(30), "The curriculum's key: a permanent ID, not shown to learners."
        ),
        titled("The name of the curriculum.", MAX_COURSE_TITLE_LENGTH),
        optional("summary", MARKDOWN, "What the curriculum is about and who it is for (Markdown)."),
        optional(
            "languages",
            ListOf(LanguageCode()),
            "The languages the texts are written in; the first is the default.",
            "en",
        ),
        Field(
            "milestones",
            ListOf(Name(refers=True)),
            "The keys of the milestones, in order. Each milestone has its own file.",
        ),
    ),
)

_MILESTONE = Record(
    "milestone",
    "A milestone with its course and its requirements. Each milestone has its own file.",
    (
        Field("milestone", Name(), "The milestone's key: a permanent ID, not shown to learners."),
        PREVIOUSLY,
        titled("The name of the milestone and of its course.", MAX_COURSE_TITLE_LENGTH),
        Field(
            "audience",
            AUDIENCE_SHAPE,
            "Who the milestone is for.",
        ),
        Field(
            "access",
            Word(get_args(Access)),
            "open: anyone can read it without signing in; account: members sign "
            "in, and their results are recorded.",
        ),
        Field("summary", MARKDOWN, "What this milestone is about (Markdown)."),
        Field(
            "expectations",
            EXPECTATIONS,
            "The minimum expected at this level, one sentence each. Members see it.",
        ),
        optional(
            "entry",
            OneOf(("entry",), "an entry"),
            "Who is enrolled. Default: everyone who has earned the previous milestone.",
        ),
        Field("course", OneOf(("course",), "a course"), "The course in Moodle."),
        Field(
            "requirements",
            REQUIREMENTS,
            "What a member must do to earn the milestone. All of these.",
        ),
        optional(
            "acknowledgement",
            OneOf(("acknowledgement",), "an acknowledgement"),
            "The message and the badge that members get when they earn the milestone.",
        ),
        optional(
            "next", MARKDOWN, "What to do next, shown after the milestone is earned (Markdown)."
        ),
    ),
)

_ENTRY = Record(
    "entry",
    "Who is enrolled in the milestone's course.",
    (
        optional(
            "after",
            ListOf(Name(refers=True), minimum=0),
            "The milestones that a member must have earned first. All of these.",
            "the previous milestone in the list",
        ),
        optional(
            "role", Name(is_role=True), "A role that the member must also have, such as `steward`."
        ),
    ),
)

_COURSE = Record(
    "course",
    "The milestone's course in Moodle.",
    (
        Field(
            "sections", ListOf(OneOf(("section",), "a section")), "The course's sections, in order."
        ),
    ),
)

_SECTION = Record(
    "section",
    "One section of a course.",
    (
        Field("section", Name(), "The section's key, unique in the curriculum."),
        PREVIOUSLY,
        titled("The section's heading."),
        optional("summary", ILLUSTRATED, "A short text below the heading (Markdown)."),
        Field(
            "activities",
            ListOf(OneOf(("page", "link", "quiz"), "an activity")),
            "Pages, links and quizzes, in order.",
        ),
    ),
)

_PAGE = Record(
    "page",
    "A page to read.",
    (
        Field("page", Name(), "The page's key, unique in the curriculum."),
        PREVIOUSLY,
        titled("The page's name."),
        Field("body", ILLUSTRATED, "The text of the page (Markdown)."),
    ),
)

_LINK = Record(
    "link",
    "A web address to open.",
    (
        Field("link", Name(), "The link's key, unique in the curriculum."),
        PREVIOUSLY,
        titled("The link's name."),
        Field("url", Address(), "The web address, beginning with https:// or http://."),
        optional("description", ILLUSTRATED, "What members find there (Markdown)."),
    ),
)

_QUIZ = Record(
    "quiz",
    "A quiz without a time limit. Members can try any number of times; the best attempt counts.",
    (
        Field("quiz", Name(), "The quiz's key, unique in the curriculum."),
        PREVIOUSLY,
        titled("The quiz's name."),
        optional("intro", ILLUSTRATED, "A text shown before the quiz begins (Markdown)."),
        optional("pass", Integer(1, 100, per_cent=True), "The pass mark, in per cent.", "70"),
        Field(
            "questions",
            ListOf(
                OneOf(tuple(record.name for record in QUESTION_RECORDS), "a question", by="type")
            ),
            "The quiz's questions.",
        ),
    ),
)

_ACKNOWLEDGEMENT = (
    Record(
        "acknowledgement",
        "The message and the badge that members get when they earn the milestone.",
        (
            optional("message", MARKDOWN, "The message in the email to the member (Markdown)."),
            optional(
                "in-moodle",
                YES_OR_NO,
                "Also send the message in Moodle, which by default sends an email about it.",
                "no",
            ),
            optional("badge", OneOf(("badge",), "a badge"), "The badge that members get."),
        ),
    ),
    Record(
        "badge",
        "The badge that members get when they earn the milestone.",
        (
            Field("name", TITLE, "The badge's name."),
            optional("description", SENTENCE, "What the badge says about the member."),
            optional("image", ImageFile(), "A PNG in this folder, at most 256 KiB."),
        ),
    ),
)

_FORMS = (
    Record(
        "forms",
        "The curriculum's forms. This is the file forms.yaml in the curriculum's folder.",
        (Field("forms", ListOf(OneOf(("form",), "a form")), "The forms, in order."),),
    ),
    Record(
        "form",
        "A form to fill in on the web pages.",
        (
            Field(
                "form", Name(), "The form's key, unique in the curriculum. It is in its address."
            ),
            optional(
                "previously",
                Name(),
                "The key this had before. Set it when you rename a form, so that drafts and "
                "submissions are kept.",
            ),
            titled("The name of the form."),
            optional("introduction", MARKDOWN, "A text above the first field (Markdown)."),
            optional("audience", OPEN_AUDIENCE_SHAPE, "Who can fill in the form.", "members"),
            optional("closes", Date(), "The last day to send the form, such as 2027-01-31."),
            optional(
                "readers",
                Word(get_args(Readers)),
                "Who reads what was sent. Only `committee` includes the auditors; with another "
                "value, the committee does not see it.",
                "committee",
            ),
            Field("fields", FIELDS, "The fields, in order."),
        ),
    ),
)

RECORDS: dict[str, Record] = {
    record.name: record
    for record in (
        _CURRICULUM,
        _MILESTONE,
        AUDIENCE,
        *EXPECTATION_RECORDS,
        _ENTRY,
        _COURSE,
        _SECTION,
        _PAGE,
        _LINK,
        _QUIZ,
        *QUESTION_RECORDS,
        *PART_RECORDS,
        *REQUIREMENT_RECORDS,
        *_ACKNOWLEDGEMENT,
        *_FORMS,
        *FIELD_RECORDS,
        *FORM_PARTS,
        *TOPIC_RECORDS,
        *PROGRAM_RECORDS,
    )
}

_NO_LIMITS_POLICY = Message(
    "quizzes have no time limit and can be repeated as often as members "
    "like, because the aim is to check knowledge, not to weed people out"
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
    _NO_LIMITS_POLICY,
)
"""Keys that are not allowed (in lower case, without `-` and `_`) -> the reason."""
