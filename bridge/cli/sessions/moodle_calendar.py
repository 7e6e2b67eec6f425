"""`sessions moodle`: bring Moodle's calendar in line with the sessions."""

from __future__ import annotations

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    format_option,
    library,
    moodle,
    now,
    show_json,
)
from bridge.config import Config


@click.command("moodle", epilog=example("stewardpath sessions moodle --check"))
@click.option("--check", is_flag=True, help="Also look at events that should be right already.")
@format_option
@configured
def moodle_calendar(config: Config, check: bool, form: str) -> None:
    """Add, update and remove the sessions in the calendars of Moodle's courses.

    The service does it within a minute after each change, and every night with --check.
    """
    from bridge.foundations.feature import MoodleWork
    from bridge.jobs.locks import run_locked
    from bridge.sessions.moodle_calendar import sync

    with (
        moodle(config) as client,
        database(config) as store,
        run_locked(store, sync.TASK, now) as detail,
    ):
        work = MoodleWork(store, config, library(config), now)
        counts = sync.sync(work, client, check=check)
        detail |= counts
    if form == "json":
        show_json({name: counts.get(name, 0) for name in sync.COUNTS})
        return
    done = [f"{counts[name]} {name}" for name in sync.COUNTS if counts.get(name)]
    echo(", ".join(done) or "Nothing to change.")
