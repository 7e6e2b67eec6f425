"""Every kind of email, declared once: its template, label, variables and example."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NewType

from bridge.access.rights import Right
from bridge.config import Config, Contact, Region
from bridge.curriculum.model import Curriculum, Milestone, Text
from bridge.mail.mailings import COMMITTEE, DIGEST, NEW_MEMBERS, REMINDERS, SAVED_REPORTS, Mailing
from bridge.messages import Message

EmailKind = Literal[
    "welcome",
    "milestone",
    "milestone-withdrawn",
    "chair-notice",
    "sign-in",
    "confirm",
    "already",
    "contact",
    "digest",
    "reminder",
    "member-email",
    "member-email-test",
    "new-address",
    "address-changed",
    "shared-address",
    "confirm-person",
    "form-link",
    "form-member",
    "alert",
    "team-invitation",
    "team-ended",
    "saved-report",
]
"""The core's kinds, as the database stores them."""

FeatureEmail = NewType("FeatureEmail", str)
"""A kind of email that a feature sends."""

ExamplePer = Literal["union", "curriculum", "milestone"]
"""One example in all, one for each curriculum, or one for each milestone."""


@dataclass(frozen=True, slots=True)
class ExampleData:
    """What the examples of emails are about. `following` is None after the last milestone."""

    config: Config
    curriculum: Curriculum
    milestone: Milestone
    following: Milestone | None
    region: Region

    def page(self, milestone: Milestone) -> str:
        """The link to a milestone's page."""
        return f"{self.config.service.url}/path/{self.curriculum.key}/{milestone.key}"

    @property
    def link(self) -> str:
        return f"{self.config.service.url}/an-example"


ExampleValue = str | int | Sequence[object] | Callable[[ExampleData], object]


@dataclass(frozen=True, slots=True)
class EmailDeclaration:
    """One kind of email.

    `template`: the path below `templates/mail/<language>/`, without `.txt.j2` and `.html.j2`.
    `label`: what the committee calls it. `variables`: all that the template may use, besides
    `union` (UnionSettings) and `unsubscribe` (a link or ''), each with an example. `mailing`: what
    the recipient can unsubscribe from; None if it is transactional: it answers an action of
    theirs, or tells them what they must know. `needs`: the confidential right that
    one needs to see in lists who gets such an email and about what; None if the committee may.
    """

    template: str
    label: Message
    variables: Mapping[str, ExampleValue]
    mailing: Mailing | None = None
    needs: Right | None = None
    example_per: ExamplePer = "union"

    def example(self, data: ExampleData) -> dict[str, object]:
        """The variables with their examples."""
        return {
            name: value(data) if callable(value) else value
            for name, value in self.variables.items()
        }


Emails = Mapping[EmailKind | FeatureEmail, EmailDeclaration]
"""Kinds of emails, each with its declaration."""

EXAMPLE_REGION = Region(
    name="North",
    director=Contact(name="Lee Example", email="director@example.org", phone="+1 555 0101"),
    contacts=(Contact(name="Help Desk", email="help@example.org"),),
)
"""Used where no region is configured."""

_SUBJECT = Text((("en", "New courses this autumn"), ("fr", "Nouveaux cours cet automne")))
_TEXT = Text((("en", "Dear all,\n\n- **Hearings**"), ("fr", "Bonjour,\n\n- **Audiences**")))
_WRITTEN: dict[str, ExampleValue] = {
    "subject": lambda _data: _SUBJECT, "text": lambda _data: _TEXT, "reply_to": "",
}  # fmt: skip


def example_link(data: ExampleData) -> str:
    """The link in the example of an email."""
    return data.link


def _region_name(data: ExampleData) -> str:
    return data.region.name


def _digest_rows(data: ExampleData) -> list[Mapping[str, object]]:
    return [
        {"title": m.title.pick(data.config.language), "reached": 3 - n, "waiting": n, "days": 21}
        for n, m in enumerate(data.curriculum.milestones[:3])
    ]


