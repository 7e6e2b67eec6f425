"""Signatures of webhook requests. Pure functions.

The signature is the HMAC-SHA256 of the timestamp (Unix seconds, as sent), a full stop and the
body. The signed timestamp prevents replays of old requests.
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
    """The signature is not valid. The text says why and how to correct it."""


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
    """Verify the timestamp and signature headers of a request. Returns the digest.

    Equal requests have equal digests, so the digest identifies replays. Raises BadSignature if a
    header is missing or malformed, if the signature is wrong, or if the timestamp differs from
    `now` by more than `tolerance`.
    """
    if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII):
        raise BadSignature(f"{TIMESTAMP_HEADER} must be the time of sending in Unix seconds.")
    match = re.fullmatch(rf"{VERSION}=([0-9a-f]{{64}})", signature, re.ASCII)
    if match is None:
        raise BadSignature(f"{SIGNATURE_HEADER} must be {VERSION}= and 64 hexadecimal digits.")
    expected = _digest(secret, timestamp, body)
    if not hmac.compare_digest(expected, match[1]):
        raise BadSignature("The signature does not match the body: check the secret on both sides.")
    if abs(now.timestamp() - int(timestamp)) > tolerance.total_seconds():
        raise BadSignature(
            f"{TIMESTAMP_HEADER} is more than {tolerance.total_seconds():.0f} seconds from the "
            "time here: check both clocks, and sign again before every attempt."
        )
    return expected


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
