"""Scheduling sessions as the committee does, on the pages."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from bridge.sessions.tables import LiveSession
from tests.web.signed_in_users import SignedInUsers

FORM = {
    "topic": "a-path/hearings/", "day": "2026-04-17", "starts": "18:00", "ends": "20:00",
    "zone": "America/Toronto", "online": "y", "seats_online": "1",
    "link": "https://meet.example/secret", "room": "", "seats_room": "", "region": "",
    "leaders": "", "materials": "Read *this*.", "version": "",
}  # fmt: skip


def schedule(users: SignedInUsers, *, opened: bool = True, **changed: str) -> int:
    """Fill in the form, open the session, and return its ID."""
    browser = users.client("committee")
    answer = browser.post("/committee/sessions/new", data=FORM | changed)
    assert answer.status_code == 303, re.findall(r"invalid-feedback[^>]*>([^<]+)", answer.text)
    number = int(answer.headers["Location"].rpartition("/")[2])
    if opened:
        assert browser.post(f"/committee/sessions/{number}/open").status_code == 303
    return number


def go_to_its_start(users: SignedInUsers, number: int, minutes_before: int = 5) -> None:
    with users.database.reading() as session:
        starts = session.scalars(
            select(LiveSession.starts_at).where(LiveSession.id == number)
        ).one()  # fmt: skip
    users.clock.time = starts - timedelta(minutes=minutes_before)


def go_to_its_end(users: SignedInUsers, number: int) -> None:
    with users.database.reading() as session:
        ends = session.scalars(select(LiveSession.ends_at).where(LiveSession.id == number)).one()
    users.clock.time = ends + timedelta(minutes=1)


def live_session(users: SignedInUsers, number: int) -> LiveSession:
    with users.database.reading() as session:
        return session.scalars(select(LiveSession).where(LiveSession.id == number)).one()
