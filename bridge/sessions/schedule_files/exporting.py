"""Writes sessions to a file that can be imported again: YAML, CSV, JSON or a calendar."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import yaml
from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.foundations.calendar_file import PRODUCT, ZONE_MARGIN
from bridge.sessions import leaders, live_sessions
from bridge.sessions.providers.targets import is_provided
from bridge.sessions.schedule_files.csv_format import HEADINGS, write_csv
from bridge.sessions.tables import LiveSession, SessionLeader
from bridge.store.tables.persons import Person

ExportFormat = Literal["yaml", "csv", "json", "ics"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
MEDIA_TYPES: Mapping[ExportFormat, str] = {
    "yaml": "application/yaml", "csv": "text/csv", "json": "application/json",
    "ics": "text/calendar",
}  # fmt: skip
STATUSES = {"cancelled": "CANCELLED", "draft": "TENTATIVE"}
MINUTE = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class ExportedSession:
    """A session, and what its leaders are called in files."""

    live: LiveSession
    title: str
    leaders: Sequence[str]


def read_sessions(
    session: Session,
    curricula: Sequence[Curriculum],
    language: str,
    now: datetime,
    *,
    past: bool = False,
    regions: Collection[str] | None = None,
) -> list[ExportedSession]:
    """The sessions to come, or those that are over, by their start. `regions`: None for all."""
    to_come = live_sessions.is_to_come(now)
    when = ~to_come if past else to_come
    query = select(LiveSession).where(when).order_by(LiveSession.starts_at, LiveSession.id)
    if regions is not None:
        query = query.where(LiveSession.region.in_(regions))
    rows = session.scalars(query).all()
    named = _leader_names(session, [each.id for each in rows])
    return [
        ExportedSession(
            each, live_sessions.title_of(each, curricula, language), named.get(each.id, [])
        )
        for each in rows
    ]


def write_sessions(
    rows: Sequence[ExportedSession],
    form: ExportFormat,
    now: datetime,
    escape: Callable[[object], str] = str,
    *,
    links: bool = False,
) -> str:
    """The sessions as text. `links`: with the links to join, which only those registered may see.

    A provider is always named: that lets nobody in.
    `escape`: makes a value safe as a cell of a spreadsheet.
    """
    match form:
        case "yaml":
            return _yaml([_entry(each, links=links) for each in rows])
        case "json":
            data = {"sessions": [_entry(each, links=links) for each in rows]}
            return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        case "csv":
            cells = [_cells(_entry(each, links=links)) for each in rows]
            return write_csv(list(HEADINGS), [[escape(each) for each in row] for row in cells])
        case "ics":
            return _calendar(rows, now, links=links)


def _leader_names(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    named = (
        select(SessionLeader.session_id, Person)
        .join(Person, Person.id == SessionLeader.person_id)
        .where(SessionLeader.session_id.in_(ids))
        .order_by(Person.name, Person.id)
    )
    for session_id, person in session.execute(named):
        found.setdefault(session_id, []).append(leaders.name_of(session, person))
    return found


def _entry(each: ExportedSession, *, links: bool) -> dict[str, object]:
    """A session as a schedule file has it; what it doesn't have is left out."""
    live = each.live
    seats = {"online": live.seats_online, "room": live.seats_room}
    shown = links or is_provided(live.link)
    online: str = (live.link if shown else "") or "yes"
    place = {
        "online": online if live.online else "no",
        "room": live.room if live.in_person else None,
    }
    return {
        "key": live.key,
        "curriculum": live.curriculum,
        "session": live.topic,
        **({"part": live.part} if live.part else {}),
        "state": live.state,
        "starts": f"{live.starts:{MINUTE}}",
        "ends": f"{live.ends:{MINUTE}}",
        "timezone": live.zone,
        "seats": {name: count for name, count in seats.items() if count is not None},
        "place": {name: text for name, text in place.items() if text},
        "region": live.region,
        "leaders": list(each.leaders),
        "materials": live.materials.replace("\r\n", "\n"),
    }


def _yaml(entries: Sequence[dict[str, object]]) -> str:
    if not entries:
        return "[]\n"
    return yaml.safe_dump_all(
        [entries], allow_unicode=True, sort_keys=False, width=1_000, default_flow_style=None
    )


def _cells(entry: Mapping[str, object]) -> list[object]:
    """The cells of a row, in the order of the columns."""
    flat: dict[str, object] = dict(entry)
    seats, place = entry["seats"], entry["place"]
    if isinstance(seats, dict) and isinstance(place, dict):
        flat |= {"seats_online": seats.get("online", ""), "seats_room": seats.get("room", "")}
        flat |= {"online": place.get("online", ""), "room": place.get("room", "")}
    named = entry["leaders"]
    flat["leaders"] = "; ".join(named) if isinstance(named, list) else ""
    return [flat.get(name, "") for name in HEADINGS]


def _calendar(rows: Sequence[ExportedSession], now: datetime, *, links: bool) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in rows:
        calendar.add_component(_event(each, now, links=links))
    days = [each.live.starts.date() for each in rows]
    if days:
        calendar.add_missing_timezones(min(days) - ZONE_MARGIN, max(days) + ZONE_MARGIN)
    return bytes(calendar.to_ical()).decode().replace("\r\n", "\n")


def _event(each: ExportedSession, now: datetime, *, links: bool) -> Event:
    live, event = each.live, Event()
    event.add("uid", f"{live.key}@stewardpath")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", live.sequence)
    event.add("dtstart", live.starts.replace(tzinfo=ZoneInfo(live.zone)))
    event.add("dtend", live.ends.replace(tzinfo=ZoneInfo(live.zone)))
    event.add("summary", each.title)
    names = filter(None, (live.curriculum, live.topic, live.part))
    event.add("categories", ["/".join(names)])
    event.add("status", STATUSES.get(live.state, "CONFIRMED"))
    event.add("x-stewardpath-key", live.key)
    if live.in_person:
        event.add("location", live.room)
    if links and live.online and live.link and not is_provided(live.link):
        event.add("conference", live.link, parameters={"VALUE": "URI"})
    return event
