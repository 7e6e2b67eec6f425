"""Labels of deliveries: what each does, why it failed, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, assert_never

from flask_babel import gettext, lazy_gettext

from bridge.delivery_check import What
from bridge.store.delivery.differences import ListedDifference
from bridge.store.delivery.failed_deliveries import FailedDelivery, FailureReason
from bridge.store.delivery.kinds import DELIVERIES, Remedy

KINDS = {str(kind): lazy_gettext(each.label.template) for kind, each in DELIVERIES.items()}
STATES = {
    "owed": lazy_gettext("waiting"),
    "done": lazy_gettext("done"),
    "failed": lazy_gettext("failed"),
}
DIFFERENCES: Mapping[What, str] = {
    "unenrolled": lazy_gettext("No longer enrolled in the course"),
    "suspended": lazy_gettext("Enrolment suspended"),
    "revoked": lazy_gettext("Badge revoked"),
    "not-proficient": lazy_gettext("Competency no longer rated as proficient"),
    "given": lazy_gettext("Badge given, although the milestone was withdrawn"),
    "account-suspended": lazy_gettext("Account suspended"),
}
"""How Moodle differs from what was delivered."""
REASONS: Mapping[FailureReason, str] = {
    "never": lazy_gettext("Rejected"),
    "configuration": lazy_gettext("Setting missing or wrong"),
    "later": lazy_gettext("Failing repeatedly"),
    "unknown": lazy_gettext("May have been sent"),
}
MAY_HAVE_BEEN_SENT = lazy_gettext(
    "The mail server got this email but didn't say whether it accepted it. Ask the recipient, or "
    "look in the mail server's log. If it arrived, press “Treat as sent”; if not, “Send again”."
)
ADVICE_BY_REASON: Mapping[Literal["configuration", "later", "unknown"], str] = {
    "unknown": MAY_HAVE_BEEN_SENT,
    "later": lazy_gettext(
        "This is retried automatically. If the message doesn't change, ask the "
        "administrator of Moodle or of this service to fix the problem it describes."
    ),
    "configuration": lazy_gettext(
        "Ask the administrator of this service to correct the setting in the message. "
        "It is then retried automatically; to retry immediately, press “Retry”."
    ),
}
ADVICE_BY_REMEDY: Mapping[Remedy, str] = {
    "email": lazy_gettext("Correct the email address in the membership system, then retry."),
    "account": lazy_gettext(
        "In Moodle, check whether this member has two accounts, or an account with "
        "another email address. Correct it there, then retry."
    ),
    "moodle": lazy_gettext(
        "Fix the problem from the message in Moodle, then retry. Retrying is safe: "
        "nothing happens twice."
    ),
}
REMEDIES: Mapping[str, Remedy] = {kind: each.remedy for kind, each in DELIVERIES.items()}
"""Without the kinds that another version of the program has queued."""


def difference_in_words(each: ListedDifference) -> str:
    """How Moodle differs, and whether someone decided to leave it so."""
    what = DIFFERENCES[each.what]
    if each.answer == "leave":
        return str(gettext("In Moodle: %(what)s (left so)", what=what))
    return str(gettext("In Moodle: %(what)s", what=what))


def advice(each: FailedDelivery) -> str:
    """What the committee can do about a failed delivery."""
    match each.reason:
        case "configuration" | "later" | "unknown":
            return str(ADVICE_BY_REASON[each.reason])
        case "never":
            return str(ADVICE_BY_REMEDY[REMEDIES.get(each.kind, "moodle")])
        case _:
            assert_never(each.reason)
