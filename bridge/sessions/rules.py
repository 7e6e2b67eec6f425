"""What holds for live sessions, whatever is stored. Depends on its arguments only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bridge.errors import SessionError
from bridge.foundations.deadlines.local_time import find_zone, wall_time
from bridge.messages import Message
from bridge.printable_text import find_unprintable
from bridge.sessions.providers.targets import is_provided

SessionState = Literal["draft", "open", "postponed", "cancelled"]
"""As stored. A session is *held* once its end has passed, and *full* if no seat is free."""
Status = Literal["draft", "open", "held", "postponed", "cancelled"]
Format = Literal["online", "room"]
FORMATS: tuple[Format, ...] = get_args(Format)
RegistrationState = Literal["pending", "seated", "waiting", "confirming", "cancelled"]
"""pending: a guest who hasn't confirmed their address. confirming: asked to confirm a new date."""
HOLDS_SEAT: tuple[RegistrationState, ...] = ("seated", "confirming")
TO_CONFIRM: tuple[RegistrationState, ...] = ("confirming",)
COMING: tuple[RegistrationState, ...] = ("seated", "confirming", "waiting")
"""Those who are told about changes."""

MINUTE = "%Y-%m-%d %H:%M"
MAX_DURATION = timedelta(hours=24)
MAX_OVERNIGHT = timedelta(hours=8)
"""The longest session that may end on the day after its start, if only the time of its end is said.
Longer ones are a slip: an end that was typed before the start."""
MAX_SEATS = 100_000
FIRST_YEAR, LAST_YEAR = 2000, 2999
MAX_KEY_LENGTH = 60
MAX_LENGTHS = {"link": 1000, "room": 200, "region": 40, "materials": 10_000}


@dataclass(frozen=True, slots=True)
class Times:
    """From when to when, as the clocks in `zone` show, such as America/Toronto.

    Raises SessionError if the zone is unknown, or a time comes twice or never, or it ends before
    it starts or more than a day later.
    """

    starts: datetime
    ends: datetime
    zone: str

    def __post_init__(self) -> None:
        for at in (self.starts, self.ends):
            _check_local(at, self.zone)
        if not timedelta() < self.until - self.since <= MAX_DURATION:
            raise SessionError(
                Message("a session ends after its start, at most a day later."),
                where=f"{self.starts:%Y-%m-%d %H:%M}–{self.ends:%Y-%m-%d %H:%M}",
            )

    @classmethod
    def lasting(cls, starts: datetime, length: timedelta, zone: str) -> Times:
        """Times by their length. Raises SessionError."""
        check_year(starts)
        return cls(starts, starts + length, zone)

    @property
    def since(self) -> datetime:
        """The moment it starts, in UTC."""
        return self._moment(self.starts)

    @property
    def until(self) -> datetime:
        """The moment it ends, in UTC."""
        return self._moment(self.ends)

    def _moment(self, at: datetime) -> datetime:
        return at.replace(tzinfo=find_zone(self.zone)).astimezone(UTC)


def check_year(at: datetime) -> None:
    """Raises SessionError for a year that is a slip, and too far away to count with."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise SessionError(
            Message("the year is not from %(first)s to %(last)s.",
                    first=str(FIRST_YEAR), last=str(LAST_YEAR)),
            where=f"{at:%Y-%m-%d %H:%M}",
        )  # fmt: skip


def end_of(starts: datetime, at: time) -> datetime:
    """The end of a session at a time of the same day, or of the next one if it lasts past midnight.

    Raises SessionError for a time that is before the start.
    """
    check_year(starts)
    ends = datetime.combine(starts.date(), at)
    if ends > starts:
        return ends
    if ends == starts or ends + timedelta(days=1) - starts > MAX_OVERNIGHT:
        raise SessionError(
            Message("the session ends before it starts."),
            where=f"{starts:%Y-%m-%d %H:%M}–{at:%H:%M}",
            todo=Message("Over midnight, it takes at most eight hours."),
        )
    return ends + timedelta(days=1)


def check_zone(zone: str) -> ZoneInfo:
    """The zone with this name. Raises SessionError."""
    try:
        return find_zone(zone)
    except ValueError:
        raise SessionError(
            Message("there is no time zone `%(zone)s`.", zone=zone),
            todo=Message("Write a zone such as America/Toronto or Europe/Paris."),
        ) from None


def check_key(key: str) -> None:
    """Raises SessionError if a session can't have this key."""
    if not key.strip() or len(key) > MAX_KEY_LENGTH or find_unprintable(key):
        raise SessionError(
            Message("a session has a key of 1 to %(count)s characters.", count=MAX_KEY_LENGTH)
        )


