"""Compose a MIME message from an email and its addresses."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from urllib.parse import quote

from bridge.errors import MailError
from bridge.mail.rendering import Email, one_line

ADDRESS = r"([^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+)@(\w[\w.-]*)"


def compose(
    email: Email,
    *,
    to: str,
    sender: str,
    message_id: str,
    date: datetime,
    reply_to: str | None = None,
    sender_name: str = "",
    unsubscribe: str | None = None,
) -> EmailMessage:
    """Compose a message with a plain text and an HTML part.

    `to`, `sender`, `reply_to` and `unsubscribe` (for List-Unsubscribe) are bare addresses.
    `message_id` has the form `something@domain`. Callers derive it from the delivery, so that
    mail systems recognise a repeated email. `date` is timezone-aware.
    Raises MailError (not again) for an address or id that isn't valid in a header, such as one
    with a line break.
    """
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = _address(sender, one_line(sender_name))
    message["To"] = _address(to)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = one_line(email.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{validated_message_id(message_id)}>"
    if unsubscribe:
        address = quote(str(_address(unsubscribe)), safe="@")
        message["List-Unsubscribe"] = f"<mailto:{address}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message


def validated_message_id(message_id: str) -> str:
    """`message_id` without angle brackets, safe in a header and as a file name."""
    bare = message_id.strip().removeprefix("<").removesuffix(">")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9._:-]+", bare):
        raise MailError("the Message-ID must have the form something@domain.", again=False)
    return bare


def _address(address: str, name: str = "") -> Address:
    match = re.fullmatch(ADDRESS, address)
    if match is None:
        raise MailError(
            "an address cannot be used in an email.",
            again=False,
            todo="Correct the email address in the member's record or in `mail:`.",
        )
    return Address(display_name=name, username=match[1], domain=match[2])
