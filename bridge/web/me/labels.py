"""Labels for audit log entries, in the visitor's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext, lazy_gettext

from bridge.curriculum.model import Curriculum, signoff_titles
from bridge.curriculum.requirements.credited import Credited, evidence_key
from bridge.curriculum.requirements.requirement import Names
from bridge.member_records import FACTS
from bridge.store.members import profile
from bridge.web.layout.formatting import key_as_words as key_as_words
from bridge.web.layout.formatting import status_name
from bridge.web.layout.translation import translated_text

NO_NAMES = Names("", {}, {}, {}, {})


def status_label() -> str:
    """What a person needs whose status keeps a milestone closed."""
    return str(gettext("Membership in the union"))


def reach_label(title: str) -> str:
    """The requirement to reach a milestone first."""
    return str(gettext("Reach “%(title)s”", title=title))


ACTIONS = {
    "looked": lazy_gettext("viewed your record"),
    "exported": lazy_gettext("downloaded your record"),
    "listed": lazy_gettext("downloaded your history"),
    "signed-up": lazy_gettext("signed you up"),
    "member": lazy_gettext("changed your details"),
    "sign-off": lazy_gettext("recorded a sign-off"),
    "credit": lazy_gettext("recorded a credit"),
    "credit-withdrawn": lazy_gettext("withdrew a credit"),
    "sign-offs": lazy_gettext("recorded a list of sign-offs"),
    "sign-offs-undone": lazy_gettext("undid a list of sign-offs"),
    "roles": lazy_gettext("gave or ended a role for a list of members"),
    "roles-undone": lazy_gettext("undid a list of roles"),
    "award-question": lazy_gettext("asked whether a milestone stays"),
    "award-kept": lazy_gettext("decided that a milestone stays"),
    "award-withdrawn": lazy_gettext("withdrew a milestone"),
    "award-allowed": lazy_gettext("allowed a milestone again"),
    "reminded": lazy_gettext("reminded you"),
    "member-email": lazy_gettext("sent, stopped or deleted an email to many members"),
    "role": lazy_gettext("changed your role"),
    "note-added": lazy_gettext("wrote a note about you"),
    "note-changed": lazy_gettext("changed a note about you"),
    "note-removed": lazy_gettext("removed a note about you"),
    "member-merged": lazy_gettext("merged your two records"),
    "members-imported": lazy_gettext("imported members from a file"),
    "import-undone": lazy_gettext("undid an import of members"),
    "retry": lazy_gettext("retried an update for you"),
    "treat-as-sent": lazy_gettext("treated an email to you as sent"),
    "account-answer": lazy_gettext("answered a question about your Moodle account"),
    "number-answer": lazy_gettext("answered a question about your member number"),
    "difference-answer": lazy_gettext("decided about a difference in Moodle"),
    "file-stored": lazy_gettext("uploaded a file"),
    "file-read": lazy_gettext("downloaded a file"),
    "person-looked": lazy_gettext("viewed your entry among the people"),
    "person-exported": lazy_gettext("downloaded your entry among the people"),
    "person-added": lazy_gettext("added you to the people"),
    "person": lazy_gettext("changed your entry among the people"),
    "person-confirmed": lazy_gettext("confirmed your email address"),
    "person-linked": lazy_gettext("linked you to an entry among the people, or removed the link"),
    "person-merged": lazy_gettext("merged your entries among the people"),
    "form-read": lazy_gettext("viewed a form you sent"),
    "form-sent": lazy_gettext("sent a form"),
    "form-withdrawn": lazy_gettext("withdrew a form"),
    "session": lazy_gettext("changed a session"),
    "session-leaders": lazy_gettext("named the leaders of a session"),
    "attendance": lazy_gettext("recorded your attendance"),
    "team-given": lazy_gettext("gave you a role"),
    "team-confirmed": lazy_gettext("confirmed your role"),
    "team-invited-again": lazy_gettext("sent you an invitation again"),
    "team-accepted": lazy_gettext("accepted a role"),
    "team-removed": lazy_gettext("ended your role"),
    "filter-saved": lazy_gettext("saved a filter"),
    "filter-changed": lazy_gettext("changed a saved filter"),
    "filter-deleted": lazy_gettext("deleted a saved filter"),
    "report-emailed": lazy_gettext("emailed you a report"),
    "report-stopped": lazy_gettext("stopped a report"),
    "consultation": lazy_gettext("changed a consultation"),
    "consultation-invitation": lazy_gettext(
        "invited you to a consultation, or withdrew the invitation"
    ),
    "consultation-answers": lazy_gettext("answered a consultation"),
    "consultation-approval": lazy_gettext("approved or refused a text under consultation"),
}
"""Actions in the audit log, as said to the member."""
FIELDS = {
    "number": lazy_gettext("Member number"),
    "number_said": lazy_gettext("Member number you entered"),
    "email": lazy_gettext("Email"),
    "first_name": lazy_gettext("First name"),
    "last_name": lazy_gettext("Last name"),
    "region": lazy_gettext("Region"),
    "language": lazy_gettext("Language"),
    "role": lazy_gettext("Role"),
    "role_since": lazy_gettext("Role since"),
    "roles": lazy_gettext("Roles"),
    "since": lazy_gettext("First day"),
    "until": lazy_gettext("Last day"),
    "program": lazy_gettext("Programme"),
    "status": lazy_gettext("Membership"),
    "unit": lazy_gettext("Unit"),
    "classification": lazy_gettext("Classification"),
    "job_class": lazy_gettext("Job class"),
    "payroll_number": lazy_gettext("Payroll number"),
    "supervisor_name": lazy_gettext("Supervisor"),
    "supervisor_email": lazy_gettext("Supervisor's email"),
    "moodle_user_id": lazy_gettext("Moodle account"),
    "requirement": lazy_gettext("What"),
    "by_name": lazy_gettext("By"),
    "kind": lazy_gettext("Kind"),
    "key": lazy_gettext("What"),
    "curriculum": lazy_gettext("Course"),
    "milestone": lazy_gettext("Milestone"),
    "reason": lazy_gettext("Reason"),
    "note": lazy_gettext("Note"),
    "question": lazy_gettext("Question"),
    "answer": lazy_gettext("Answer"),
    "moved_from": lazy_gettext("Previous record"),
    "file": lazy_gettext("File"),
    "name": lazy_gettext("Name"),
    "purpose": lazy_gettext("Purpose"),
    "member_id": lazy_gettext("Member record"),
    "form": lazy_gettext("Form"),
    "submission": lazy_gettext("Submission"),
}
"""Fields of a member's record."""
SOURCES = {
    "csv": lazy_gettext("your union's member list"),
    "webhook": lazy_gettext("the membership system"),
    "moodle": lazy_gettext("Moodle"),
    "members": lazy_gettext("this site"),
    "join": lazy_gettext("the sign-up form"),
}
"""Actors in the audit log that aren't people."""