EMAILS: Mapping[EmailKind, EmailDeclaration] = {
    "welcome": EmailDeclaration(
        "learning/welcome",
        Message("Welcome email"),
        {
            "first_name": "Kim",
            "curriculum": lambda data: data.curriculum,
            "milestone": lambda data: data.milestone,
            "link": lambda data: data.page(data.milestone),
            "region": lambda data: data.region,  # or None
            "missing": "",  # or what does not exist in Moodle yet: account, enrol
        },
        example_per="curriculum",
    ),
    "milestone": EmailDeclaration(
        "learning/milestone",
        Message("Email to the member"),
        {
            "first_name": "Kim",
            "curriculum": lambda data: data.curriculum,
            "reached": lambda data: data.milestone,
            "following": lambda data: data.following,
            "link": lambda data: data.page(data.following or data.milestone),
        },
        example_per="milestone",
    ),
    "milestone-withdrawn": EmailDeclaration(
        "learning/milestone-withdrawn",
        Message("Email about a withdrawn milestone"),
        {
            "first_name": "Kim",
            "curriculum": lambda data: data.curriculum,
            "title": lambda data: data.milestone.title,
            "contact": "help@example.org",  # where to ask for help
        },
    ),
    "chair-notice": EmailDeclaration(
        "region/new-member",
        Message("Email to the region's chair"),
        {
            "region": lambda data: data.region,
            "members": [("Kim Example", "1042"), ("Sam Example", "")],  # name, member number
        },
        mailing=NEW_MEMBERS,
    ),
    "sign-in": EmailDeclaration(
        "auth/sign-in",
        Message("Sign-in link"),
        {"link": example_link, "minutes": 15},  # how long the link works
    ),
    "confirm": EmailDeclaration(
        "signup/confirm",
        Message("Sign-up confirmation"),
        # `code`: the second way, for `minutes`.
        {"first_name": "Kim", "link": example_link, "days": 3, "code": "123456", "minutes": 30},
    ),
    # An existing member signs up again; the link or the code signs them in.
    "already": EmailDeclaration(
        "signup/already-member",
        Message("Notice: already signed up"),
        {"link": example_link, "code": "123456", "minutes": 30},
    ),
    "contact": EmailDeclaration(
        "region/contact-request",
        Message("Contact request"),
        {
            "region_name": _region_name,
            "name": "Kim Example",
            "email": "kim@example.org",
            "phone": "+1 555 0103",
            "about": lambda data: data.milestone.title.pick(data.config.language),
            "message": "I would like to become a steward.\nWho can I ask?",
            "because": "chair",  # why this person gets it: chair, director or committee
            "reply_to": "kim@example.org",
        },
    ),
    "digest": EmailDeclaration(
        "region/weekly-digest",
        Message("Weekly digest"),
        {
            "region_name": _region_name,
            "first": "2026-03-02",
            "last": "2026-03-08",
            "joined": 4,
            "milestones": _digest_rows,
            "link": example_link,
        },
        mailing=DIGEST,
    ),
    # To a member. `missing`: what they must still do: kind and title, or a group with its parts.
    "reminder": EmailDeclaration(
        "learning/reminder",
        Message("Reminder about a milestone"),
        {
            "first_name": "Kim",
            "path": "Member and Steward Path",
            "title": "New Steward",
            "missing": (
                {"kind": "quiz", "title": "Check what you know about the role"},
                {
                    "kind": "group",
                    "least": 1,
                    "parts": (
                        {"kind": "signoff", "title": "Basic steward training, in class"},
                        {"kind": "session", "title": "Steward Basics"},
                    ),
                },
            ),
            "link": lambda data: f"{data.config.service.url}/me",
            "contact": "help@example.org",  # where to ask for help, or ''
        },
        mailing=REMINDERS,
    ),
    # To many members. `text`: Markdown. `reply_to`: '' for the configured address.
    "member-email": EmailDeclaration(
        "members/written", Message("Email to members"), _WRITTEN, mailing=COMMITTEE
    ),
    # The same, to the one who writes it.
    "member-email-test": EmailDeclaration(
        "members/written", Message("Email to members: test"), _WRITTEN
    ),
    # To the operators. `problems`: pull, deliver, email.
    "alert": EmailDeclaration(
        "operations/alert",
        Message("Alert: jobs are failing"),
        {"problems": ("pull", "deliver", "email"), "hours": 6, "link": example_link},
    ),
    # To someone who is given roles. `roles`: each with the name of its region, or ''.
    "team-invitation": EmailDeclaration(
        "team/invitation",
        Message("Invitation to a role"),
        {
            "name": "Kim Example",
            "roles": lambda data: [("committee", ""), ("chair", data.region.name)],
            "by": "ana@example.org",
            "link": example_link,
            "days": 14,
        },
    ),
    "team-ended": EmailDeclaration(
        "team/ended",
        Message("Notice: a role has ended"),
        {
            "name": "Kim Example",
            "roles": lambda data: [("chair", data.region.name)],
            "by": "ana@example.org",
        },
    ),
    # To someone on the team. `report`: who-is-where, follow-up or coverage; `every`: weekly,
    # monthly or ''; `regions`: names, '' for none, with members; the rest is about coverage.
    "saved-report": EmailDeclaration(
        "team/report",
        Message("Report"),
        {
            "report": "follow-up",
            "name": "Waiting for a year",
            "by": "ana@example.org",
            "day": "2026-03-02",
            "every": "weekly",
            "total": 1042,
            "regions": lambda data: [(data.region.name, 1040), ("", 2)],
            "untrained": 0,
            "unassessed": 0,
            "link": lambda data: f"{data.config.service.url}/committee/follow-up",
        },
        mailing=SAVED_REPORTS,
    ),
    "new-address": EmailDeclaration(
        "auth/confirm-email",
        Message("Email address confirmation"),
        {"first_name": "Kim", "link": example_link, "minutes": 15},
    ),
    # To the former address. `contact`: an address for help.
    "address-changed": EmailDeclaration(
        "auth/email-changed",
        Message("Notice: email address changed"),
        {"first_name": "Kim", "contact": "education@example.org"},
    ),
    # Several members have the address, so it can't be used to sign in.
    "shared-address": EmailDeclaration(
        "auth/shared-email",
        Message("Notice: email address shared by several members"),
        {"contact": "education@example.org"},
    ),
    # Someone who may not be a member.
    "confirm-person": EmailDeclaration(
        "auth/confirm-person",
        Message("Confirmation of a person's email address"),
        {"name": "Kim Example", "link": example_link, "days": 7},
    ),
    # Someone without an account asked for a link to a form that is for everyone.
    "form-link": EmailDeclaration(
        "forms/link",
        Message("Link to a form"),
        {"name": "Kim Example", "title": "Contact sheet", "link": example_link, "days": 30},
    ),
    # A member asked for such a link; the link leads to the form, after signing in.
    "form-member": EmailDeclaration(
        "forms/member",
        Message("Notice: sign in to fill in a form"),
        {"name": "Kim Example", "title": "Contact sheet", "link": example_link},
    ),
}
"""The core's emails. Each needs a declaration and its templates in every language, nothing else.

Those of features are in their `Feature`. Whatever renders emails is given both.
"""
CORE_EMAILS: Emails = {kind: EMAILS[kind] for kind in EMAILS}
"""The same, as functions take them that are given emails of features too."""


def check_variables(
    kind: EmailKind | FeatureEmail, context: Mapping[str, object], emails: Emails = CORE_EMAILS
) -> None:
    """Raises ValueError if a program gives an email other variables than `emails` declares."""
    declared, given = emails[kind].variables.keys(), context.keys()
    if declared != given:
        raise ValueError(
            f"the email `{kind}` lacks the variables {sorted(declared - given)} and doesn't "
            f"declare {sorted(given - declared)}: see its EmailDeclaration"
        )
