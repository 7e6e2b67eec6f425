"""SMTP connections that know whether the server may have accepted a message.

Until the line with a single dot has been sent, the server has accepted nothing. After it, only a
complete reply tells; a broken connection or a late reply tells nothing (RFC 5321, 4.2.5).
"""

from __future__ import annotations

import re
import smtplib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

FINAL_REPLY_TIMEOUT_SECONDS = 600.0
"""How long to wait for the reply to the final dot: at least 10 minutes (RFC 5321, 4.5.3.2.6).

A server may scan and store the message before it replies. A client that gives up earlier sends the
email again although it was accepted.
"""
DATA_BLOCK_TIMEOUT_SECONDS = 180.0
"""How long a part of the message may take (RFC 5321, 4.5.3.2.5)."""


class NoFinalReply(Exception):
    """The message was sent completely, and no reply that can be read came."""


class CarefulData(smtplib.SMTP):
    """Sends a message like `smtplib.SMTP`, and raises NoFinalReply if its outcome is unknown."""

    def data(self, msg: Buffer | str) -> tuple[int, bytes]:
        """Send the message; return the server's reply. Raises NoFinalReply, SMTPDataError."""
        self.putcmd("data")
        code, reply = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        content = msg.encode("ascii") if isinstance(msg, str) else bytes(msg)
        usual = self.sock.gettimeout()  # type: ignore[union-attr]
        self._wait(max(usual or 0, DATA_BLOCK_TIMEOUT_SECONDS))
        self.send(_with_final_dot(content))
        try:
            self._wait(FINAL_REPLY_TIMEOUT_SECONDS)
            code, reply = self.getreply()
            self._wait(usual)
        except (smtplib.SMTPException, OSError) as error:
            raise NoFinalReply(type(error).__name__) from None
        if not 200 <= code < 600 or 300 <= code < 400:
            raise NoFinalReply("unreadable reply")
        # smtplib takes every other code than 250 for a refusal.
        return (250 if code < 300 else code), reply

    def _wait(self, seconds: float | None) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)


class CarefulSmtp(CarefulData):
    """A connection that begins without encryption."""


class CarefulSmtpOverTls(CarefulData, smtplib.SMTP_SSL):
    """A connection that is encrypted from the start."""


def _with_final_dot(content: bytes) -> bytes:
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"
