"""A composed message to send."""

from __future__ import annotations

from datetime import UTC, datetime

from bridge.mail import Email, compose

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EMAIL = Email("A subject", "Plain\n", "<p>Rich</p>")


def composed(**changes: str) -> bytes:
    arguments = {
        "to": "kim@member.example",
        "sender": "stewardpath@union.example",
        "message_id": "delivery-7@union.example",
        **changes,
    }
    return compose(EMAIL, date=NOON, **arguments).as_bytes()
