"""Signature verification: valid and invalid signatures."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.web.webhook.signature import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    BadSignature,
    sign,
    verify,
)

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENT = int(NOW.timestamp())
TOLERANCE = timedelta(seconds=300)
BODY = b'{"members": []}'
RIGHT = sign("secret", SENT, BODY)


def check(
    *,
    secret: str = "secret",
    timestamp: str = str(SENT),
    body: bytes = BODY,
    signature: str = RIGHT,
    now: datetime = NOW,
) -> str:
    return verify(secret, timestamp, body, signature, now, TOLERANCE)


def test_the_documented_format() -> None:
    signed = f"{SENT}.".encode() + BODY
    digest = hmac.new(b"secret", signed, hashlib.sha256).hexdigest()
    assert sign("secret", SENT, BODY) == f"v1={digest}"
    assert check() == digest


def test_the_documented_example_is_valid() -> None:
    page = (ROOT / "docs" / "decisions" / "0013-signed-webhook.md").read_text()
    example = page.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {"secret": "secret"}
    exec(example, names)
    sent, headers = names["timestamp"], names["headers"]
    now = datetime.fromtimestamp(int(sent), UTC)
    assert headers[TIMESTAMP_HEADER] == sent
    assert check(timestamp=sent, body=names["body"], signature=headers[SIGNATURE_HEADER], now=now)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_small_clock_difference_is_accepted(seconds: int) -> None:
    assert check(now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400, -86_400])
def test_timestamps_outside_the_tolerance_are_refused(seconds: int) -> None:
    with pytest.raises(BadSignature, match="300 seconds"):
        check(now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "another"},
        {"body": BODY + b" "},
        {"timestamp": str(SENT + 1)},
        {"timestamp": f"0{SENT}"},
        {"signature": "v1=" + "0" * 64},
    ],
)
def test_another_secret_body_or_timestamp_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(BadSignature, match="does not match"):
        check(**changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "signature",
    ["", "v1=", "v1=zz", RIGHT[3:], RIGHT.upper(), RIGHT.replace("v1", "v0"), RIGHT + "\n",
     "v1=" + "é" * 64],
)  # fmt: skip
def test_a_malformed_signature_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature, match="64 hexadecimal"):
        check(signature=signature)


@pytest.mark.parametrize(
    "timestamp", ["", "now", "-1", "1e9", "１２", "9" * 13, f"{SENT}\n", "1.5"]
)
def test_a_malformed_timestamp_is_refused(timestamp: str) -> None:
    with pytest.raises(BadSignature, match="Unix seconds"):
        check(timestamp=timestamp)


@given(st.binary(), st.binary(), st.text(min_size=1))
def test_only_the_signed_body_is_accepted(body: bytes, other: bytes, secret: str) -> None:
    signature = sign(secret, SENT, body)
    assert check(secret=secret, body=body, signature=signature)
    if other != body:
        with pytest.raises(BadSignature):
            check(secret=secret, body=other, signature=signature)
