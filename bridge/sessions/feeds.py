"""Sessions as calendar entries that name nobody: feeds, and links that add one to a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language
from bridge.foundations.calendar_entry import CalendarEntry, Hours
from bridge.sessions.live_sessions import ANNOUNCED, find_topic, title_of
from bridge.sessions.tables import LiveSession

MAX_ENTRIES = 500


def entry_of(live: LiveSession, title: str, address: str) -> CalendarEntry:
    """The session, with its page and without its link to join. `address`: before paths."""
    page = f"/sessions/{live.id}"
    return CalendarEntry(
        f"session-{live.id}", title, Hours(live.starts, live.ends, live.zone), page,
        place=live.room if live.in_person else "", sequence=live.sequence,
        status="cancelled" if live.state == "cancelled" else "confirmed",
        description=address + page,
    )  # fmt: skip


def public_entries(
    session: Session,
    curricula: Sequence[Curriculum],
    language: Language,
    address: str,
    now: datetime,
) -> list[CalendarEntry]:
    """The sessions to come that are open to everyone; postponed ones have no date. One query.

    Cancelled ones are in it, so that calendars learn of it.
    """
    wanted = (LiveSession.ends_at > now, LiveSession.state != "postponed", ANNOUNCED)
    query = select(LiveSession).where(*wanted).order_by(LiveSession.starts_at, LiveSession.id)
    found = session.scalars(query.limit(MAX_ENTRIES))
    return [
        entry_of(live, title_of(live, curricula, language), address)
        for live in found
        if _is_for_everyone(live, curricula)
    ]


def add_links(entry: CalendarEntry) -> tuple[tuple[str, str], ...]:
    """The names of web calendars, each with the address that adds the entry there.

    Facts: Google's and Outlook's addresses for adding an event take it in their query.
    """
    if (hours := entry.hours) is None:
        return ()
    google = urlencode({
        "action": "TEMPLATE", "text": entry.title, "dates": _span(hours), "ctz": hours.zone,
        "details": entry.description, "location": entry.place,
    })  # fmt: skip
    outlook = urlencode({
        "path": "/calendar/action/compose", "rru": "addevent", "subject": entry.title,
        "startdt": _utc(hours.since), "enddt": _utc(hours.until),
        "body": entry.description, "location": entry.place,
    })  # fmt: skip
    return (
        ("Google Calendar", f"https://calendar.google.com/calendar/render?{google}"),
        ("Outlook.com", f"https://outlook.live.com/calendar/0/deeplink/compose?{outlook}"),
        ("Microsoft 365", f"https://outlook.office.com/calendar/0/deeplink/compose?{outlook}"),
    )  # fmt: skip


def _is_for_everyone(live: LiveSession, curricula: Sequence[Curriculum]) -> bool:
    found = find_topic(curricula, live.curriculum, live.topic)
    return found is not None and found[1].audience.everyone


def _span(hours: Hours) -> str:
    """From when to when, as the clocks in its zone show."""
    return "/".join(f"{each:%Y%m%dT%H%M%S}" for each in (hours.starts, hours.ends))


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
