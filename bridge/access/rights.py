"""The table of rights: which role may see or do what, and how far. Nothing else decides.

A page names its right (`open_to`), a list its `access`, an uploaded file the right of its purpose,
an entry of the audit log the right that its content needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.access.roles import Role
from bridge.messages import Message

Scope = Literal["own", "own regions", "all"]
"""How far a right reaches. A role that isn't in the cells of a right doesn't have it.

own: the objects for which a feature says that the visitor has the role, such as their pair.
"""

Cells = Mapping[Role, Scope]
"""The roles that have a right, and how far."""

Right = Literal[
    "public-pages",
    "personal-links",
    "programs",
    "own-pages",
    "own-access",
    "files",
    "statistics",
    "members",
    "members-change",
    "reminders-send",
    "saved-filters",
    "member-emails",
    "sign-offs",
    "people",
    "people-change",
    "contact-requests",
    "contact-requests-close",
    "forms-page",
    "sent-forms",
    "deliveries",
    "deliveries-retry",
    "emails",
    "emails-retry",
    "accounts",
    "accounts-answer",
    "curricula",
    "curricula-edit",
    "audit-log",
    "access",
    "team-change",
    "team-confirm",
    "sessions",
    "sessions-change",
    "session-roster",
    "session-attendance",
    "session-materials",
    "session-registrations",
    "session-history",
    "consultations",
    "consultations-change",
    "pairs",
    "pair-notes",
    "applications",
    "applications-score",
    "claims",
    "claims-decide",
    "payroll-batches",
    "reviews",
    "grievance-files",
    "reviewers-forms",
    "approvers-forms",
    "payroll-forms",
    "grievance-forms",
]


@dataclass(frozen=True, slots=True)
class RightData:
    """What a right is called, and who has it how far.

    `by_key`: a request has a key (a personal link, a token, a signature), which the page checks.
    `confidential`: not for the committee, auditors and chairs, also not in the activity log or in
    an export. `not_for_own`: nobody has it for something that is about themselves.
    """

    title: Message
    cells: Cells
    by_key: bool = False
    confidential: bool = False
    not_for_own: bool = False


REGIONAL: Cells = {"chair": "own regions", "committee": "all", "auditor": "all"}
CENTRAL: Cells = {"committee": "all", "auditor": "all"}
COMMITTEE_ONLY: Cells = {"committee": "all"}
SPECIALISTS: Cells = {
    "reviewer": "own",
    "approver": "own",
    "payroll": "own",
    "grievance": "own",
}

RIGHTS: Mapping[Right, RightData] = {
    "public-pages": RightData(
        Message("Public pages: courses, sign-up, sign-in, contact"), {"visitor": "all"}
    ),
    "personal-links": RightData(
        Message("What a personal link is for"), {"link": "own"}, by_key=True
    ),
    "programs": RightData(
        Message("API and webhook, within the scopes of the token"), {"program": "own"}, by_key=True
    ),
    "own-pages": RightData(
        Message("Own pages: learning, account, forms, files, applications, claims and reviews"),
        {"member": "own"},
    ),
    "own-access": RightData(Message("My access: what these roles open"), SPECIALISTS),
    "files": RightData(
        Message("Uploaded files: your own, and those that another right opens"),
        {"member": "own", **SPECIALISTS, "chair": "own", "committee": "own", "auditor": "own"},
    ),
    "statistics": RightData(Message("Dashboard and statistics"), REGIONAL),
    "members": RightData(Message("Members and their progress"), REGIONAL),
    "members-change": RightData(
        Message("Members: add, change, sign off, change roles, withdraw, notes, erase"),
        COMMITTEE_ONLY,
        not_for_own=True,
    ),
    "reminders-send": RightData(
        Message("Members: send reminders"), {"chair": "own regions", "committee": "all"}
    ),
    "saved-filters": RightData(
        Message("Saved filters: own ones, with reports by email to people who may read them"),
        REGIONAL,
    ),
    "member-emails": RightData(
        Message("Members: write an email to many, send it, see what was sent"), COMMITTEE_ONLY
    ),
    "sign-offs": RightData(
        Message("Sign-offs that the curriculum lets them record, for their own people"),
        {"leader": "own", "mentor": "own", "chair": "own regions", "committee": "all"},
        not_for_own=True,
    ),
    "people": RightData(Message("People"), REGIONAL),
    "people-change": RightData(Message("People: add, change, export, erase"), COMMITTEE_ONLY),
    "contact-requests": RightData(Message("Contact requests"), REGIONAL),
    "contact-requests-close": RightData(
        Message("Contact requests: mark as done"), {"chair": "own regions", "committee": "all"}
    ),
    "forms-page": RightData(
        Message("The page Sent forms, with those they may read"), {**CENTRAL, **SPECIALISTS}
    ),
    "sent-forms": RightData(Message("Sent forms, unless a form names other readers"), CENTRAL),
    "deliveries": RightData(Message("Deliveries that need attention"), REGIONAL),
    "deliveries-retry": RightData(Message("Deliveries: retry"), COMMITTEE_ONLY),
    "emails": RightData(Message("Failed emails"), CENTRAL),
    "emails-retry": RightData(Message("Failed emails: retry"), COMMITTEE_ONLY),
    "accounts": RightData(Message("Account and number questions"), REGIONAL),
    "accounts-answer": RightData(
        Message("Account and number questions: answer"), COMMITTEE_ONLY, not_for_own=True
    ),
    "curricula": RightData(Message("Course content, history and planned changes"), CENTRAL),
    "curricula-edit": RightData(Message("Course content: edit and publish"), COMMITTEE_ONLY),
    "audit-log": RightData(Message("Activity log"), CENTRAL),
    "access": RightData(Message("Who may see what"), CENTRAL),
    "team-change": RightData(Message("Team: invite people and end roles"), COMMITTEE_ONLY),
    "team-confirm": RightData(
        Message("Team: confirm a role that opens confidential things"),
        {**SPECIALISTS, "committee": "all"},
    ),
    "sessions": RightData(Message("Sessions: schedule and seats"), REGIONAL),
    "sessions-change": RightData(Message("Sessions: schedule, change, cancel"), COMMITTEE_ONLY),
    "session-roster": RightData(
        Message("Registrations and attendance of a session"), {"leader": "own", **REGIONAL}
    ),
    "session-attendance": RightData(
        Message("Attendance of a session: record"),
        {"leader": "own", "chair": "own regions", "committee": "all"},
        not_for_own=True,
    ),
    "session-materials": RightData(
        Message("Materials of a session: change"), {"leader": "own", "committee": "all"}
    ),
    "session-registrations": RightData(
        Message("Registrations of a session: register and remove people"),
        {"leader": "own", "chair": "own regions", "committee": "all"},
    ),
    "session-history": RightData(
        Message("History of a session's registrations, and its waiting lists"), REGIONAL
    ),
    "consultations": RightData(
        Message("Consultations: answers, comments and who gave them"), CENTRAL
    ),
    "consultations-change": RightData(
        Message("Consultations: open, invite, respond, finish"), COMMITTEE_ONLY
    ),
    "pairs": RightData(
        Message("A mentoring pair: hours, tasks, progress"),
        {"member": "own", "mentor": "own", **CENTRAL},
    ),
    "pair-notes": RightData(
        Message("Private notes of a pair"), {"member": "own", "mentor": "own"}, confidential=True
    ),
    "applications": RightData(
        Message("Applications and their files"), {"reviewer": "own"}, confidential=True
    ),
    "applications-score": RightData(
        Message("Applications: score"), {"reviewer": "own"}, confidential=True, not_for_own=True
    ),
    "claims": RightData(
        Message("Claims and their receipts"), {"approver": "own"}, confidential=True
    ),
    "claims-decide": RightData(
        Message("Claims: decide"), {"approver": "own"}, confidential=True, not_for_own=True
    ),
    "payroll-batches": RightData(Message("Payroll batches"), {"payroll": "all"}, confidential=True),
    "reviews": RightData(
        Message("Performance reviews, for the supervisor who is asked"),
        {"link": "own"},
        confidential=True,
    ),
    "grievance-files": RightData(
        Message("Grievance files that a member sent"), {"grievance": "all"}, confidential=True
    ),
    "reviewers-forms": RightData(
        Message("Sent forms that only reviewers read"), {"reviewer": "all"}, confidential=True
    ),
    "approvers-forms": RightData(
        Message("Sent forms that only approvers read"), {"approver": "all"}, confidential=True
    ),
    "payroll-forms": RightData(
        Message("Sent forms that only payroll reads"), {"payroll": "all"}, confidential=True
    ),
    "grievance-forms": RightData(
        Message("Sent forms that only the grievance committee reads"),
        {"grievance": "all"},
        confidential=True,
    ),
}
"""Every right, in the order of the documentation."""

ABOUT_YOURSELF = "It is about your own record. Someone else must answer it."
"""Why something that is `not_for_own` is refused. Pages show it in the visitor's language."""

CONFIDENTIAL: tuple[Right, ...] = tuple(
    right for right, each in RIGHTS.items() if each.confidential
)
"""What the committee, auditors and chairs don't see."""
