"""`sessions attendance`: who attended, and recording it from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

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
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.sessions.attendance_sources.csv_import import CsvResult, Doubt
    from bridge.sessions.attendance_sources.meeting_csv import Participant
    from bridge.sessions.rosters import RosterLine

DOUBTS: dict[Doubt, str] = {
    "unknown": "nobody registered is called so",
    "ambiguous": "several registered people are called so",
    "contradiction": "the address isn't that of the registered person with this name",
    "own": "someone else must record this",
}
ATTENDED = {True: "attended", False: "did not attend", None: "not recorded"}


@click.command(
    epilog=example(
        "stewardpath sessions attendance hearings-2027-04",
        "stewardpath sessions attendance hearings-2027-04 participants.csv",
    )
)
@click.argument("key")
@click.argument("file", type=click.File("rb"), required=False)
@format_option
@configured
def attendance(config: Config, key: str, file: BinaryIO | None, form: str) -> None:
    """List who attended a session. With FILE, record attendance from it first.

    FILE is the list of participants that a meeting program exports as CSV, with names or email
    addresses, and how long each attended. Reconnects are added up. Who isn't certainly meant is
    listed and not recorded. It replaces the file before; what a leader has recorded stays. This is
    recorded in the audit log.
    """
    from bridge.sessions import live_sessions
    from bridge.sessions.attendance_sources.meeting_csv import read_participants
    from bridge.sessions.rosters import roster
    from bridge.store.operations import audit_log

    with database(config) as store, store.transaction() as session:
        number = live_sessions.id_of(session, key)
        result = None
        if file:
            result = _import(config, session, number, read_participants(file.read()))
        lines = roster(session, number)
        seen = {"list": "session-roster", "session": number}
        audit_log.write(session, user(), "listed", None, {}, seen, now())
    if form == "json":
        show_json({"people": [asdict(each) for each in lines], **_as_data(result)})
        return
    if result:
        _print_result(result)
    for each in lines:
        echo(_in_words(each))
    if not lines:
        echo("Nobody is registered.")


def _import(
    config: Config, session: Session, number: int, participants: Sequence[Participant]
) -> CsvResult:
    from bridge.sessions.attendance_sources.csv_import import import_attendance
    from bridge.sessions.earning.credits import Recorder

    recorder = Recorder(curricula(config), user(), now())
    return import_attendance(session, recorder, number, participants)


def _as_data(result: CsvResult | None) -> dict[str, object]:
    if result is None:
        return {}
    return {
        "import": {
            "changed": result.changed,
            "attended": result.attended,
            "short": [_person(each) for each in result.short],
            "walk_ins": [_person(each) for each in result.walk_ins],
            "doubtful": [
                {"participant": _person(each.participant), "doubt": each.doubt}
                for each in result.doubtful
            ],
            "gone": list(result.gone),
        }
    }


def _person(each: Participant) -> dict[str, object]:
    return {"line": each.line, "name": each.name, "email": each.email, "minutes": each.minutes}


def _print_result(result: CsvResult) -> None:
    print_note(f"{result.attended} attended according to the file; {result.changed} new.")
    for each in result.short:
        print_note(f"Not long enough: {each.name or each.email}, {each.minutes} minutes.")
    for each in result.walk_ins:
        print_note(f"Not registered, waits for the leader: {each.name or each.email}.")
    for name in result.gone:
        print_note(f"In an earlier file, but not in this one, no longer counted by it: {name}.")
    for doubtful in result.doubtful:
        who = doubtful.participant
        print_note(
            f"Not recorded: line {who.line}, {who.name or who.email}: {DOUBTS[doubtful.doubt]}."
        )


def _in_words(line: RosterLine) -> str:
    source = f" ({line.source})" if line.source else ""
    minutes = f", {line.minutes} minutes" if line.minutes is not None else ""
    return f"{line.name}  {line.email}  {ATTENDED[line.attended]}{source}{minutes}"
