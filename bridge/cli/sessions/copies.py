"""`sessions copy` and `sessions repeat`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    format_option,
    now,
    print_note,
    show_json,
)
from bridge.cli.moments import DAY, TIME
from bridge.cli.sessions.actions import Done, run, show_done, time_text
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.sessions.office import Office
    from bridge.sessions.schedule_files.copies import PlannedCopy
    from bridge.sessions.schedule_files.repeating import Repeat


@click.command(epilog=example('stewardpath sessions copy hearings-2027-04 "2027-10-16 18:00"'))
@click.argument("key")
@click.argument("starts", metavar="STARTS", type=TIME)
@click.option("--key", "new_key", default="", help="Names the copy. Default: a new key.")
@format_option
@configured
def copy(config: Config, key: str, starts: datetime, new_key: str, form: str) -> None:
    """Schedule the same session again at STARTS, as a draft: same length, place and leaders."""
    from bridge.sessions import live_sessions
    from bridge.sessions.rules import Times
    from bridge.sessions.schedule_files import copies

    def act(session: Session, office: Office) -> list[Done]:
        live = live_sessions.lock(session, live_sessions.id_of(session, key))
        times = Times.lasting(starts, live.ends - live.starts, live.zone)
        number = copies.copy(session, office, live.id, times, new_key)
        return [(live_sessions.lock(session, number), True)]

    show_done(run(config, act), "schedule", form)


@click.command(
    epilog=example(
        "stewardpath sessions repeat hearings-2027-04 --times 6 --preview",
        "stewardpath sessions repeat hearings-2027-04 --by day --until 2027-12-31",
    )
)
@click.argument("key")
@click.option(
    "--by",
    "rhythm",
    type=click.Choice(["weekday", "last-weekday", "day"]),
    default="weekday",
    show_default=True,
    help="The same weekday of the month, such as the second Tuesday; the last such weekday; or "
    "the same day of the month.",
)
@click.option("--times", type=int, help="How many more sessions.")
@click.option("--until", type=DAY, metavar="DAY", help="The last possible day.")
@click.option("--open", "opened", is_flag=True, help="Open them for registration at once.")
@click.option("--preview", is_flag=True, help="Show the dates, and create nothing.")
@format_option
@configured
def repeat(
    config: Config, /, key: str, rhythm: str, times: int | None, until: datetime | None,
    opened: bool, preview: bool, form: str,
) -> None:  # fmt: skip
    """Repeat a session monthly, as drafts.

    Months in which its day or its time doesn't exist are listed, and left out.
    """
    from bridge.sessions import live_sessions
    from bridge.sessions.schedule_files import copies
    from bridge.sessions.schedule_files.repeating import RHYTHMS, Repeat

    by = next(each for each in RHYTHMS if each == rhythm)
    wanted = Repeat(by, times, until.date() if until else None)
    if preview:
        _show(_planned(config, key, wanted), form, preview=True)
        return

    def act(session: Session, office: Office) -> list[PlannedCopy]:
        number = live_sessions.id_of(session, key)
        return copies.repeat_monthly(session, office, number, wanted, opened=opened)

    _show(run(config, act), form, preview=False)


def _planned(config: Config, key: str, wanted: Repeat) -> list[PlannedCopy]:
    from bridge.sessions import live_sessions
    from bridge.sessions.schedule_files import copies

    with database(config) as store, store.reading() as session:
        planned = copies.plan(session, live_sessions.id_of(session, key), wanted, now())
        return [replace(each) for each in planned]


def _show(rows: Sequence[PlannedCopy], form: str, *, preview: bool) -> None:
    if form == "json":
        show_json({"preview": preview, "months": [_as_data(each) for each in rows]})
        return
    for each in rows:
        when = f"{time_text(each.times.starts)} {each.times.zone}" if each.times else ""
        echo("  ".join(filter(None, (f"{each.month:%Y-%m}", when, each.problem))))
    possible = sum(not each.problem for each in rows)
    print_note(f"{counted(possible, 'session')} {'to create' if preview else 'created'}.")


def _as_data(each: PlannedCopy) -> dict[str, object]:
    times = each.times
    return {
        "month": f"{each.month:%Y-%m}",
        "starts": time_text(times.starts) if times else None,
        "ends": time_text(times.ends) if times else None,
        "zone": times.zone if times else None,
        "problem": str(each.problem),
    }
