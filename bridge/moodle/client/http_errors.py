"""Answers that aren't data: HTTP errors, a proxy's pages, incomplete answers.

Pure functions. Moodle 4.5.6 answers 403 with an empty body if REST is off. Maintenance from the
command line is 503 with HTML, `Retry-After: 300` and an `Expires` in 1969 (`lib/setup.php`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

from bridge.errors import (
    MoodleError,
    MoodleMaintenance,
    MoodleMisconfigured,
    MoodleRefused,
)
from bridge.messages import Message
from bridge.moodle.client.failures import site_failure

PATH = "/webservice/rest/server.php"
Headers = Mapping[str, str]
"""Header names in lower case."""

_LATER = Message(
    "Try again later. If this keeps happening, check moodle.url and the proxy or firewall in "
    "front of Moodle."
)
_ENABLE_REST = Message(
    "Enable web services (Site administration > Advanced features) and the REST protocol "
    "(Server > Web services > Manage protocols), or run cli/setup.php of the plugin "
    "local_stewardpath."
)
_ALLOW_IN_FIREWALL = Message(
    "Allow POST %(path)s in the proxy or firewall in front of Moodle.", path=PATH
)
_ADVICE_BY_STATUS: Mapping[int, Message] = {
    401: Message("Exempt %(path)s from the web server's password protection.", path=PATH),
    404: Message(
        "Set moodle.url to the address of the Moodle site itself, with its folder if it has one."
    ),
    405: _ALLOW_IN_FIREWALL,
    407: Message("Set HTTPS_PROXY to the proxy's address, with user name and password."),
    410: Message("Set moodle.url to the address of the Moodle site itself."),
}
_CRASHED = (500, 502, 504)
"""PHP crashed or took too long, according to Moodle or the web server in front of it."""


def error_for_response(status: int, headers: Headers, body: bytes, function: str) -> MoodleError:
    """The error for an answer that is neither data nor a Moodle error."""
    if 300 <= status < 400:
        return _redirect(headers, function)
    if status == 403:
        return _forbidden(body, function)
    if status in _ADVICE_BY_STATUS:
        what = Message("The web server answered HTTP %(status)s.", status=str(status))
        return MoodleMisconfigured(what, where=function, todo=_ADVICE_BY_STATUS[status])
    if status == 413:
        what = Message("The web server refused the call because it is too large.")
        return _too_large(what, "http413", function)
    if b"<EXCEPTION" in body[:500]:
        what = Message("Moodle did not receive the form fields.")
        return _too_large(what, "fieldslost", function)
    return _unavailable(status, headers, body, function)


def retry_after(headers: Headers) -> float | None:
    """Seconds to wait, from `Retry-After`: a number, or a date relative to the server's `Date`."""
    wanted = headers.get("retry-after", "").strip()
    if wanted.isascii() and wanted.isdigit():
        return float(wanted)
    until, now = _date(wanted), _date(headers.get("date", ""))
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _date(text: str) -> datetime | None:
    """Parse an HTTP date. Dates without a time zone are an obsolete format and are ignored."""
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else None


def _redirect(headers: Headers, function: str) -> MoodleError:
    """Redirects aren't followed, because the token would be sent to another host."""
    parts = urlsplit(headers.get("location", ""))
    host = parts.netloc.rpartition("@")[2]
    site = urlunsplit((parts.scheme, host, parts.path.removesuffix(PATH).rstrip("/"), "", ""))
    return MoodleMisconfigured(
        Message("The address redirects to %(site)s.", site=site or Message("another page")),
        where=function,
        todo=Message("Set moodle.url to %(site)s.", site=site)
        if host
        else Message("Set moodle.url to the address of the Moodle site itself."),
    )


def _forbidden(body: bytes, function: str) -> MoodleError:
    if body.strip():
        what = Message("A proxy or firewall in front of Moodle blocked the call (HTTP 403).")
        return MoodleMisconfigured(what, where=function, todo=_ALLOW_IN_FIREWALL)
    what = Message("Web services or the REST protocol are turned off (HTTP 403).")
    return MoodleMisconfigured(what, where=function, todo=_ENABLE_REST)


def _too_large(what: Message, code: str, function: str) -> MoodleError:
    """A refusal, so that the batch is halved. If the fields are lost, Moodle answers in XML."""
    todo = Message("Increase post_max_size in PHP and the proxy's limit for request bodies.")
    return MoodleRefused(what, code=code, where=function, todo=todo)


def _unavailable(status: int, headers: Headers, body: bytes, function: str) -> MoodleError:
    after = retry_after(headers)
    if status == 503 and _is_maintenance(headers, body):
        todo = Message("Try again when the maintenance is over.")
        what = Message("Moodle is in maintenance mode.")
        return MoodleMaintenance(what, after=after, where=function, todo=todo)
    what = Message("%(what)s (HTTP %(status)s).", what=_description(body), status=str(status))
    divisible = status < 400 or status in _CRASHED
    return site_failure(what, function, after=after, todo=_LATER, divisible=divisible)


def _is_maintenance(headers: Headers, body: bytes) -> bool:
    """Whether this is maintenance mode. The page may be in any language; Expires isn't."""
    return "1969" in headers.get("expires", "") or b"maintenance" in body.lower()


def _description(body: bytes) -> Message:
    start = body.lstrip()[:1]
    if not start:
        return Message("The answer is empty")
    if start == b"<":
        return Message("The answer is a web page, not JSON")
    if start in b"{[":
        return Message("The answer is incomplete or not JSON")
    return Message("The answer is not JSON")
