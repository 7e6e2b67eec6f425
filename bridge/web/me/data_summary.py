"""A member's exported data, arranged for the page `/me/data`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask_babel import gettext

Row = Mapping[str, object]
COUNTED: Mapping[str, Callable[[int], str]] = {
    "delivery": lambda count: gettext(
        "Pending and past updates (enrolments, badges, emails): %(count)s", count=count
    ),
    "letter": lambda count: gettext(
        "Emails from these pages (their text is deleted once sent): %(count)s", count=count
    ),
    "web_session": lambda count: gettext("Browsers where you're signed in: %(count)s", count=count),
    "team_role": lambda count: gettext("Roles in Stewardpath: %(count)s", count=count),
    "saved_filter": lambda count: gettext("Saved filters: %(count)s", count=count),
    "saved_filter_recipient": lambda count: gettext(
        "Reports that you get by email: %(count)s", count=count
    ),
    "signin": lambda count: gettext("Sign-in links: %(count)s", count=count),
    "join_request": lambda count: gettext("Sign-ups through the form: %(count)s", count=count),
    "recheck": lambda count: gettext("Requests to refresh your results: %(count)s", count=count),
    "reminder": lambda count: gettext(
        "Reminders about a milestone you work on: %(count)s", count=count
    ),
    "person": lambda count: gettext(
        "Entries among the people your union is in touch with: %(count)s", count=count
    ),
    "mailing_subscription": lambda count: gettext(
        "Types of email you get or have turned off: %(count)s", count=count
    ),
    "former_mailing_token": lambda count: gettext(
        "Links to turn off emails, in emails you got earlier: %(count)s", count=count
    ),
    "personal_link": lambda count: gettext("Personal links in emails: %(count)s", count=count),
    "account_question": lambda count: gettext(
        "Questions about your Moodle account: %(count)s", count=count
    ),
    "number_question": lambda count: gettext(
        "Questions about your member number: %(count)s", count=count
    ),
    "moodle_difference": lambda count: gettext(
        "Things in Moodle that someone changed by hand: %(count)s", count=count
    ),
    "form_draft": lambda count: gettext("Drafts of forms: %(count)s", count=count),
    "form_submission": lambda count: gettext("Forms you've sent: %(count)s", count=count),
    "session_registration": lambda count: gettext(
        "Sessions you've registered for: %(count)s", count=count
    ),
    "session_registration_change": lambda count: gettext(
        "Changes of these registrations: %(count)s", count=count
    ),
    "session_attendance": lambda count: gettext(
        "Notes about your attendance at sessions: %(count)s", count=count
    ),
    "session_notice": lambda count: gettext(
        "Announcements and reminders of sessions, and thanks, you've been sent: %(count)s",
        count=count,
    ),
    "session_join_link": lambda count: gettext(
        "Links to join meetings online (never shown): %(count)s", count=count
    ),
    "session_leader": lambda count: gettext("Sessions you lead: %(count)s", count=count),
    "member_note": lambda count: gettext(
        "Notes of the committee about you: %(count)s", count=count
    ),
    "consultation_invitation": lambda count: gettext(
        "Consultations you were invited to: %(count)s", count=count
    ),
    "consultation_answer": lambda count: gettext(
        "Your answers in consultations: %(count)s", count=count
    ),
    "member_batch_line": lambda count: gettext(
        "Changes made to you together with other members: %(count)s", count=count
    ),
    "member_import_row": lambda count: gettext(
        "Rows about you in files that your union imported within the last hour: %(count)s",
        count=count,
    ),
    "member_email_recipient": lambda count: gettext(
        "Emails the committee sent you together with other members: %(count)s", count=count
    ),
    "award_decision": lambda count: gettext(
        "Decisions whether your milestones stay after a correction: %(count)s", count=count
    ),
    "due": lambda count: gettext("Deadlines and reminders about you: %(count)s", count=count),
}
"""Technical tables: the page shows how many rows, the download shows the rows."""
SHOWN = frozenset(
    {"member", "member_role", "award", "completion", "first_try", "credit", "enrolment",
     "contact_request", "stored_file", "audit"}
)  # fmt: skip
"""Tables that have their own section on the page."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """`person` is the member's own row. `counts` are lines of text. The others are rows of one
    table, oldest first."""

    person: Row
    awards: Sequence[Row]
    completions: Sequence[Row]
    tries: Sequence[Row]
    credits: Sequence[Row]
    roles: Sequence[Row]
    enrolments: Sequence[Row]
    requests: Sequence[Row]
    files: Sequence[Row]
    log: Sequence[Row]
    counts: Sequence[str]


def read_personal_data(everything: Mapping[str, object]) -> PersonalData:
    """Arrange what `bridge.privacy.export_member` returns; times become datetimes.

    It has the tables of the features that there are.
    """

    def rows(name: str) -> list[Row]:
        return [_with_datetimes(row) for row in cast(Sequence[Row], everything.get(name, ()))]

    return PersonalData(
        person=_with_datetimes(cast(Row, everything["member"])),
        awards=rows("award"),
        completions=rows("completion"),
        tries=rows("first_try"),
        credits=rows("credit"),
        roles=rows("member_role"),
        enrolments=rows("enrolment"),
        requests=rows("contact_request"),
        files=rows("stored_file"),
        log=rows("audit"),
        counts=[label(len(rows(name))) for name, label in COUNTED.items()],
    )


def _with_datetimes(row: Row) -> Row:
    """The row, with datetimes and dates instead of texts."""
    return {name: _from_text(name, value) for name, value in row.items()}


def _from_text(name: str, value: object) -> object:
    if name in ("since", "until"):
        return date.fromisoformat(str(value)) if value else None
    return _time(value) if _is_time(name) else value


def _is_time(name: str) -> bool:
    return name in ("at", "keep_until") or name.endswith(("_at", "_on"))


def _time(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value
