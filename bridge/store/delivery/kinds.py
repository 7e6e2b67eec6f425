"""Every kind of delivery, declared once. `workflows/delivery` carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bridge.messages import Message

MoodleDeliveryKind = Literal[
    "account",
    "profile",
    "enrol",
    "cohort",
    "plan",
    "competency",
    "badge",
    "message",
    "cohort-leave",
    "badge-revoke",
]
"""Changes in Moodle, in the order in which their turns begin: all others need the account."""
COMPANION_KINDS: frozenset[MoodleDeliveryKind] = frozenset({"badge", "badge-revoke"})
"""What only the companion plugin can do."""
EmailDeliveryKind = Literal["welcome", "mail", "notice", "withdrawal"]
DeliveryKindName = MoodleDeliveryKind | EmailDeliveryKind
"""The kinds as the database stores them."""

DeliveryState = Literal["owed", "done", "failed"]
"""The states of deliveries and emails."""

Remedy = Literal["account", "moodle", "email"]
"""What a person corrects when one is rejected: the member's account, something else in Moodle, or
the email address."""

LARGE_BATCH_SIZE = 250
"""Members claimed together. A call takes as many of them as the site accepts form fields."""
SMALL_BATCH_SIZE = 20
EMAIL_BATCH_SIZE = 50
NOTICE_BATCH_SIZE = 500
MAX_WAIT = timedelta(hours=24)
"""How long an email waits for what it describes. Then it says that this is missing."""


@dataclass(frozen=True, slots=True)
class DeliveryDeclaration:
    """One kind of delivery.

    `batch`: how many are claimed at a time. `needs_account`: wait until the member's Moodle
    account is known. `needs_payload`: the handler reads the payload. `changes_account`: it
    changed the account itself, so that another account of the member needs it too. `waits_for`:
    kinds that must be done for the member before, for MAX_WAIT at most.
    """

    label: Message
    batch: int
    remedy: Remedy
    needs_account: bool
    needs_payload: bool = True
    changes_account: bool = False
    waits_for: tuple[MoodleDeliveryKind, ...] = ()


DELIVERIES: Mapping[DeliveryKindName, DeliveryDeclaration] = {
    "account": DeliveryDeclaration(
        Message("Moodle account"),
        batch=LARGE_BATCH_SIZE,
        remedy="account",
        needs_account=False,
        needs_payload=False,
    ),
    "profile": DeliveryDeclaration(
        Message("Name and email in Moodle"),
        batch=LARGE_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
        needs_payload=False,
    ),
    "enrol": DeliveryDeclaration(
        Message("Enrolment in Moodle"),
        batch=LARGE_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
        changes_account=True,
    ),
    "cohort": DeliveryDeclaration(
        Message("Cohort in Moodle"),
        batch=LARGE_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
        changes_account=True,
    ),
    "plan": DeliveryDeclaration(
        Message("Learning plan in Moodle"),
        batch=SMALL_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
        changes_account=True,
    ),
    "competency": DeliveryDeclaration(
        Message("Competency in Moodle"),
        batch=SMALL_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
        changes_account=True,
    ),
    "badge": DeliveryDeclaration(
        Message("Badge"),
        batch=SMALL_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
        changes_account=True,
    ),
    "message": DeliveryDeclaration(
        Message("Message in Moodle"),
        batch=SMALL_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
    ),
    "cohort-leave": DeliveryDeclaration(
        Message("Cohort to leave in Moodle"),
        batch=LARGE_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
    ),
    "badge-revoke": DeliveryDeclaration(
        Message("Badge to revoke"),
        batch=SMALL_BATCH_SIZE,
        remedy="moodle",
        needs_account=True,
    ),
    "welcome": DeliveryDeclaration(
        Message("Welcome email"),
        batch=EMAIL_BATCH_SIZE,
        remedy="email",
        needs_account=False,
        waits_for=("account", "enrol"),
    ),
    "mail": DeliveryDeclaration(
        Message("Email to the member"),
        batch=EMAIL_BATCH_SIZE,
        remedy="email",
        needs_account=False,
    ),
    "notice": DeliveryDeclaration(
        Message("Email to the region's chair"),
        batch=NOTICE_BATCH_SIZE,
        remedy="email",
        needs_account=False,
        needs_payload=False,
    ),
    "withdrawal": DeliveryDeclaration(
        Message("Email about a withdrawn milestone"),
        batch=EMAIL_BATCH_SIZE,
        remedy="email",
        needs_account=False,
    ),
}
