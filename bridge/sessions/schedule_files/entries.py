"""What a file says about sessions, checked as far as that is possible without the database."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

from bridge.curriculum.model import Curriculum
from bridge.curriculum.problems import Position, Report, quoted
from bridge.curriculum.schema.topic_fields import MAX_MINUTES
from bridge.errors import SessionError
from bridge.messages import NOTHING, Message
from bridge.printable_text import find_unprintable
from bridge.sessions.providers.targets import named_provider
from bridge.sessions.rules import (
    MAX_LENGTHS,
    MAX_SEATS,
    SessionState,
    Times,
    check_key,
    check_year,
    check_zone,
    end_of,
    is_secure_link,
)
from bridge.sessions.schedule_files.raw_rows import Cell, FieldName, RawRow
from bridge.sessions.schedule_files.topics import TopicName, find_topic_of

STATES: tuple[SessionState, ...] = ("draft", "open", "postponed", "cancelled")
YES, NO = ("yes", "true", "oui", "vrai"), ("no", "false", "non", "faux")
SEATS: tuple[Literal["seats_online", "seats_room"], ...] = ("seats_online", "seats_room")
TEXTS: tuple[Literal["region", "materials"], ...] = ("region", "materials")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(:00)?")
_AS_ISO = Message("write it as 2027-04-17 18:00")


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as a file describes it.

    `starts_at`: where its start is in the file. `ends`: None if the file doesn't say how long it
    takes; a new one then takes `minutes`. `values`: what else the file says, by field; see
    `comparison.py`. `leaders`: None if it doesn't say.
    """

    key: str
    position: Position
    starts_at: Position
    topic: TopicName
    starts: datetime
    ends: datetime | None
    minutes: int
    zone: str
    values: dict[str, object] = field(default_factory=dict)
    leaders: tuple[Cell, ...] | None = None


def check_rows(
    rows: Sequence[RawRow],
    curricula: Sequence[Curriculum],
    regions: Collection[str],
    report: Report,
) -> list[Entry]:
    """The sessions that can be used; the problems of the others go to the report."""
    found: list[Entry] = []
    first: dict[str, Position] = {}
    for row in rows:
        key = row.text("key")
        if key and key in first:
            report.error(
                row.place_of("key"),
                Message("the key %(key)s is in line %(line)s already.", key=quoted(key),
                        line=str(first[key].line)),
                Message("each session has its own key"),
            )  # fmt: skip
            continue
        first.setdefault(key, row.place_of("key"))
        if (entry := _entry(row, curricula, regions, report)) is not None:
            found.append(entry)
    return found


def _entry(
    row: RawRow, curricula: Sequence[Curriculum], regions: Collection[str], report: Report
) -> Entry | None:
    """Each part reports its own problems, so that all are known in one go."""
    key = _key(row, report)
    topic = find_topic_of(row, curricula, report)
    times = _times(row, report)
    values = _values(row, regions, report)
    if key is None or topic is None or times is None or values is None:
        return None
    starts, ends = times
    return Entry(
        key, row.position, row.place_of("starts"), topic[0], starts, ends, topic[1],
        row.text("timezone"), values, row.leaders,
    )  # fmt: skip


def _key(row: RawRow, report: Report) -> str | None:
    key = row.text("key")
    try:
        check_key(key)
    except SessionError as error:
        report.error(row.place_of("key"), as_message(error.what))
        return None
    return key


def _times(row: RawRow, report: Report) -> tuple[datetime, datetime | None] | None:
    """The start, and the end if it is said; None after errors were reported."""
    starts = _time(row, "starts", report)
    if not row.text("timezone"):
        missing = Message("say in which time zone it is: `timezone` is missing.")
        report.error(row.place_of("timezone"), missing, Message("such as America/Toronto"))
        return None
    if starts is None:
        return None
    ends = None
    if row.text("ends"):
        ends = _end(row, starts, report)
        if ends is None:
            return None
    elif row.text("minutes"):
        minutes = _number(row, "minutes", 5, MAX_MINUTES, report)
        if minutes is None:
            return None
        ends = starts + timedelta(minutes=minutes)
    return (starts, ends) if _is_possible(row, starts, ends, report) else None


def _is_possible(row: RawRow, starts: datetime, ends: datetime | None, report: Report) -> bool:
    """Whether there are such times in the zone."""
    try:
        check_zone(row.text("timezone"))
    except SessionError as error:
        report.error(row.place_of("timezone"), as_message(error.what), as_message(error.todo))
        return False
    try:
        Times(starts, ends or starts + timedelta(minutes=1), row.text("timezone"))
    except SessionError as error:
        names: FieldName = "starts"
        if ends is not None and error.where != f"{starts:%Y-%m-%d %H:%M}":
            names = "ends" if row.text("ends") else "minutes"
        report.error(row.place_of(names), as_message(error.what), as_message(error.todo))
        return False
    return True


