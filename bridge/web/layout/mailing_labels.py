"""What the types of email that one can unsubscribe from are called."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.features.registers import all_mailings
from bridge.store.persons.mailings import Subscription
from bridge.web.common.services import current_services
from bridge.web.layout.translation import translate


@dataclass(frozen=True, slots=True)
class MailingTexts:
    """What a mailing is called, and which emails it has; '' if nobody knows any more."""

    label: str
    description: str = ""


def mailing_texts(subscription: Subscription) -> MailingTexts:
    """The texts of a subscription's mailing; only its key if no feature has it any more."""
    mailing = all_mailings(current_services().features).get(subscription.mailing)
    if mailing is None:
        return MailingTexts(subscription.mailing)
    return MailingTexts(translate(mailing.label), translate(mailing.description))
