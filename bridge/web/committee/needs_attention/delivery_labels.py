"""Deliveries in words: what each does, why one waits for a person, and what to do about it."""

from __future__ import annotations

from flask_babel import lazy_gettext

from bridge.store.delivery.failed_deliveries import FailedDeliveryRow

KINDS = {
    "account": lazy_gettext("Moodle account"),
    "enrol": lazy_gettext("Enrolment in Moodle"),
    "cohort": lazy_gettext("Cohort in Moodle"),
    "plan": lazy_gettext("Learning plan in Moodle"),
    "competency": lazy_gettext("Competency in Moodle"),
    "badge": lazy_gettext("Badge"),
    "message": lazy_gettext("Message in Moodle"),
    "mail": lazy_gettext("Mail to the member"),
    "welcome": lazy_gettext("Welcome mail"),
    "notice": lazy_gettext("Mail to the region's chair"),
}
REASONS = {
    "never": lazy_gettext("Refused"),
    "configuration": lazy_gettext("A setting is missing"),
    "later": lazy_gettext("Retried many times"),
}
ADVICE = {
    "later": lazy_gettext(
        "It is retried automatically. If the message stays the same, ask the Moodle "
        "administrator, or the person who runs the service, to correct what it names."
    ),
    "configuration": lazy_gettext(
        "Ask whoever runs the service to correct the setting that the message names. "
        "It is tried again by itself; “Try again” does it at once."
    ),
    "mail": lazy_gettext("Correct the e-mail address in the membership system, then try again."),
    "account": lazy_gettext(
        "Look in Moodle for two accounts of this person, or an account with another e-mail; "
        "correct it there, then try again."
    ),
    "moodle": lazy_gettext(
        "Correct in Moodle what the message names, then try again. It is looked up first: "
        "nothing happens twice."
    ),
}
MAILS = frozenset({"mail", "welcome", "notice"})
"""Kinds that are sent as e-mail."""


def advice(each: FailedDeliveryRow) -> str:
    """What a person can do about it."""
    if each.reason in ("configuration", "later"):
        return str(ADVICE[each.reason])
    if each.kind in MAILS:
        return str(ADVICE["mail"])
    return str(ADVICE["account" if each.kind == "account" else "moodle"])
