"""Compose a MIME message from an email and its addresses."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import (
    Address,
    BaseHeader,
    HeaderRegistry,
    UniqueSingleAddressHeader,
    UnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from bridge.errors import MailError
from bridge.mail.rendering import Email, one_line

CALENDAR = r"text/calendar; method=(REQUEST|CANCEL|PUBLISH)"
MIME_TYPE = r"([a-z]+)/([a-z0-9.+-]+)"
PLAIN_HEADERS = (
    "Date", "Message-ID", "List-Unsubscribe-Post", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version",
)  # fmt: skip
HEADERS_REMEMBERED = 256
LINE_LENGTH = 78
ADDRESS = r"([^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+)@(\w[\w.-]*)"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send along.

    `content_type`: such as `application/pdf`, or `text/calendar; method=REQUEST` for a calendar
    entry, which mail programs also show in the email.
    """

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """How the recipient stops emails of this type: by writing to `address`, or at `url`, or ''."""

    address: str
    url: str = ""


class PlainHeader(UnstructuredHeader):
    """A header with a short text that we write ourselves: ASCII that fits into one line.

    Python would look at each word of it, which takes as long as sending it.
    """

    @classmethod
    def parse(cls, value: str, kwds: dict[str, object]) -> None:
        """Take the value as it is."""
        kwds["decoded"], kwds["parse_tree"] = value, None

    def fold(self, *, policy: Policy) -> str:
        """Return the header on one line."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


class UrlListHeader(PlainHeader):
    """A header with URLs, which are never broken or encoded, however long they are.

    Python would encode a URL that doesn't fit into a line, and mail programs couldn't read it.
    """

    def fold(self, *, policy: Policy) -> str:
        """Return the header with one URL a line."""
        urls = f",{policy.linesep} ".join(str(self).split(", "))
        return f"{self.name}: {urls}{policy.linesep}"  # type: ignore[attr-defined]


class FoldedOnce(BaseHeader):
    """A header that remembers the lines it was folded into: most are the same in every email."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header's lines."""
        settings = (policy.utf8, policy.linesep, policy.max_line_length)  # type: ignore[attr-defined]
        known: dict[object, str] = self.__dict__.setdefault("folded", {})
        if settings not in known:
            known[settings] = super().fold(policy=policy)
        return known[settings]


class SubjectHeader(UnstructuredHeader):
    """A subject that arrives as it was written.

    Python encodes some of the words, and loses the space between two of them that it encodes.
    """

    def fold(self, *, policy: Policy) -> str:
        """Return the header, encoded as a whole if it isn't ASCII."""
        if policy.utf8 or self.isascii():  # type: ignore[attr-defined]
            return str(super().fold(policy=policy))  # type: ignore[misc]
        return f"{self.name}: {_encoded(str(self), policy)}{policy.linesep}"  # type: ignore[attr-defined]


class SenderHeader(UniqueSingleAddressHeader):
    """A name and an address. The name arrives as it was written, as the subject does."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header, with the address on a line of its own if the name is encoded."""
        if policy.utf8 or self.isascii():  # type: ignore[attr-defined]
            return str(super().fold(policy=policy))  # type: ignore[misc]
        address, end = self.address, policy.linesep
        name = _encoded(address.display_name, policy)
        return f"{self.name}: {name}{end} <{address.addr_spec}>{end}"  # type: ignore[attr-defined]


def _encoded(text: str, policy: Policy) -> str:
    """A text in encoded words (RFC 2047), which hold its spaces too."""
    longest = policy.max_line_length or LINE_LENGTH
    return Header(text, "utf-8", longest, "Subject").encode(linesep=policy.linesep)


