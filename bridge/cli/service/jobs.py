"""`pull` and `deliver`."""

from __future__ import annotations

import click

from bridge.cli.common import (
    configured,
    counted,
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


@click.command(epilog=example("stewardpath pull", "stewardpath pull --reconcile"))
@click.option("--reconcile", is_flag=True, help="Check everything, not only what changed.")
@click.option("--force", is_flag=True, help="Also remove results that many members lost.")
@format_option
@configured
def pull(config: Config, reconcile: bool, force: bool, form: str) -> None:
    """Read completions from Moodle and award the milestones they earn.

    Each award queues a badge, a message, an email and the next course. The service or
    `stewardpath deliver` carries them out.
    """
    from bridge.jobs.tasks import run_pull, run_quizzes

    with moodle(config) as client, database(config) as store:
        curricula = library(config)
        pulled = run_pull(store, client, config, curricula, now, everything=reconcile, force=force)
        if reconcile:
            run_quizzes(store, client, curricula, now, everything=True)
        calls = sum(client.calls.values())
    if form == "json":
        counts = {"changes": pulled.changes, "members": pulled.members, "awards": pulled.awards}
        counts["lost"] = pulled.lost
        show_json({**counts, "calls": calls})
        return
    echo(
        f"{counted(pulled.changes, 'change')} read in {counted(calls, 'call')}; "
        f"new results for {counted(pulled.members, 'member')}; "
        f"{counted(pulled.awards, 'milestone')} awarded."
    )
    if pulled.lost:
        echo(f"{counted(pulled.lost, 'result')} gone in Moodle. Awards stay.")


@click.command(epilog=example("stewardpath deliver", "stewardpath deliver --retry"))
@click.option("--retry", is_flag=True, help="First retry what needs attention.")
@format_option
@configured
def deliver(config: Config, retry: bool, form: str) -> None:
    """Carry out pending changes: accounts, enrolments, badges, messages, emails."""
    from bridge.jobs.tasks import run_deliver
    from bridge.store.delivery import delivery_queries, failed_emails

    with moodle(config) as client, database(config) as store:
        if retry:
            with store.transaction() as session:
                delivery_queries.retry(session, now())
                failed_emails.retry(session, now())
        resolutions = run_deliver(store, client, config, library(config), now)
    if form == "json":
        show_json(resolutions)
        return
    labels = {
        "done": "done",
        "later": "will be retried",
        "never": "failed: see `stewardpath status`",
        "configuration": "waiting for a setting: see `stewardpath status`",
    }
    echo(
        ", ".join(f"{n} {labels[resolution]}" for resolution, n in resolutions.items())
        or "Nothing to deliver."
    )
