"""What an entry changed, in words: a label, the value before, and the value after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from flask_babel import format_date, get_locale, gettext, lazy_gettext
from markupsafe import Markup, escape

from bridge.web.committee.activity.exports import chosen, saved_choices
from bridge.web.committee.activity.told import Told, member_link, person_link
from bridge.web.committee.corrections.titles import about_title
from bridge.web.committee.needs_attention.delivery_labels import REASONS, STATES
from bridge.web.committee.saved.words import STOPPED
from bridge.web.common.services import current_services
from bridge.web.layout.formatting import (
    key_as_words,
    local_time,
    reason_text,
    role_name,
    status_name,
)

Value = object
Words = Callable[[Told, Value], str]


@dataclass(frozen=True, slots=True)
class Detail:
    """A changed value. `is_code`: it holds lines of a file."""

    label: str
    before: str
    after: str
    is_code: bool = False


def _text(_told: Told, value: Value) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return str(value)


def _region(_told: Told, value: Value) -> str:
    region = current_services().config.regions.get(str(value))
    return region.name if region else key_as_words(str(value))


def _language(_told: Told, value: Value) -> str:
    return str(Locale.parse(str(value)).get_display_name(get_locale()))


def _day(_told: Told, value: Value) -> str:
    return str(format_date(date.fromisoformat(str(value)), "medium", rebase=False))


def _time(_told: Told, value: Value) -> str:
    return local_time(datetime.fromisoformat(str(value)), "full")


def _roles(_told: Told, value: Value) -> str:
    roles = value if isinstance(value, list) else []
    keys = [str(each.get("role", "")) for each in roles if isinstance(each, dict)]
    return ", ".join(map(role_name, keys))


def _reason(told: Told, value: Value) -> str:
    known: Mapping[str, str] = {str(key): label for key, label in REASONS.items()}
    if told.entry.action in ("retry", "treat-as-sent") and value in known:
        return str(known[str(value)])
    return reason_text(str(value))


def _state(told: Told, value: Value) -> str:
    states = SESSION_STATES if told.entry.action == "session" else STATES
    return str(states.get(str(value)) or key_as_words(str(value)))


def _source(_told: Told, value: Value) -> str:
    return str(SOURCES.get(str(value)) or key_as_words(str(value)))


def _about(told: Told, value: Value) -> str:
    return about_title(told.curricula, told.value("curriculum"), str(value))


def _people(told: Told, value: Value) -> str:
    numbers = value if isinstance(value, list) else []
    return Markup(", ").join(person_link(told, each) for each in numbers)


def _one_member(told: Told, value: Value) -> str:
    return member_link(told, value) if isinstance(value, int) else ""


def _account(_told: Told, _value: Value) -> str:
    return str(gettext("linked"))


def _codes(_told: Told, value: Value) -> str:
    names = value if isinstance(value, list) else [value]
    return Markup(", ").join(Markup("<code>{}</code>").format(each) for each in names)


def _status(_told: Told, value: Value) -> str:
    return status_name(str(value))


def _addresses(_told: Told, value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _every(_told: Told, value: Value) -> str:
    return str(gettext("every week") if value == "weekly" else gettext("every month"))


def _stopped(_told: Told, value: Value) -> str:
    known: Mapping[str, str] = {str(key): label for key, label in STOPPED.items()}
    return str(known.get(str(value)) or key_as_words(str(value)))


SESSION_STATES: Mapping[str, str] = {
    "draft": lazy_gettext("Draft"),
    "open": lazy_gettext("Registration is open"),
    "postponed": lazy_gettext("Postponed"),
    "cancelled": lazy_gettext("Cancelled"),
}
SOURCES: Mapping[str, str] = {
    "leader": lazy_gettext("someone who leads or organizes it"),
    "code": lazy_gettext("the code"),
    "csv": lazy_gettext("a file of the meeting program"),
    "self": lazy_gettext("typed in a form"),
    "committee": lazy_gettext("the committee"),
    "settings": lazy_gettext("the configuration"),
    "member": lazy_gettext("the member's record"),
    "": "—",
}
DETAILS: Mapping[str, tuple[str, Words]] = {
    "number": (lazy_gettext("Member number"), _text),
    "number_said": (lazy_gettext("Member number as entered"), _text),
    "name": (lazy_gettext("Name"), _text),
    "first_name": (lazy_gettext("First name"), _text),
    "last_name": (lazy_gettext("Last name"), _text),
    "email": (lazy_gettext("Email"), _text),
    "region": (lazy_gettext("Region"), _region),
    "language": (lazy_gettext("Language"), _language),
    "status": (lazy_gettext("Membership"), _status),
    "unit": (lazy_gettext("Unit"), _text),
    "classification": (lazy_gettext("Classification"), _text),
    "job_class": (lazy_gettext("Job class"), _text),
    "payroll_number": (lazy_gettext("Payroll number"), _text),
    "supervisor_name": (lazy_gettext("Supervisor"), _text),
    "supervisor_email": (lazy_gettext("Supervisor's email"), _text),
    "moodle_user_id": (lazy_gettext("Moodle account"), _account),
    "moved_from": (lazy_gettext("Previous record"), _one_member),
    "roles": (lazy_gettext("Roles"), _roles),
    "since": (lazy_gettext("First day"), _day),
    "until": (lazy_gettext("Last day"), _day),
    "program": (lazy_gettext("Programme"), _text),
    "by_name": (lazy_gettext("Signed off by"), _text),
    "lacks": (lazy_gettext("Corrected"), _about),
    "reason": (lazy_gettext("Reason"), _reason),
    "note": (lazy_gettext("Note"), _text),
    "cancelled": (lazy_gettext("Cancelled updates"), _text),
    "attempts": (lazy_gettext("Attempts"), _text),
    "deliveries": (lazy_gettext("Updates"), _text),
    "emails": (lazy_gettext("Emails"), _text),
    "rows": (lazy_gettext("Rows"), _text),
    "state": (lazy_gettext("State"), _state),
    "starts": (lazy_gettext("Starts"), _time),
    "ends": (lazy_gettext("Ends"), _time),
    "zone": (lazy_gettext("Time zone"), _text),
    "online": (lazy_gettext("Online"), _text),
    "in_person": (lazy_gettext("In person"), _text),
    "seats_online": (lazy_gettext("Seats online"), _text),
    "seats_room": (lazy_gettext("Seats in the room"), _text),
    "room": (lazy_gettext("Room"), _text),
    "materials": (lazy_gettext("Materials"), _text),
    "leaders": (lazy_gettext("Leaders"), _people),
    "attended": (lazy_gettext("Attended"), _text),
    "minutes": (lazy_gettext("Minutes"), _text),
    "source": (lazy_gettext("According to"), _source),
    "scopes": (lazy_gettext("Scopes"), _codes),
    "force": (lazy_gettext("Despite many changes"), _text),
    "shared": (lazy_gettext("Shared with the committee"), _text),
    "every": (lazy_gettext("Emailed"), _every),
    "recipients": (lazy_gettext("Who gets it"), _addresses),
    "stopped": (lazy_gettext("Reason"), _stopped),
    "lines": (lazy_gettext("Lines"), _text),
}
"""What the page shows of an entry, in this order."""
TOLD: Collection[str] = (
    "role", "kind", "key", "curriculum", "milestone", "requirement", "form", "file", "session",
    "action", "count", "answer", "list", "topic", "part",
)  # fmt: skip
"""What the sentence says already."""
TOLD_BY: Mapping[str, Collection[str]] = {
    "account-answer": ("moodle_user_id",),
    "consultation": ("state",),
    "consultation-invitation": ("state",),
    "file-read": ("name",),
    "member-email": ("state", "email"),
    "file-stored": ("name",),
    "note-added": ("note",),
    "note-changed": ("note",),
    "note-removed": ("note",),
    "token-added": ("name",),
    "token-revoked": ("name",),
}
"""What the sentences of some actions say besides."""
FOR_PROGRAMS: Collection[str] = (
    "id", "member_id", "link", "award", "question", "request", "handled", "delivery", "target",
    "what", "submission", "purpose", "sha256", "fingerprint", "searched", "past", "format", "links",
    "page", "saved", "day", "chosen",
)  # fmt: skip
"""What only the CSV has."""


def details(told: Told) -> Iterator[Detail]:
    """What the sentence doesn't say. Filters of an exported list are `after`."""
    before, after = told.entry.before, told.entry.after
    if told.entry.action == "listed":
        yield from (Detail(label, "", value) for label, value in chosen(after))
        return
    yield from (Detail(label, "", value) for label, value in saved_choices(after or before))
    told_by_sentence = TOLD_BY.get(told.entry.action, ())
    for name, (label, words) in DETAILS.items():
        if name not in told_by_sentence and (name in before or name in after):
            old, new = (_shown(told, words, values.get(name)) for values in (before, after))
            if old != new:
                yield Detail(str(label), old, new, is_code=name == "lines")


def _shown(told: Told, words: Words, value: Value) -> str:
    """A value in words; '' for none. One that another version wrote differently is as it is."""
    if value is None or value == "" or value == []:
        return ""
    try:
        return words(told, value)
    except ValueError:
        return str(escape(value))