class QuickRegistry(HeaderRegistry):
    """Remembers the class of each header, and the last headers: Python's parses them every time."""

    def __init__(self) -> None:
        super().__init__(base_class=FoldedOnce)
        self._known: dict[str, type[BaseHeader]] = {}
        self._parse = lru_cache(maxsize=HEADERS_REMEMBERED)(super().__call__)

    def __call__(self, name: str, value: object) -> BaseHeader:
        """The header. Those with the same text are the same object: headers never change."""
        return self._parse(name, value if isinstance(value, str) else str(value))

    def __getitem__(self, name: str) -> type[BaseHeader]:
        key = name.lower()
        if key not in self._known:
            self._known[key] = super().__getitem__(name)
        return self._known[key]


def _header_registry() -> HeaderRegistry:
    registry = QuickRegistry()
    for name in PLAIN_HEADERS:
        registry.map_to_type(name, PlainHeader)  # type: ignore[arg-type]  # a mixin
    registry.map_to_type("Subject", SubjectHeader)  # type: ignore[arg-type]
    registry.map_to_type("From", SenderHeader)  # type: ignore[arg-type]
    registry.map_to_type("List-Unsubscribe", UrlListHeader)  # type: ignore[arg-type]
    return registry


HEADERS = _header_registry()


def compose(
    email: Email,
    *,
    to: str,
    sender: str,
    message_id: str,
    date: datetime,
    reply_to: str | None = None,
    sender_name: str = "",
    unsubscribe: Unsubscribe | None = None,
    attachment: Attachment | None = None,
) -> EmailMessage:
    """Compose a message with a plain text and an HTML part, and perhaps an attachment.

    `to`, `sender` and `reply_to` are bare addresses.
    `message_id` has the form `something@domain`. Callers derive it from the delivery, so that
    mail systems recognise a repeated email. `date` is timezone-aware.
    Raises MailError (not again) for an address or id that isn't valid in a header, such as one
    with a line break, and for an attachment whose name, type or calendar isn't valid.
    """
    policy = SMTP if to.isascii() else SMTPUTF8
    message = EmailMessage(policy=policy.clone(header_factory=HEADERS))
    message["From"] = _address(sender, one_line(sender_name))
    message["To"] = _address(to)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = one_line(email.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{validated_message_id(message_id)}>"
    if unsubscribe:
        _add_unsubscribe(message, unsubscribe)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(email.text)
    message.make_alternative(boundary=f"=_{secrets.token_hex(16)}")
    message.add_alternative(email.html, subtype="html")
    if attachment:
        _attach(message, attachment)
    return message


def _add_unsubscribe(message: EmailMessage, unsubscribe: Unsubscribe) -> None:
    """RFC 2369, and RFC 8058: mail programs show a button that unsubscribes with one click."""
    address = quote(str(_address(unsubscribe.address)), safe="@")
    ways = [f"<{unsubscribe.url}>"] if unsubscribe.url else []
    message["List-Unsubscribe"] = ", ".join([*ways, f"<mailto:{address}?subject=unsubscribe>"])
    if unsubscribe.url.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    """Attach a file; a calendar entry also becomes an alternative of the text.

    As an alternative, mail programs show it with buttons. As a file, it can be opened in others.
    """
    name = attachment.name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        raise MailError("the name of the attachment is not valid.", again=False)
    if calendar := re.fullmatch(CALENDAR, attachment.content_type):
        message.add_alternative(
            _calendar_text(attachment.content, calendar[1]),
            subtype="calendar",
            params={"method": calendar[1]},
        )
        message.add_attachment(
            attachment.content, maintype="application", subtype="ics", filename=name
        )
        return
    kind = re.fullmatch(MIME_TYPE, attachment.content_type)
    if kind is None:
        raise MailError("the type of the attachment is not valid.", again=False)
    message.add_attachment(attachment.content, maintype=kind[1], subtype=kind[2], filename=name)


def _calendar_text(content: bytes, method: str) -> str:
    """Raises MailError if it isn't a calendar, or one with another method than its type says."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    lines = text.splitlines()
    if lines[:1] != ["BEGIN:VCALENDAR"] or f"METHOD:{method}" not in lines:
        raise MailError(f"the attachment is not a calendar with METHOD:{method}.", again=False)
    return text


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
