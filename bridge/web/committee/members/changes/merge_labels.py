"""What the page to merge two records calls their fields and what moves."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, lazy_gettext

from bridge.web.common.services import current_services
from bridge.web.layout.formatting import status_name
from bridge.web.layout.language import LANGUAGES

FIELDS = {
    "number": lazy_gettext("Member number"),
    "email": lazy_gettext("Email"),
    "first_name": lazy_gettext("First name"),
    "last_name": lazy_gettext("Last name"),
    "region": lazy_gettext("Region"),
    "language": lazy_gettext("Language"),
    "unit": lazy_gettext("Unit"),
    "classification": lazy_gettext("Classification"),
    "job_class": lazy_gettext("Job class"),
    "status": lazy_gettext("Membership"),
    "moodle_user_id": lazy_gettext("Moodle account"),
}
MOVED = {
    "award": lazy_gettext("milestones"),
    "credit": lazy_gettext("sign-offs and other credits"),
    "completion": lazy_gettext("results in Moodle"),
    "enrolment": lazy_gettext("courses"),
    "member_role": lazy_gettext("roles"),
    "member_note": lazy_gettext("notes"),
    "delivery": lazy_gettext("deliveries"),
    "outbox_email": lazy_gettext("emails"),
    "form_draft": lazy_gettext("drafts of forms"),
    "form_submission": lazy_gettext("sent forms"),
    "stored_file": lazy_gettext("files"),
    "session_registration": lazy_gettext("registrations for sessions"),
    "session_attendance": lazy_gettext("attendance"),
    "session_leader": lazy_gettext("sessions to lead"),
    "consultation_invitation": lazy_gettext("invitations to consultations, with the answers"),
    "due": lazy_gettext("deadlines"),
    "audit": lazy_gettext("entries of the activity log"),
}
"""What moves, by table. The rest is technical."""


def label_of(field: str) -> str:
    """The label of a field."""
    return str(FIELDS[field])


def shown_value(field: str, value: object) -> str:
    """A value as people know it."""
    match field:
        case "region":
            region = current_services().config.regions.get(str(value))
            return region.name if region else str(value)
        case "status":
            return status_name(str(value))
        case "language":
            return LANGUAGES.get(str(value), str(value))
        case "moodle_user_id":
            return str(gettext("user %(id)s", id=value)) if value else ""
        case _:
            return str(value or "")


def moved_in_words(counts: Mapping[str, int]) -> list[str]:
    """What moves, such as `milestones: 2`."""
    return [
        str(gettext("%(what)s: %(count)s", what=label, count=counts[table]))
        for table, label in MOVED.items()
        if counts.get(table)
    ]
