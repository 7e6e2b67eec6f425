"""`pull` and `deliver`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    user,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.store.database import Database


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
@click.option(
    "--unknown",
    type=click.Choice(["send-again", "treat-as-sent"]),
    help="What to do first with all emails that may have been sent.",
)
@format_option
@configured
def deliver(config: Config, retry: bool, unknown: str | None, form: str) -> None:
    """Carry out pending changes: accounts, enrolments, badges, messages, emails.

    Emails that may have been sent are not retried until someone decides: on the page Needs
    attention for each, or for all of them with --unknown.
    """
    from bridge.jobs.tasks import run_deliver
    from bridge.store.delivery import delivery_queries, failed_emails

    with moodle(config) as client, database(config) as store:
        if retry:
            with store.transaction() as session:
                delivery_queries.retry(session, now())
                failed_emails.retry(session, now())
        if unknown:
            _settle_unknown(store, send_again=unknown == "send-again")
        resolutions = run_deliver(store, client, config, library(config), now)
    if form == "json":
        show_json(resolutions)
        return
    labels = {
        "done": "done",
        "later": "will be retried",
        "never": "failed: see `stewardpath status`",
        "unknown": "may have been sent: retried once, then see `stewardpath status`",
        "companion": "waiting for the companion plugin",
        "configuration": "waiting for a setting: see `stewardpath status`",
    }
    echo(
        ", ".join(f"{n} {labels[resolution]}" for resolution, n in resolutions.items())
        or "Nothing to deliver."
    )


def _settle_unknown(store: Database, *, send_again: bool) -> None:
    """Decide about all emails that may have been sent, and record who did."""
    from bridge.store.delivery import delivery_queries, failed_emails
    from bridge.store.operations import audit_log
    from bridge.store.operations.audit_log import AuditAction

    with store.transaction() as session:
        if send_again:
            deliveries = delivery_queries.send_again(session, now())
            emails = failed_emails.send_again(session, now())
        else:
            deliveries = delivery_queries.treat_as_sent(session, now())
            emails = failed_emails.treat_as_sent(session, now())
        action: AuditAction = "retry" if send_again else "treat-as-sent"
        after = {"deliveries": deliveries, "emails": emails}
        audit_log.write(session, user(), action, None, {"reason": "unknown"}, after, now())
