"""Decide what an SMTP error means: retry, give up, or correct a setting.

A server's reply may repeat the recipient's address, so only its codes are kept: the reply code
(RFC 5321) and the status (RFC 3463), such as `550 5.1.1`.
"""

from __future__ import annotations

import re
import smtplib
import ssl

from bridge.errors import ConfigError, MailError, MailOutcomeUnknown, StewardpathError

Failure = smtplib.SMTPException | OSError


def misconfigured(what: str, settings: str, place: str) -> ConfigError:
    """The error that only a change of `settings` can fix."""
    return ConfigError(f"{what}.", where=place, todo=f"Check {settings}.")


def not_connected(error: Failure, place: str) -> StewardpathError:
    """The error for a connection that could not be opened, secured or logged in to."""
    match error:
        case smtplib.SMTPAuthenticationError() if error.smtp_code >= 500:
            what = f"the mail server refused the login ({error.smtp_code})"
            return misconfigured(what, "mail.username and STEWARDPATH_SMTP_PASSWORD", place)
        case smtplib.SMTPNotSupportedError():
            what = "the mail server does not offer the encryption or login that is set"
            return misconfigured(what, "mail.security, mail.port and mail.username", place)
        case ssl.SSLCertVerificationError():
            what = f"the mail server's certificate cannot be trusted ({error.verify_message})"
            return misconfigured(what, "mail.host, or the server's certificate", place)
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            what = "the mail server does not speak TLS from the start on this port"
            return misconfigured(what, "mail.security (starttls?) and mail.port", place)
        case _:
            return _connection_lost(error, place)


def not_sent(error: Failure, place: str) -> StewardpathError:
    """The error for a message that an open connection did not accept."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()))
            return _refused("the recipient", code, reply, place)
        case smtplib.SMTPSenderRefused() if error.smtp_code >= 500:
            codes = _codes(error.smtp_code, error.smtp_error)
            return misconfigured(f"the mail server refused the sender ({codes})", SENDER, place)
        case smtplib.SMTPResponseException():
            return _refused("the email", error.smtp_code, error.smtp_error, place)
        case smtplib.SMTPNotSupportedError():
            what = "the mail server cannot deliver to an address with accents."
            return MailError(what, again=False, where=place, todo="Correct the address.")
        case _:
            return _connection_lost(error, place)


def outcome_unknown(how: str, place: str) -> MailOutcomeUnknown:
    """The error for a complete message without a reply that says whether it was accepted."""
    return MailOutcomeUnknown(
        f"the mail server got the email, but did not say whether it accepted it ({how}).",
        where=place,
        todo="It may have been sent.",
    )


SENDER = "mail.sender and mail.username"


def _refused(what: str, code: int, reply: bytes | str, place: str) -> MailError:
    again = code < 500
    todo = "It will be retried." if again else "Correct the address, then try again."
    return MailError(
        f"the mail server refused {what} ({_codes(code, reply)}).",
        again=again,
        where=place,
        todo=todo,
    )


def _connection_lost(error: Failure, place: str) -> MailError:
    return MailError(
        f"the connection to the mail server failed ({type(error).__name__}).",
        again=True,
        where=place,
        todo="It will be retried. If this goes on, check mail.host and mail.port.",
    )


def _codes(code: int, reply: bytes | str) -> str:
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", text)
    return f"{code} {status[0]}" if status else str(code)