def _time(row: RawRow, name: FieldName, report: Report) -> datetime | None:
    text, position = row.text(name), row.place_of(name)
    if not text:
        report.error(position, Message("say when it starts: `starts` is missing."), _AS_ISO)
        return None
    if match := _TIME.fullmatch(text):
        try:
            at = datetime.fromisoformat(f"{match[1]}T{match[2]:0>5}")
            check_year(at)
            return at
        except SessionError as error:
            report.error(position, as_message(error.what))
            return None
        except ValueError:
            pass
    wrong = Message("%(text)s is not a day with a time.", text=quoted(text))
    report.error(position, wrong, _AS_ISO)
    return None


def _end(row: RawRow, starts: datetime, report: Report) -> datetime | None:
    text, position = row.text("ends"), row.place_of("ends")
    if not re.fullmatch(r"\d{1,2}:\d{2}", text):
        return _time(row, "ends", report)
    try:
        return end_of(starts, time.fromisoformat(f"{text:0>5}"))
    except SessionError as error:
        report.error(position, as_message(error.what), as_message(error.todo))
    except ValueError:
        wrong = Message("%(text)s is not a time.", text=quoted(text))
        report.error(position, wrong, Message("write it as 18:00"))
    return None


def _values(row: RawRow, regions: Collection[str], report: Report) -> dict[str, object] | None:
    """What the file says about the place, the seats and the rest; None after errors."""
    found: dict[str, object] = {}
    before = len(report.problems())
    _add_place(row, found, report)
    for name in SEATS:
        if row.says(name):
            number = _number(row, name, 1, MAX_SEATS, report) if row.text(name) else None
            found[name] = number
    for text in TEXTS:
        if row.says(text):
            found[text] = row.text(text)
            _check_text(row, text, report)
    if row.text("region") and row.text("region") not in regions:
        hint = report.suggest(row.place_of("region"), row.text("region"), regions)
        message = Message("there is no region %(name)s in the settings.",
                          name=quoted(row.text("region")))  # fmt: skip
        report.error(row.place_of("region"), message, hint)
    if row.text("state"):
        state = row.text("state").lower()
        found["state"] = state
        if state not in STATES:
            names = Message("write %(names)s", names=", ".join(STATES))
            wrong = Message("%(text)s is not a state.", text=quoted(state))
            report.error(row.place_of("state"), wrong, names)
    return found if len(report.problems()) == before else None


def _add_place(row: RawRow, found: dict[str, object], report: Report) -> None:
    """Whether one can take part online, with which link, and in which room."""
    if row.says("room"):
        found["room"] = row.text("room")
        _check_text(row, "room", report)
    if not row.says("online"):
        return
    online = row.text("online")
    if not online:
        found["online"] = bool(row.text("seats_online")) or not row.text("room")
    elif online.lower() in YES or online.lower() in NO:
        found["online"] = online.lower() in YES
    elif link := _link(row, online, report):
        found["online"], found["link"] = True, link
    if not (found.get("online", True) or row.text("room")):
        neither = Message("people must be able to take part online, in person, or both.")
        report.error(row.place_of("online"), neither)
    if row.text("seats_room") and not row.text("room"):
        report.error(row.place_of("seats_room"), Message("say where people meet in person."))


def _link(row: RawRow, online: str, report: Report) -> str:
    """How one joins; '' after an error was reported."""
    if is_secure_link(online):
        _check_text(row, "online", report)
        return online
    try:
        if named := named_provider(online):
            return named
    except SessionError as error:
        report.error(row.place_of("online"), as_message(error.what), as_message(error.todo))
        return ""
    report.error(
        row.place_of("online"), Message("the link to join must begin with https://."),
        Message("write the link, `bigbluebutton`, `zoom:` and a number, `yes` or `no`"),
    )  # fmt: skip
    return ""


def _check_text(row: RawRow, name: FieldName, report: Report) -> None:
    text, position = row.text(name), row.place_of(name)
    limit = MAX_LENGTHS.get(name, MAX_LENGTHS["link"])
    if len(text) > limit:
        report.error(position, Message("the text is longer than %(count)s characters.",
                                       count=limit))  # fmt: skip
    if find_unprintable(text, lines=name == "materials"):
        report.error(position, Message("the text contains an unprintable character."))


def _number(row: RawRow, name: FieldName, minimum: int, maximum: int, report: Report) -> int | None:
    """A whole number; None after an error was reported."""
    text = row.text(name)
    if re.fullmatch(r"[0-9]{1,7}", text) and minimum <= int(text) <= maximum:
        return int(text)
    wrong = Message(
        "%(text)s is not a number from %(minimum)s to %(maximum)s.",
        text=quoted(text), minimum=minimum, maximum=maximum,
    )  # fmt: skip
    report.error(row.place_of(name), wrong)
    return None


def as_message(text: str) -> Message:
    """A part of an error of ours, as reports take it."""
    return text if isinstance(text, Message) else NOTHING
