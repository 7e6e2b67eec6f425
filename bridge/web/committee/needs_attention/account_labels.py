"""Labels of account questions: answers, reasons, and why an answer is rejected.

The store keeps the English texts. The labels translate them into the visitor's language.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from bridge.store.accounts import answers as refusal
from bridge.store.accounts import questions as reason

ANSWERS = {
    "same": lazy_gettext("Same person"),
    "different": lazy_gettext("Different person"),
}
REASONS: Mapping[str, str] = {
    reason.NUMBER_FROM_MOODLE: lazy_gettext(
        "The member number comes from the Moodle profile, where everyone can edit it."
    ),
    reason.EMAIL_DIFFERS: lazy_gettext("The account has another email address than the member."),
    reason.UNCONFIRMED: lazy_gettext("The account's email address is not confirmed."),
    reason.GONE: lazy_gettext(
        "Moodle does not show this account: it was deleted, or the token may not see it."
    ),
    reason.NUMBER_DIFFERS: lazy_gettext("The account has another member number."),
    reason.SUSPENDED: lazy_gettext("The account is suspended."),
    reason.NOT_CERTAIN: lazy_gettext(
        "Several accounts or members fit, or the email address is not certain."
    ),
}
REFUSALS: Mapping[str, str] = {
    refusal.MISSING: lazy_gettext("There is no such question."),
    refusal.ABOUT_YOURSELF: lazy_gettext(
        "It is about your own record. Someone else must answer it."
    ),
    refusal.ANSWERED_SAME: lazy_gettext("It was answered “same”. Withdraw that answer first."),
    refusal.ANSWERED_DIFFERENT: lazy_gettext(
        "It was answered “different”. Withdraw that answer first."
    ),
    refusal.ONE_ACCOUNT: lazy_gettext(
        "A member has one Moodle account. Answer “same” for one account only."
    ),
    refusal.ONE_MEMBER: lazy_gettext(
        "A Moodle account belongs to one member. Answer “same” for one member only."
    ),
    refusal.HAS_ACCOUNT: lazy_gettext("The member is linked to another Moodle account."),
    refusal.HELD: lazy_gettext(
        "The account is linked to another member who has a member number. Check that link first."
    ),
    refusal.DUPLICATE: lazy_gettext(
        "The record that would lose the account has the same email address as another record "
        "without a member number. Erase one of the two first."
    ),
}


def translate_reason(text: str) -> str:
    """Translate the known reasons in a text into the visitor's language."""
    for english, translated in REASONS.items():
        text = text.replace(english, str(translated))
    return text
