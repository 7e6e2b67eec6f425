"""What a file would change in a session, and what was changed on the pages since the last import.

Depends on its arguments only. A value of the file is one of three: the same as now; different,
while nobody changed it on the pages since the last import: then the file wins; or different from
what someone set on the pages: then it is a difference, and wins only if someone says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, cast, get_args

from bridge.sessions.rules import SessionData, Times
from bridge.sessions.schedule_files.entries import Entry
from bridge.sessions.schedule_files.topics import TopicName

Field = Literal[
    "topic", "times", "online", "link", "room", "seats_online", "seats_room", "region",
    "leaders", "materials", "state",
]  # fmt: skip
FIELDS: tuple[Field, ...] = get_args(Field)
Values = Mapping[Field, object]
"""As JSON. `topic` and `times` are lists, `leaders` the IDs of persons, `room` '' if one can't take
part in person."""
Overwrite = Callable[[Field], bool]
"""Whether the file wins over what was changed on the pages."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs. `on_pages`: someone set it on the pages; `applied`: the file wins."""

    field: Field
    before: object
    after: object
    on_pages: bool
    applied: bool


def values_of(data: SessionData, state: str, leaders: Iterable[int]) -> Values:
    """What is stored of a session."""
    return {
        "topic": [data.curriculum, data.topic, data.part], "times": _times(data.times),
        "online": data.online, "link": data.link, "room": data.room if data.in_person else "",
        "seats_online": data.seats_online, "seats_room": data.seats_room, "region": data.region,
        "leaders": sorted(leaders), "materials": data.materials.replace("\r\n", "\n").strip(),
        "state": state,
    }  # fmt: skip


def wanted_values(entry: Entry, leaders: Iterable[int] | None, length: timedelta) -> Values:
    """What the file says about a session. `length`: how long it takes if the file doesn't say."""
    times = (
        Times(entry.starts, entry.ends, entry.zone)
        if entry.ends
        else Times.lasting(entry.starts, length, entry.zone)
    )
    topic = entry.topic
    said = {name: value for name, value in entry.values.items() if name in FIELDS}
    found = {
        "topic": [topic.curriculum, topic.topic, topic.part], "times": _times(times), **said,
    }  # fmt: skip
    if leaders is not None:
        found["leaders"] = sorted(leaders)
    return cast(Values, found)


def compare(wanted: Values, now: Values, imported: Values, overwrite: Overwrite) -> list[Change]:
    """The values that differ, in the order of the fields."""
    found = []
    for field in FIELDS:
        if field not in wanted or wanted[field] == now[field]:
            continue
        on_pages = field not in imported or imported[field] != now[field]
        applied = not on_pages or overwrite(field)
        found.append(Change(field, now[field], wanted[field], on_pages, applied))
    return found


def imported_after(wanted: Values, imported: Values, changes: Sequence[Change]) -> Values:
    """What to remember of an import, for the next one.

    A session that was made on the pages stays theirs until a file has won over them.
    """
    if not imported and not any(each.applied for each in changes):
        return imported
    kept = {each.field for each in changes if not each.applied}
    said = {field: value for field, value in wanted.items() if field not in kept}
    return {**imported, **said}


def data_of_values(values: Values, before: SessionData | None = None) -> SessionData:
    """What to schedule. `before`: has the room and the link that the values don't name.

    Raises SessionError.
    """
    curriculum, topic, part = cast(list[str], values["topic"])
    room = str(values.get("room", ""))
    kept = before or SessionData(
        curriculum=curriculum, topic=topic, part=part, times=times_of(values),
        online=True, in_person=False,
    )  # fmt: skip
    return replace(
        kept, curriculum=curriculum, topic=topic, part=part, times=times_of(values),
        online=bool(values.get("online", not room)), in_person=bool(room),
        room=room or ("" if kept.in_person else kept.room),
        seats_online=cast("int | None", values.get("seats_online")),
        seats_room=cast("int | None", values.get("seats_room")),
        link=str(values.get("link", kept.link)), region=str(values.get("region", "")),
        materials=_materials(values, kept),
    )  # fmt: skip


def times_of(values: Values) -> Times:
    """Raises SessionError."""
    starts, ends, zone = cast(list[str], values["times"])
    return Times(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone)


def topic_name(values: Values) -> TopicName:
    return TopicName(*cast(list[str], values["topic"]))


def _materials(values: Values, kept: SessionData) -> str:
    """As stored, if only the line ends differ."""
    text = str(values.get("materials", ""))
    return kept.materials if kept.materials.replace("\r\n", "\n").strip() == text else text


def _times(times: Times) -> list[str]:
    return [f"{times.starts:%Y-%m-%d %H:%M}", f"{times.ends:%Y-%m-%d %H:%M}", times.zone]
