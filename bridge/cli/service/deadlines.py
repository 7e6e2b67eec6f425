"""`deadlines`: what is due, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    show_json,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.foundations.deadlines.tables import Deadline

MAX_ROWS = 200


class DeadlineData(TypedDict):
    """A deadline. `due` is None if its time zone is unknown; `local` is the time there.

    `member`, `person`: the ID of the member or person it is for; both None if it is for everyone.
    `member_number`: '' if the member has none.
    """

    id: int
    kind: str
    subject: str
    member: int | None
    member_number: str
    person: int | None
    local: datetime
    zone: str
    due: datetime | None
    state: str
    late_seconds: int
    attempts: int
    error: str


@click.group(epilog=example("stewardpath deadlines list"))
def deadlines() -> None:
    """List deadlines and reminders, and run those whose time has come."""


@deadlines.command("list", epilog=example("stewardpath deadlines list --all"))
@click.option("--all", "everything", is_flag=True, help="Also those that ran or were cancelled.")
@format_option
@configured
def list_(config: Config, everything: bool, form: str) -> None:
    """List the pending deadlines, the earliest first (200 at most)."""
    from bridge.foundations.deadlines.queries import list_deadlines
    from bridge.store.members.queries import members_by_ids

    with database(config) as store, store.reading() as session:
        found = list_deadlines(session, MAX_ROWS, everything=everything)
        members = members_by_ids(session, {row.member_id for row in found if row.member_id})
        numbers = {member: each.number or "" for member, each in members.items()}
        rows = [_as_data(row, config, numbers) for row in found]
    if form == "json":
        show_json({"deadlines": rows})
        return
    if not rows:
        echo("No deadlines." if everything else "No pending deadlines.")
    for each in rows:
        about = f"{each['kind']} {each['subject']}{_owner(each)}"
        echo(f"{each['local']:%Y-%m-%d %H:%M} {each['zone']}  {about}: {_state(each)}")


@deadlines.command(epilog=example("stewardpath deadlines run"))
@format_option
@configured
def run(config: Config, form: str) -> None:
    """Run every deadline whose time has come. The service does this by itself.

    A reminder that is too late is dropped. A late deadline is executed, and says that it is late.
    """
    from bridge.features import FEATURES
    from bridge.jobs.deadlines import run_deadlines

    with database(config) as store:
        outcomes = run_deadlines(store, config, library(config), now, features=FEATURES)
    if form == "json":
        show_json(outcomes)
        return
    echo(", ".join(f"{n} {outcome}" for outcome, n in outcomes.items()) or "Nothing is due.")


def _as_data(row: Deadline, config: Config, numbers: Mapping[int, str]) -> DeadlineData:
    from bridge.foundations.deadlines.local_time import LocalTime, instant_of

    try:
        local = LocalTime(row.local_time, row.zone, row.skip_holidays)
        due = instant_of(local, frozenset(config.holidays))
    except ValueError:
        due = None
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "member": row.member_id,
        "member_number": numbers.get(row.member_id or 0, ""),
        "person": row.person_id,
        "local": row.local_time,
        "zone": row.zone,
        "due": due,
        "state": row.state,
        "late_seconds": row.late_seconds,
        "attempts": row.attempts,
        "error": row.last_error,
    }


def _owner(each: DeadlineData) -> str:
    if each["member"] is not None:
        return f" for member {each['member_number'] or 'ID ' + str(each['member'])}"
    return "" if each["person"] is None else f" for person ID {each['person']}"


def _state(each: DeadlineData) -> str:
    if each["due"] is None:
        return "unknown time zone, never runs"
    if each["error"]:
        return f"{each['attempts']} attempts failed: {each['error']}"
    if each["late_seconds"]:
        return f"{each['state']}, {each['late_seconds'] // 60} min late"
    return f"{each['state']}, due {each['due']:%Y-%m-%d %H:%M} UTC"
