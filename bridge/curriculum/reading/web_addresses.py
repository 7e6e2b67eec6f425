"""Check web addresses, and suggest what the author meant."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from bridge.curriculum.problems import VALID, Verdict, instead, quoted
from bridge.membership.emails import EMAIL
from bridge.messages import NOTHING, Message

_SCHEMES = frozenset({"http", "https"})
_MISTYPED = re.compile(
    r"(?:https?[:;]?[/\\]*)?(?P<scheme>h?t{1,3}ps?|http?s?s?)(?:[:;][/\\]*|[:;]?[/\\]+)\s*(?P<rest>\S+)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[\w-]+\.)+(?P<top>[^\W\d_]{2,}|xn--[\w-]+)(?=[:/?#]|$)")
_FILE_ENDINGS = (
    *("pdf", "doc", "docx", "odt", "txt", "md", "htm", "html", "xls", "xlsx", "ods", "csv"),
    *("ppt", "pptx", "odp", "png", "jpg", "jpeg", "gif", "svg", "zip", "mp3", "mp4", "yaml"),
)
_EMAIL = re.compile(r"(?:mailto:)?[^\s@/:]+@(?:[\w-]+\.)+[^\W\d_]{2,}(?:\?\S*)?", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"""[\s<>"`\\]""")
_HOST_NAME = re.compile(r"\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?", re.IGNORECASE)

MARKDOWN_LINK = re.compile(r"\[[^\[\]\n]*\] ?\( ?<?(?P<address>[^\s()<>]+)>? ?\)")


def is_email_address(text: str) -> bool:
    """Whether a text is an email address, perhaps with `mailto:`."""
    return bool(_EMAIL.fullmatch(text))


def check_email(text: str) -> Verdict:
    """Check an email address."""
    if EMAIL.fullmatch(text):
        return VALID
    bare = text.removeprefix("mailto:").strip("<>")
    wrong = Message("%(text)s is not an email address.", text=quoted(text))
    if EMAIL.fullmatch(bare):
        return wrong, instead(bare)
    return wrong, Message("write one address, such as name@example.org")


def check_address(text: str) -> Verdict:
    """Check that a text is a web address (http or https)."""
    if is_email_address(text):
        return (
            Message("%(text)s is an email address, not a web address.", text=quoted(text)),
            Message("write a link in the text of a page: `[our address](mailto:…)`"),
        )
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError for a port that is not a number
    except ValueError:
        return Message("%(text)s is not a web address.", text=quoted(text)), _advice(text)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        wrong = Message("%(text)s does not begin with https:// or http://.", text=quoted(text))
        return wrong, _advice(text)
    return _check_parts(text, parts)


def meant_address(text: str) -> str:
    """The valid web address that a mistyped one is for; '' if that is unclear."""
    link = MARKDOWN_LINK.fullmatch(text.strip())
    text = link["address"] if link else text.strip().removeprefix("<").removesuffix(">")
    mistyped = _MISTYPED.fullmatch(text)
    bare = mistyped["rest"] if mistyped else text.lstrip("/")
    host = _HOST.match(bare)
    is_file = host and host["top"].lower() in _FILE_ENDINGS and host.end() == len(bare)
    if not host or is_file or "@" in host[0]:
        return ""
    insecure = mistyped and not mistyped["scheme"].lower().endswith("s")
    meant = f"{'http' if insecure else 'https'}://{bare}"
    return "" if check_address(meant)[0] else meant


def _advice(text: str) -> Message:
    meant = meant_address(text)
    return instead(meant) if meant else NOTHING


def _check_parts(text: str, parts: SplitResult) -> Verdict:
    if _NOT_ALLOWED.search(text):
        wrong = Message(
            "%(text)s contains a character that is not allowed in a web address.", text=quoted(text)
        )
        return wrong, NOTHING
    if "@" in parts.netloc or not parts.hostname:
        wrong = Message("%(text)s contains a user name or password.", text=quoted(text))
        return wrong, Message("remove it")
    if parts.hostname in _SCHEMES or not _HOST_NAME.fullmatch(
        parts.netloc.partition(":")[0] or "["
    ):
        return _check_host(text, parts)
    return VALID


def _check_host(text: str, parts: SplitResult) -> Verdict:
    if parts.netloc.startswith("[") and parts.hostname not in _SCHEMES:
        return VALID
    host = parts.hostname or ""
    wrong = Message(
        "%(text)s: %(host)s is not the name of a website.", text=quoted(text), host=quoted(host)
    )
    return wrong, _advice(text)
