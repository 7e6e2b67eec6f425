"""`members emails`: what was sent and how far it has come; stopping, going on, retrying."""

from __future__ import annotations

from dataclasses import asdict
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
    show_json,
    user,
)
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from bridge.store.delivery.member_emails import EmailSummary

MAX_LISTED = 100
ID = click.IntRange(1, 2**63 - 1)
STATES = {"draft": "draft", "sending": "being sent", "stopped": "stopped", "sent": "sent"}


@click.command(
    "emails",
    epilog=example("stewardpath members emails", "stewardpath members emails 12 --format json"),
)
@click.argument("number", type=ID, required=False)
@format_option
@configured
def emails(config: Config, number: int | None, form: str) -> None:
    """List the emails to members, newest first. With a NUMBER, show one of them with its text."""
    from bridge.store.delivery.member_emails import list_emails

    with database(config) as store, store.reading() as session:
        found = list_emails(session, *((1, number + 1) if number else (MAX_LISTED, 0)))
        rows = [_as_data(each, texts=bool(number)) for each in found]
    rows = [each for each in rows if not number or each["id"] == number]
    if number and not rows:
        raise MemberError("there is no such email.", where=str(number))
    if form == "json":
        show_json(rows[0] if number else {"emails": rows})
        return
    for row in rows:
        _print(row)
    if not rows:
        echo("No emails yet.")


@click.command(epilog=example("stewardpath members stop-email 12"))
@click.argument("number", type=ID)
@configured
def stop_email(config: Config, number: int) -> None:
    """Stop sending an email: those who haven't been sent it yet don't get it."""
    from bridge.workflows.member_emails.sending import stop

    with database(config) as store, store.transaction() as session:
        left = stop(session, number, user(), now())
    echo(f"Stopped. {counted(left, 'member')} left out." if left else "It was sent to everyone.")


@click.command(epilog=example("stewardpath members continue-email 12"))
@click.argument("number", type=ID)
@configured
def continue_email(config: Config, number: int) -> None:
    """Go on sending an email that was stopped."""
    from bridge.workflows.member_emails.sending import resume

    with database(config) as store, store.transaction() as session:
        resume(session, number, user(), now())
    echo("The rest is being sent.")


@click.command(epilog=example("stewardpath members retry-email 12"))
@click.argument("number", type=ID)
@configured
def retry_email(config: Config, number: int) -> None:
    """Send an email again where sending failed."""
    from bridge.workflows.member_emails.sending import retry

    with database(config) as store, store.transaction() as session:
        count = retry(session, number, user(), now())
    echo(f"{counted(count, 'email')} queued again.")


def _as_data(each: EmailSummary, *, texts: bool) -> dict[str, object]:
    row = each.row
    state = "sending" if row.state == "sent" and each.progress.unsent else row.state
    subjects = {k: v.get("subject") for k, v in row.texts.items() if isinstance(v, dict)}
    return {
        "id": row.id, "state": state, "subject": subjects, "filters": row.filters,
        "reply_to": row.reply_to, "recipients": row.recipients,
        "written_by": row.sent_by or row.created_by, "sent_at": row.sent_at,
        "progress": asdict(each.progress), **({"texts": row.texts} if texts else {}),
    }  # fmt: skip


def _print(row: dict[str, object]) -> None:
    subjects, progress = row["subject"], row["progress"]
    title = " / ".join(subjects.values()) if isinstance(subjects, dict) else ""
    echo(f"{row['id']:>6}  {str(row['sent_at'] or '')[:10] or 'not sent':10}  "
         f"{STATES[str(row['state'])]:10}  {row['written_by']}  {title}")  # fmt: skip
    steps = progress.items() if isinstance(progress, dict) else ()
    said = ", ".join(f"{count} {step}" for step, count in steps if count)
    if said:
        echo(f"        {row['recipients']} recipients: {said}")
    texts = row.get("texts")
    for language, written in texts.items() if isinstance(texts, dict) else ():
        echo(f"\n[{language}] {written['subject']}\n\n{written['text']}")
