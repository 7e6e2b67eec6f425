"""Imports sessions from a file: all of them, or nothing if one can't be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.problems import Position, Problem, Report
from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import leaders, live_sessions, scheduling
from bridge.sessions.office import Office
from bridge.sessions.schedule_files.comparison import (
    Change,
    Field,
    Values,
    compare,
    data_of_values,
    imported_after,
    times_of,
    topic_name,
    values_of,
    wanted_values,
)
from bridge.sessions.schedule_files.entries import Entry, as_message, check_rows
from bridge.sessions.schedule_files.reading import read_rows
from bridge.sessions.schedule_files.topics import current_name
from bridge.sessions.tables import LiveSession
from bridge.store.database import Database
from bridge.store.tables.persons import Person

Kind = Literal["new", "changed", "different", "unchanged"]
"""different: only what was set on the pages differs, and stays."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A value that differs, for people. `before`, `after`: '' for none, or for a link to join.

    `applied`: the file wins; otherwise the pages do.
    """

    field: Field
    before: str
    after: str
    on_pages: bool
    applied: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does with one session. `session_id`, `version`: 0 for a new one."""

    key: str
    line: int
    kind: Kind
    title: str
    session_id: int = 0
    version: int = 0
    changes: tuple[ShownChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do. With problems, it did nothing."""

    outcomes: Sequence[Outcome]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who imports decides.

    `overwrite`: whether the file wins over what was set on the pages, by key, field and version of
    the session. `may_name`: whether they may name a person as a leader.
    """

    overwrite: Callable[[str, Field, int], bool] = lambda _key, _field, _version: False
    may_name: Callable[[Session, int], bool] = lambda _session, _person: True


@dataclass(frozen=True, slots=True)
class _Import:
    session: Session
    office: Office
    choices: Choices
    report: Report

    def problem(self, position: Position, error: SessionError) -> None:
        self.report.error(position, as_message(error.what), as_message(error.todo))


class _NothingStoredError(Exception):
    """Undoes a transaction."""


def import_schedule(
    database: Database,
    config: Config,
    office: Office,
    file: str,
    text: str,
    choices: Choices,
    *,
    preview: bool,
) -> Imported:
    """Import the sessions of a file, in one transaction; or say what that would do.

    Everyone registered is told what changes, as if it had been changed on the pages. If anything
    is wrong with one session, nothing is stored. Raises StoreError.
    """
    report, office = Report(), replace(office, note=f"schedule file: {file}")
    rows = read_rows(file, text, report, config.timezone)
    entries = check_rows(rows, office.invitations.curricula, config.regions, report)
    outcomes: list[Outcome] = []
    try:
        with database.transaction() as session:
            outcomes = _import_all(_Import(session, office, choices, report), entries)
            if preview or report.problems():
                raise _NothingStoredError
    except _NothingStoredError:
        pass
    return Imported(outcomes, report.problems())


def _import_all(run: _Import, entries: Sequence[Entry]) -> list[Outcome]:
    known = _lock_all(run.session, [each.key for each in entries])
    outcomes = []
    for entry in entries:
        try:
            outcomes.append(_import_one(run, entry, known.get(entry.key)))
        except SessionError as error:
            at_start = error.where.startswith(f"{entry.starts:%Y-%m-%d %H:%M}")
            run.problem(entry.starts_at if at_start else entry.position, error)
    return outcomes


def _lock_all(session: Session, keys: Sequence[str]) -> dict[str, LiveSession]:
    """The sessions that there are, all locked before anything else, in the order of their IDs."""
    wanted = select(LiveSession).where(LiveSession.key.in_(keys)).order_by(LiveSession.id)
    return {each.key: each for each in session.scalars(wanted.with_for_update())}


def _import_one(run: _Import, entry: Entry, live: LiveSession | None) -> Outcome:
    if live is None:
        return _create(run, entry)
    before = live_sessions.leader_ids(run.session, live.id)
    now = _now(run, live, before)
    named = _leaders(run, entry, before)
    wanted = wanted_values(entry, named, live.ends - live.starts)
    imported = cast(Values, live.imported)
    version = live.version
    changes = compare(
        wanted, now, imported, lambda field: run.choices.overwrite(entry.key, field, version)
    )
    shown = tuple(_shown(run.session, each) for each in changes)
    _apply(run, live, now, changes)
    remembered = imported_after(wanted, imported, changes)
    if remembered != imported:
        live.imported = cast("dict[str, object]", remembered)
        run.session.flush()
    kind: Kind = "different" if changes else "unchanged"
    if any(each.applied for each in changes):
        kind = "changed"
    title = _title(run, live)
    return Outcome(entry.key, entry.position.line, kind, title, live.id, version, shown)


def _create(run: _Import, entry: Entry) -> Outcome:
    named = _leaders(run, entry, set())
    wanted = wanted_values(entry, named, timedelta(minutes=entry.minutes))
    state = wanted.get("state", "draft")
    if state not in ("draft", "open"):
        raise SessionError(Message("a new session is a draft or open."))
    number = scheduling.create(run.session, run.office, data_of_values(wanted), entry.key)
    if named:
        scheduling.set_leaders(run.session, run.office, number, named)
    if state == "open":
        scheduling.open_registration(run.session, run.office, number)
    live = live_sessions.lock(run.session, number)
    remembered: Values = {**wanted, "state": state, "leaders": sorted(named or ())}
    live.imported = cast("dict[str, object]", remembered)
    run.session.flush()
    return Outcome(entry.key, entry.position.line, "new", _title(run, live))


def _now(run: _Import, live: LiveSession, leader_ids: set[int]) -> Values:
    """What is stored, with today's keys of the topic."""
    now = values_of(live_sessions.data_of(live), live.state, leader_ids)
    name = current_name(run.office.invitations.curricula, topic_name(now))
    return {**now, "topic": [name.curriculum, name.topic, name.part]}


def _apply(run: _Import, live: LiveSession, now: Values, changes: Sequence[Change]) -> None:
    """Change the session as the pages do, so that everyone registered is told the same way."""
    applied = {each.field: each.after for each in changes if each.applied}
    if not applied:
        return
    before = live_sessions.data_of(live)
    data = data_of_values({**now, **applied}, before)
    new_date = "times" in applied and live.state == "postponed" and applied.get("state") == "open"
    if new_date:
        data = replace(data, times=before.times)
    if applied.keys() - {"state", "leaders"}:
        scheduling.change(run.session, run.office, live.id, data, live.version)
    if "leaders" in applied:
        named = cast(list[int], applied["leaders"])
        scheduling.set_leaders(run.session, run.office, live.id, named)
    if new_date:
        times = times_of({**now, **applied})
        scheduling.set_new_date(run.session, run.office, live.id, times)
    elif "state" in applied:
        _set_state(run, live, str(applied["state"]))


def _set_state(run: _Import, live: LiveSession, state: str) -> None:
    match state:
        case "open":
            scheduling.open_registration(run.session, run.office, live.id)
        case "postponed":
            scheduling.postpone(run.session, run.office, live.id, "")
        case "cancelled":
            scheduling.cancel(run.session, run.office, live.id, "")
        case _:
            raise SessionError(Message("it can't become a draft again."))


def _leaders(run: _Import, entry: Entry, before: set[int]) -> set[int] | None:
    """The persons who are named, None if the file doesn't say. Unknown ones are reported."""
    if entry.leaders is None:
        return None
    found = set()
    for cell in entry.leaders:
        try:
            person = leaders.find(run.session, cell.text, run.office.now)
            if person not in before and not run.choices.may_name(run.session, person):
                raise SessionError(Message("someone else must name you as a leader."))
            found.add(person)
        except SessionError as error:
            run.problem(cell.position, error)
    return found


def _title(run: _Import, live: LiveSession) -> str:
    invitations = run.office.invitations
    language = invitations.config.language
    return live_sessions.title_of(live, invitations.curricula, language)


def _shown(session: Session, change: Change) -> ShownChange:
    before, after = (_text(session, change.field, each) for each in (change.before, change.after))
    return ShownChange(change.field, before, after, change.on_pages, change.applied)


def _text(session: Session, field: Field, value: object) -> str:
    match field:
        case "link":
            return ""  # only those registered may see it
        case "topic":
            return "/".join(filter(None, cast(list[str], value)))
        case "times":
            starts, ends, zone = cast(list[str], value)
            same_day = starts[:10] == ends[:10]
            return f"{starts}–{ends[11:] if same_day else ends} {zone}"
        case "leaders":
            people = [session.get(Person, each) for each in cast(list[int], value)]
            return ", ".join(leaders.name_of(session, each) for each in people if each)
        case "online":
            return "yes" if value else "no"
        case _:
            return "" if value is None else str(value)
