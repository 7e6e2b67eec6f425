"""A Letter and its addresses become one e-mail message."""

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
    letter: Email,
    *,
    to: str,
    sender: str,
    message_id: str,
    date: datetime,
    reply_to: str | None = None,
    sender_name: str = "",
    unsubscribe: str | None = None,
) -> EmailMessage:
    """The message, with a plain and an HTML part.

    `to`, `sender`, `reply_to`, `unsubscribe` are bare addresses; who does not want such mails
    writes to the last (List-Unsubscribe). `message_id` is `something@domain`, made by the caller
    from the delivery, so that a mail sent twice is recognised as the same one.
    `date` is timezone-aware. Raises MailError (not again) for an address or id that cannot
    stand in a header: a line break in one of them never reaches the message.
    """
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = _address(sender, one_line(sender_name))
    message["To"] = _address(to)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{validated_message_id(message_id)}>"
    if unsubscribe:
        way = quote(str(_address(unsubscribe)), safe="@")
        message["List-Unsubscribe"] = f"<mailto:{way}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def validated_message_id(message_id: str) -> str:
    """`message_id` without angle brackets, safe in a header and as the name of a file."""
    bare = message_id.strip().removeprefix("<").removesuffix(">")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9._:-]+", bare):
        raise MailError("the Message-ID must have the form something@domain.", again=False)
    return bare


def _address(address: str, name: str = "") -> Address:
    match = re.fullmatch(ADDRESS, address)
    if match is None:
        raise MailError(
            "an address cannot be used in a mail.",
            again=False,
            todo="Correct the e-mail address in the member's record or in `mail:`.",
        )
    return Address(display_name=name, username=match[1], domain=match[2])
