"""What the types of email that one can unsubscribe from are called."""

from __future__ import annotations

from bridge.mail.kinds import MAILINGS
from bridge.web.layout.translation import translate


def mailing_label(mailing: str) -> str:
    """The label of a type of email; its key if there is no such type any more."""
    label = next((each for key, each in MAILINGS.items() if key == mailing), None)
    return mailing if label is None else translate(label)
