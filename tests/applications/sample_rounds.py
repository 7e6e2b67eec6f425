"""A round of a program, built by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bridge.curriculum.programs import Round

ROUND = Round(
    "2027",
    opens=date(2027, 1, 10),
    closes=datetime.fromisoformat("2027-02-10 17:00"),
    starts=date(2027, 3, 1),
    ends=date(2027, 8, 31),
    zone="America/Los_Angeles",
    seats=2,
)
CLOSING = datetime(2027, 2, 11, 1, tzinfo=UTC)
