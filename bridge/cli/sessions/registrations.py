"""`sessions registrations`: who is registered, and registering or removing people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    format_option,
    now,
    print_note,
    show_json,
    user,
)
from bridge.cli.sessions.actions import time_text
from bridge.config import Config
from bridge.errors import SessionError

if TYPE_CHECKING:
    from bridge.sessions.registering.desk import Desk
    from bridge.sessions.registering.history import HistoryLine, WaitingList
    from bridge.sessions.rules import Format
    from bridge.store.database import Database

WHO = click.argument("names", metavar="WHO…", nargs=-1, required=True)


@click.group(epilog=example("stewardpath sessions registrations history hearings-2027-04"))
def registrations() -> None:
    """List what happened to the registrations for a session; register and remove people.

    WHO is a member number, or the email address of a member or a person. All of them, or none.
    """


@registrations.command(
    epilog=example("stewardpath sessions registrations history hearings-2027-04")
)
@click.argument("key")
@format_option
@configured
def history(config: Config, key: str, form: str) -> None:
    """List who registered, moved up or left, when, why and by whom, the latest first.

    Before that, how many wait, until when the list moves up, and why it does or doesn't. This is
    recorded in the audit log.
    """
    from bridge.sessions import live_sessions
    from bridge.sessions.feature import office_of
    from bridge.sessions.registering.history import history, waiting_lists
    from bridge.store.operations import audit_log

    with database(config) as store, store.transaction() as session:
        live = live_sessions.lock(session, live_sessions.id_of(session, key))
        closes_before = office_of(config, curricula(config), user(), now()).closes_before
        lists = waiting_lists(session, live, closes_before, now())
        lines = history(session, live.id)
        seen = {"list": "session-history", "session": live.id}
        audit_log.write(session, user(), "listed", None, {}, seen, now())
    if form == "json":
        show_json(
            {"waiting": list(map(_list_as_data, lists)), "history": list(map(_as_data, lines))}
        )
        return
    for each in lists:
        echo(f"Waiting list, {each.format}: {each.waiting} waiting. {each.explanation}")
    for line in lines:
        echo(_in_words(line))
    if not lines:
        echo("Nobody has registered yet.")


@registrations.command(
    epilog=example("stewardpath sessions registrations add hearings-2027-04 1042")
)
@click.argument("key")
@WHO
@click.option("--room", is_flag=True, help="They take part in person. Default: online if possible.")
@format_option
@configured
def add(config: Config, key: str, names: Sequence[str], room: bool, form: str) -> None:
    """Register people, who get the usual emails; without a free seat, they wait."""
    from bridge.sessions import live_sessions
    from bridge.sessions.registering.on_behalf import register_people

    with database(config) as store:
        people = _find(store, names)
        with store.transaction() as session:
            live = live_sessions.lock(session, live_sessions.id_of(session, key))
            how: Format = "room" if room or not live.online else "online"
            desk = _desk(config)
            states = register_people(session, desk, live.id, list(people), how)
    if form == "json":
        show_json({"people": [{"who": people[each], "state": states[each]} for each in people]})
        return
    for person, who in people.items():
        print_note(f"{who}: {states[person]}.")


@registrations.command(
    epilog=example("stewardpath sessions registrations remove hearings-2027-04 1042")
)
@click.argument("key")
@WHO
@format_option
@configured
def remove(config: Config, key: str, names: Sequence[str], form: str) -> None:
    """Enter that people can't come. The next who wait get their seats."""
    from bridge.sessions import live_sessions
    from bridge.sessions.registering.on_behalf import remove_people

    with database(config) as store:
        people = _find(store, names)
        with store.transaction() as session:
            number = live_sessions.id_of(session, key)
            removed = remove_people(session, _desk(config), number, list(people))
    if form == "json":
        show_json(
            {"people": [{"who": people[each], "removed": each in removed} for each in people]}
        )
        return
    for person, who in people.items():
        print_note(f"{who}: {'removed' if person in removed else 'not registered'}.")


def _desk(config: Config) -> Desk:
    from bridge.sessions.feature import office_of

    return office_of(config, curricula(config), user(), now()).desk


def _find(store: Database, names: Sequence[str]) -> dict[int, str]:
    """The people and what they were called. Raises SessionError, with all that nobody has."""
    from bridge.sessions.registering.on_behalf import find_people, split_names

    with store.transaction() as session:
        named = find_people(session, split_names("\n".join(names)), now())
    if named.unknown:
        listed = "; ".join(f"{each.name}: {each.problem}" for each in named.unknown)
        raise SessionError(listed, todo="Nobody is registered or removed.")
    return dict(named.people)


def _list_as_data(each: WaitingList) -> dict[str, object]:
    return {
        "format": each.format, "waiting": each.waiting, "free": each.free,
        "closes": time_text(each.closes), "standing": each.standing,
        "explanation": str(each.explanation),
    }  # fmt: skip


def _as_data(line: HistoryLine) -> dict[str, object]:
    return {
        "at": line.at.isoformat(timespec="seconds"), "name": line.name, "email": line.email,
        "format": line.format, "state": line.state, "reason": line.reason, "by": line.by,
        "actor": line.actor,
    }  # fmt: skip


def _in_words(line: HistoryLine) -> str:
    who = {"themselves": "they themselves", "system": "automatically"}.get(line.by, line.actor)
    at = f"{line.at:%Y-%m-%d %H:%M} UTC"
    return f"{at}  {line.name}  {line.email}  {line.format}  {line.state}: {line.why} ({who})"
