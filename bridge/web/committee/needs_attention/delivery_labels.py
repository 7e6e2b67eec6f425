"""Labels of deliveries: what each does, why it failed, and what to do about it."""

from __future__ import annotations

from flask_babel import lazy_gettext

from bridge.store.delivery.failed_deliveries import FailedDelivery

KINDS = {
    "account": lazy_gettext("Moodle account"),
    "enrol": lazy_gettext("Enrolment in Moodle"),
    "cohort": lazy_gettext("Cohort in Moodle"),
    "plan": lazy_gettext("Learning plan in Moodle"),
    "competency": lazy_gettext("Competency in Moodle"),
    "badge": lazy_gettext("Badge"),
    "message": lazy_gettext("Message in Moodle"),
    "mail": lazy_gettext("Email to the member"),
    "welcome": lazy_gettext("Welcome email"),
    "notice": lazy_gettext("Email to the region's chair"),
}
REASONS = {
    "never": lazy_gettext("Rejected"),
    "configuration": lazy_gettext("Setting missing or wrong"),
    "later": lazy_gettext("Failing repeatedly"),
}
ADVICE = {
    "later": lazy_gettext(
        "This is retried automatically. If the message doesn't change, ask the "
        "administrator of Moodle or of this service to fix the problem it describes."
    ),
    "configuration": lazy_gettext(
        "Ask the administrator of this service to correct the setting in the message. "
        "It is then retried automatically; to retry immediately, press “Retry”."
    ),
    "mail": lazy_gettext("Correct the email address in the membership system, then retry."),
    "account": lazy_gettext(
        "In Moodle, check whether this member has two accounts, or an account with "
        "another email address. Correct it there, then retry."
    ),
    "moodle": lazy_gettext(
        "Fix the problem from the message in Moodle, then retry. Retrying is safe: "
        "nothing happens twice."
    ),
}
EMAIL_KINDS = frozenset({"mail", "welcome", "notice"})
"""Kinds of deliveries that are sent by email."""


def advice(each: FailedDelivery) -> str:
    """What the committee can do about a failed delivery."""
    if each.reason in ("configuration", "later"):
        return str(ADVICE[each.reason])
    if each.kind in EMAIL_KINDS:
        return str(ADVICE["mail"])
    return str(ADVICE["account" if each.kind == "account" else "moodle"])