def _check_local(at: datetime, zone: str) -> None:
    where = f"{at:%Y-%m-%d %H:%M}"
    if at.tzinfo is not None or at.microsecond or at.second:
        raise SessionError(Message("a time is a day, an hour and a minute."), where=where)
    check_year(at)
    place = check_zone(zone)
    first, second = (at.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return
    todo = Message("Choose another time.")
    if wall_time(first, place) != at:
        missing = Message("this time doesn't exist in %(zone)s: clocks go forward.", zone=zone)
        raise SessionError(missing, where=where, todo=todo)
    twice = Message("this time comes twice in %(zone)s: clocks go back.", zone=zone)
    raise SessionError(twice, where=where, todo=todo)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionData:
    """What is scheduled: a part of a topic ('' if it has none), when, and where.

    `online`, `in_person`: how people can take part. `seats_online`, `seats_room`: None for no
    limit. `link`: how one joins, as `providers/targets.py` reads it, '' until it is known. `room`:
    where it is. `region`: whose chair sees it, '' for all. `materials`: what the leaders give out
    (Markdown).
    Raises SessionError for what can't be.
    """

    curriculum: str
    topic: str
    part: str
    times: Times
    online: bool
    in_person: bool
    seats_online: int | None = None
    seats_room: int | None = None
    link: str = ""
    room: str = ""
    region: str = ""
    materials: str = ""

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise SessionError(problem)

    def offers(self, how: Format) -> bool:
        return self.online if how == "online" else self.in_person

    def seats(self, how: Format) -> int | None:
        """How many seats there are; None for no limit."""
        return self.seats_online if how == "online" else self.seats_room


def as_data(data: SessionData) -> dict[str, object]:
    """What was scheduled, as JSON, without the link to join: only those registered may see it."""
    times = data.times
    fields = {k: v for k, v in asdict(data).items() if k not in ("times", "link")}
    return {
        **fields, "starts": f"{times.starts:{MINUTE}}", "ends": f"{times.ends:{MINUTE}}",
        "zone": times.zone, "has_link": bool(data.link),
    }  # fmt: skip


def is_secure_link(link: str) -> bool:
    """Whether it is an https address with a host, without spaces."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return link.startswith("https://") and bool(parts.hostname) and not re.search(r"\s", link)


def _problems(data: SessionData) -> Iterator[Message]:
    if not (data.online or data.in_person):
        yield Message("people must be able to take part online, in person, or both.")
    if data.in_person and not data.room.strip():
        yield Message("say where people meet in person.")
    if data.link and not is_secure_link(data.link) and not is_provided(data.link):
        yield Message("the link to join must begin with https://.")
    for seats in (data.seats_online, data.seats_room):
        if seats is not None and not 1 <= seats <= MAX_SEATS:
            yield Message("the number of seats is from 1 to 100,000, or empty for no limit.")
    for name, length in MAX_LENGTHS.items():
        text = getattr(data, name)
        if len(text) > length:
            yield Message("the text is longer than %(count)s characters.", count=length)
        if find_unprintable(text, lines=name == "materials"):
            yield Message("the text contains an unprintable character.")


def check_not_past(times: Times, now: datetime) -> None:
    """Raises SessionError if it starts before now."""
    if times.since <= now:
        raise SessionError(
            Message("a session can't start in the past."), where=f"{times.starts:%Y-%m-%d %H:%M}"
        )


def status_of(state: SessionState, ends_at: datetime, now: datetime) -> Status:
    """What a session is called now."""
    return "held" if state == "open" and ends_at <= now else state


def is_moved(before: SessionData, after: SessionData) -> bool:
    """Whether the calendars of some change: see `concerns`."""
    return any(concerns(before, after, how) for how in FORMATS)


def concerns(before: SessionData, after: SessionData, how: Format) -> bool:
    """Whether the calendars of those who take part like this change: the time, or their place.

    Another link to join changes no calendar: entries link to our page, which leads there.
    """
    rooms = (before.room, after.room) if how == "room" and after.in_person else ("", "")
    return before.times != after.times or rooms[0] != rooms[1]


def has_free_seat(seats: int | None, taken: int) -> bool:
    return seats is None or taken < seats
