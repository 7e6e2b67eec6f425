"""`reports saved`: the reports that are emailed, sending one now, stopping and resuming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    counted,
    curricula,
    database,
    echo,
    example,
    format_option,
    now,
    show_json,
    user,
)
from bridge.config import Config
from bridge.errors import SavedFilterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient

Row = dict[str, object]


@click.group(epilog=example("stewardpath reports saved list"))
def saved() -> None:
    """List the reports that are emailed, send one now, stop and resume them.

    They are set up on the page Saved filters.
    """


@saved.command("list", epilog=example("stewardpath reports saved list --format json"))
@format_option
@configured
def list_(config: Config, form: str) -> None:
    """List the saved filters that are emailed: when, to whom, and why one is stopped."""
    from bridge.store.saved_filters import filters

    with database(config) as store, store.reading() as session:
        rows = filters.all_emailed(session)
        people = filters.recipients(session, [each.id for each in rows])
        found = [_data(config, each, people[each.id]) for each in rows]
    if form == "json":
        show_json({"reports": found})
        return
    if not found:
        echo("No reports are emailed.")
    for each in found:
        when = f"stopped: {each['stopped']}" if each["stopped"] else f"next {each['next']}"
        echo(f"{each['id']:>5}  {each['name']}  ({each['report']})  {each['every']}, {when}")
        recipients = each["recipients"]
        for one in recipients if isinstance(recipients, list) else ():
            why = f"  gets none: {one['left_out']}" if one["left_out"] else ""
            echo(f"       {one['email']}{why}")


def _data(config: Config, row: SavedFilter, people: Sequence[SavedFilterRecipient]) -> Row:
    from bridge.workflows.saved_reports.planning import next_sending
    from bridge.workflows.saved_reports.reports import REPORTS

    report, following = REPORTS.get(row.page), next_sending(row, config, now())
    return {
        "id": row.id,
        "name": row.name,
        "report": report.name if report else row.page,
        "chosen": row.chosen,
        "owner": row.owner,
        "shared": row.shared,
        "every": row.every,
        "day": row.day,
        "next": following.isoformat() if following else "",
        "last": row.sent_at.isoformat() if row.sent_at else "",
        "stopped": row.stopped_because if row.stopped_at else "",
        "recipients": [{"email": each.email, "left_out": each.left_out} for each in people],
    }


@saved.command(
    epilog=example("stewardpath reports saved send 3 --dry-run", "stewardpath reports saved send 3")
)
@click.argument("number", type=click.IntRange(1))
@click.option("--dry-run", is_flag=True, help="Show who would get it. Sends nothing.")
@format_option
@configured
def send(config: Config, number: int, dry_run: bool, form: str) -> None:
    """Email a report now, besides its schedule. The service sends the emails.

    NUMBER is the number in `stewardpath reports saved list`. Who may read the report is looked up
    again; the others get none.
    """
    from bridge.workflows.saved_reports.planning import plan
    from bridge.workflows.saved_reports.sending import send_now

    paths = [] if dry_run else list(curricula(config))
    with database(config) as store, store.transaction() as session:
        row = _find(session, number)
        planned = plan(session, config, row)
        found = [{"email": each.row.email, "left_out": each.left_out} for each in planned]
        queued = sum(1 for each in planned if not each.left_out)
        if not dry_run:
            queued = send_now(session, config, paths, row, user(), now())
    if form == "json":
        show_json({"dry_run": dry_run, "queued": queued, "recipients": found})
        return
    echo(f"{counted(queued, 'email')} {'to send' if dry_run else 'queued'}.")
    for one in found:
        if one["left_out"]:
            echo(f"{one['email']} gets none: {one['left_out']}")


@saved.command(epilog=example("stewardpath reports saved stop 3"))
@click.argument("number", type=click.IntRange(1))
@format_option
@configured
def stop(config: Config, number: int, form: str) -> None:
    """Email a report no more, until someone resumes it.

    NUMBER is the number in `stewardpath reports saved list`.
    """
    from bridge.workflows.saved_reports import changes

    with database(config) as store, store.transaction() as session:
        row = changes.stop(session, _find(session, number).id, user(), now())
        name = row.name
    _tell(form, number, name, "stopped")


@saved.command(epilog=example("stewardpath reports saved resume 3"))
@click.argument("number", type=click.IntRange(1))
@format_option
@configured
def resume(config: Config, number: int, form: str) -> None:
    """Email a report again, from the next day of its schedule on.

    NUMBER is the number in `stewardpath reports saved list`.
    """
    from bridge.workflows.saved_reports import changes

    with database(config) as store, store.transaction() as session:
        row = changes.resume(session, config, _find(session, number).id, user(), now())
        name = row.name
    _tell(form, number, name, "resumed")


def _tell(form: str, number: int, name: str, state: str) -> None:
    if form == "json":
        show_json({"id": number, "name": name, "state": state})
    else:
        echo(f"{name}: {state}.")


def _find(session: Session, number: int) -> SavedFilter:
    """The emailed report with this number, locked. Raises SavedFilterError."""
    from bridge.store.persons.records import MAX_ID
    from bridge.store.saved_filters import filters

    row = filters.lock(session, number) if number <= MAX_ID else None
    if row is None or not row.every:
        raise SavedFilterError(
            f"there is no emailed report {number}.",
            todo="`stewardpath reports saved list` shows them.",
        )
    return row
