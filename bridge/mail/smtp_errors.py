"""What an SMTP failure means: try again, never, or correct a setting. A function of the error.

A server's answer may repeat the recipient's address, so only its numbers are kept (RFC 5321
reply code and RFC 3463 status, such as `550 5.1.1`).
"""

from __future__ import annotations

import re
import smtplib
import ssl

from bridge.errors import ConfigError, MailError, StewardpathError

Failure = smtplib.SMTPException | OSError


def misconfigured(what: str, settings: str, place: str) -> ConfigError:
    """The error for what only a change of `settings` can mend."""
    return ConfigError(f"{what}.", where=place, todo=f"Check {settings}.")


def not_connected(error: Failure, place: str) -> StewardpathError:
    """What it means that no connection could be opened, secured and logged in to."""
    match error:
        case smtplib.SMTPAuthenticationError() if error.smtp_code >= 500:
            what = f"the mail server refused the login ({error.smtp_code})"
            return misconfigured(what, "mail.username and STEWARDPATH_SMTP_PASSWORD", place)
        case smtplib.SMTPNotSupportedError():
            what = "the mail server does not offer the encryption or login asked for"
            return misconfigured(what, "mail.security, mail.port and mail.username", place)
        case ssl.SSLCertVerificationError():
            what = f"the mail server's certificate cannot be trusted ({error.verify_message})"
            return misconfigured(what, "mail.host, or the server's certificate", place)
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            what = "the mail server does not speak TLS from the start on this port"
            return misconfigured(what, "mail.security (starttls?) and mail.port", place)
    return _broken(error, place)


def not_sent(error: Failure, place: str) -> StewardpathError:
    """What it means that an open connection did not take a message."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, answer = next(iter(error.recipients.values()))
            return _refused("the recipient", code, answer, place)
        case smtplib.SMTPSenderRefused() if error.smtp_code >= 500:
            numbers = _numbers(error.smtp_code, error.smtp_error)
            return misconfigured(f"the mail server refused the sender ({numbers})", SENDER, place)
        case smtplib.SMTPResponseException():
            return _refused("the mail", error.smtp_code, error.smtp_error, place)
        case smtplib.SMTPNotSupportedError():
            what = "the mail server cannot deliver to an address with accents."
            return MailError(what, again=False, where=place, todo="Correct the address.")
    return _broken(error, place)


SENDER = "mail.sender and mail.username"


def _refused(what: str, code: int, answer: bytes | str, place: str) -> MailError:
    again = code < 500
    todo = "It is tried again." if again else "Correct the address, then try again."
    return MailError(
        f"the mail server refused {what} ({_numbers(code, answer)}).",
        again=again,
        where=place,
        todo=todo,
    )


def _broken(error: Failure, place: str) -> MailError:
    return MailError(
        f"the connection to the mail server failed ({type(error).__name__}).",
        again=True,
        where=place,
        todo="It is tried again; if this lasts, check mail.host and mail.port.",
    )


def _numbers(code: int, answer: bytes | str) -> str:
    text = answer.decode("ascii", "replace") if isinstance(answer, bytes) else answer
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", text)
    return f"{code} {status[0]}" if status else str(code)