def signoff_labels(curricula: Iterable[Curriculum], language: str) -> dict[str, str]:
    """Title by key of every sign-off in the curricula."""
    return {
        key: title.shown(language)
        for curriculum in curricula
        for key, title in signoff_titles(curriculum).items()
    }


def credit_label(row: Mapping[str, object], signoffs: Mapping[str, str]) -> str:
    """What a credit (a row of an export) is for. `signoffs`: titles by key."""
    kind, key = str(row["kind"]), str(row["key"])
    if kind == "signoff":
        return signoffs.get(key) or key_as_words(key)
    return translated_text(Credited.name_of(evidence_key(kind, key), NO_NAMES))


def audit_label(action: str) -> str:
    """The label of an action in the audit log."""
    return str(ACTIONS.get(action, key_as_words(action)))


def field_label(name: str) -> str:
    """The label of a field of the record."""
    return str(FIELDS.get(name, key_as_words(name)))


def membership_facts(person: Mapping[str, object]) -> list[tuple[str, str]]:
    """The labels and values of the facts that the membership system has said about a person."""
    values = {name: str(person[name]) for name in FACTS if person[name]}
    if "status" in values:
        values["status"] = status_name(values["status"])
    return [(field_label(name), value) for name, value in values.items()]


def actor_label(name: str, member_id: int) -> str:
    """The actor of an audit log entry; `member_id` is the member who reads it."""
    mine = name == profile.audit_actor(member_id)
    return str(gettext("you")) if mine else str(SOURCES.get(name, name))
