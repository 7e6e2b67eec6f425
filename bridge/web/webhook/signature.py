"""Signatures on what the membership system sends. Pure: bytes and a clock in, a verdict out.

The signature is HMAC-SHA256 over the timestamp (Unix seconds, as sent), a full stop and the
body. The timestamp inside it is what makes an old request worthless to whoever kept it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

TIMESTAMP_HEADER = "Stewardpath-Timestamp"
SIGNATURE_HEADER = "Stewardpath-Signature"
VERSION = "v1"


class BadSignature(Exception):
    """The request is not to be believed; the text says why, and how to send it right."""


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The value of the signature header for a request sent at `timestamp` (Unix seconds)."""
    return f"{VERSION}={_digest(secret, str(timestamp), body)}"


def verify(
    secret: str,
    timestamp: str,
    body: bytes,
    signature: str,
    now: datetime,
    tolerance: timedelta,
) -> str:
    """Check a request's two headers against its body; returns the bare digest.

    Equal requests have equal digests, whatever the headers' spelling: it serves to recognise a
    replay. Raises BadSignature if a header is missing or malformed, if the time is further than
    `tolerance` from `now` either way, or if the signature is not that of `secret`.
    """
    if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII):
        raise BadSignature(f"{TIMESTAMP_HEADER} must be the time of sending in Unix seconds.")
    match = re.fullmatch(rf"{VERSION}=([0-9a-f]{{64}})", signature, re.ASCII)
    if match is None:
        raise BadSignature(f"{SIGNATURE_HEADER} must be {VERSION}= and 64 hexadecimal digits.")
    expected = _digest(secret, timestamp, body)
    if not hmac.compare_digest(expected, match[1]):
        raise BadSignature("The signature does not fit the body: check the secret on both sides.")
    if abs(now.timestamp() - int(timestamp)) > tolerance.total_seconds():
        raise BadSignature(
            f"{TIMESTAMP_HEADER} is more than {tolerance.total_seconds():.0f} seconds from the "
            "time here: check both clocks, and sign again before every attempt."
        )
    return expected


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
