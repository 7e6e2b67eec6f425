"""The glossary: what the words on the pages mean. The one table of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext as _

TermKey = Literal[
    "account-question",
    "activity-log",
    "activity",
    "attendance",
    "badge",
    "chair",
    "committee",
    "contact-request",
    "credit",
    "curriculum",
    "delivery",
    "difference",
    "enrolment",
    "follow-up",
    "form",
    "leader",
    "member",
    "member-number",
    "milestone",
    "moodle",
    "moodle-account",
    "person",
    "preview",
    "publish",
    "quiz",
    "region",
    "requirement",
    "role",
    "seat",
    "session",
    "sign-off",
    "topic",
    "waiting-list",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Term:
    """A word, and what it means here. `key`: the part of the glossary's address."""

    key: TermKey
    word: str
    meaning: str


TERMS: Mapping[TermKey, tuple[str, str]] = {
    "account-question": (
        _("Account question, number question"),
        _(
            "A Moodle account or a member number that may belong to a member, without certainty. "
            "Someone on the committee compares the two and answers."
        ),
    ),
    "activity-log": (
        _("Activity log"),
        _("The list of what people and programs did here. Entries can't be edited."),
    ),
    "activity": (
        _("Activity"),
        _("Something to do in a course: a quiz, a page to read, or a link to open."),
    ),
    "attendance": (
        _("Attendance"),
        _("Whether someone took part in a session, according to its leader, a code or a file."),
    ),
    "badge": (_("Badge"), _("The badge in Moodle that comes with a milestone.")),
    "chair": (
        _("Chair"),
        _("The person who chairs a region's training committee. A chair sees their own regions."),
    ),
    "committee": (
        _("Committee"),
        _("The education committee: it runs the courses and decides what counts."),
    ),
    "contact-request": (
        _("Contact request"),
        _("A message from someone who wants a steward to contact them."),
    ),
    "credit": (
        _("Credit"),
        _(
            "Something that counts towards a milestone and isn't a quiz: a sign-off, a session, a "
            "certificate."
        ),
    ),
    "curriculum": (
        _("Curriculum"),
        _("A whole programme: its milestones in order, with their courses and requirements."),
    ),
    "delivery": (
        _("Update"),
        _(
            "A change to make in Moodle, such as an enrolment or a badge, or an email to a member. "
            "It is retried until it is done."
        ),
    ),
    "difference": (
        _("Difference in Moodle"),
        _("Something that was changed in Moodle by hand, so that it isn't what it should be."),
    ),
    "enrolment": (_("Enrolment"), _("A member's place in the course of a milestone.")),
    "follow-up": (
        _("Follow-up"),
        _("A member who has worked on a milestone for long without earning it needs a word."),
    ),
    "form": (_("Form"), _("Questions of the committee that members or guests answer here.")),
    "leader": (_("Leader"), _("Someone who leads a session: a member or an outside speaker.")),
    "member": (
        _("Member"),
        _("Someone who has signed up or is in the membership system, with their own record."),
    ),
    "member-number": (
        _("Member number"),
        _("The number that the union gives a member. It tells two people of one name apart."),
    ),
    "milestone": (
        _("Milestone"),
        _("One step of the curriculum, such as becoming a steward. A member reaches it once."),
    ),
    "moodle": (_("Moodle"), _("The website where members take the courses and quizzes.")),
    "moodle-account": (
        _("Moodle account"),
        _("What a member signs in to Moodle with. Results reach the member through it."),
    ),
    "person": (
        _("Person"),
        _("Someone the union is in touch with by email, whether a member or not."),
    ),
    "preview": (
        _("Preview changes"),
        _("Shows what publishing would change in Moodle, without changing it."),
    ),
    "publish": (
        _("Publish to Moodle"),
        _("Changes the courses in Moodle to what the course content says."),
    ),
    "quiz": (
        _("Quiz"),
        _("Questions with explanations, without a time limit. You can repeat it at any time."),
    ),
    "region": (_("Region"), _("A part of the union. It may have a chair and contacts.")),
    "requirement": (
        _("Requirement"),
        _("A condition for reaching a milestone: a quiz, a sign-off, a session, a role."),
    ),
    "role": (
        _("Role"),
        _("What a member is in the union, such as steward, from one day to another."),
    ),
    "seat": (_("Seat"), _("A place in a session, online or in person. There may be a limit.")),
    "session": (
        _("Session"),
        _("A live training at a certain time, online or in person."),
    ),
    "sign-off": (
        _("Sign-off"),
        _("Someone confirms that a member has done something that no quiz can test."),
    ),
    "topic": (
        _("Topic"),
        _("What a session is about. It can take place many times, and in several parts."),
    ),
    "waiting-list": (
        _("Waiting list"),
        _("Who gets the next free seat. The list moves up by itself, in order."),
    ),
    "withdraw": (
        _("Withdraw"),
        _("Takes back a sign-off, a credit or a milestone, with a reason. It stays on record."),
    ),
}
"""The word and its meaning, by key."""


def terms(*keys: TermKey) -> Sequence[Term]:
    """These terms, or all of them if none is named, in the order of the alphabet."""
    found = [Term(key, *map(str, TERMS[key])) for key in keys or TERMS]
    return sorted(found, key=lambda term: term.word.casefold())
