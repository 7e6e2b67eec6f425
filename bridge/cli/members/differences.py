"""`differences`: check what was delivered, list where Moodle differs, and decide about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, cast

import click

from bridge.cli.batches import batches, read_all
from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    failed,
    format_option,
    library,
    moodle,
    now,
    print_note,
    show_json,
    user,
)
from bridge.config import Config
from bridge.membership.names import full_name

if TYPE_CHECKING:
    from bridge.delivery_check import What
    from bridge.store.database import Database
    from bridge.store.delivery.differences import DifferenceAnswer, ListedDifference
    from bridge.workflows.delivery_check.check import Report

WITHDRAW = "withdraw"
IN_WORDS: Mapping[What, str] = {
    "unenrolled": "no longer enrolled",
    "suspended": "enrolment suspended",
    "revoked": "badge revoked",
    "not-proficient": "competency no longer rated as proficient",
    "given": "badge given although the milestone was withdrawn",
    "account-suspended": "account suspended",
}
ANSWER_HINT = (
    "To decide: `stewardpath differences answer again|leave ID`, or the page Moodle differences."
)
FORCE_HINT = "Check Moodle. If it is right: stewardpath differences check --force"


@click.group(epilog=example("stewardpath differences check", "stewardpath differences list"))
def differences() -> None:
    """Check that Moodle still has what was delivered, and decide about differences.

    What is simply lost is queued again. What a person may have meant, such as a teacher's
    unenrolment, is listed, and you decide.
    """


@differences.command(
    epilog=example("stewardpath differences check --look", "stewardpath differences check --force")
)
@click.option("--look", is_flag=True, help="Only report. Changes nothing.")
@click.option("--force", is_flag=True, help="Go on although much is missing at the same time.")
@format_option
@configured
def check(config: Config, look: bool, force: bool, form: str) -> None:
    """Compare everything that was delivered with Moodle.

    The service does it every night. If more is missing at the same time than
    `sync.max_missing_share` allows, nothing of that kind is queued or listed: the cause may be
    Moodle. Exit code 1 then, or if Moodle can't be reached.
    """
    from bridge.jobs.tasks import run_delivery_check

    with database(config) as store, moodle(config) as client:
        report = run_delivery_check(
            store, client, config, library(config), now, change=not look, force=force
        )
        calls = sum(client.calls.values())
    if form == "json":
        show_json(asdict(report) | {"calls": calls})
    else:
        _print_report(report, calls)
    if report.held:
        failed()


@differences.command(
    "list", epilog=example("stewardpath differences list --answered --format json")
)
@click.option("--answered", is_flag=True, help="List answered differences instead of open ones.")
@format_option
@configured
def list_(config: Config, answered: bool, form: str) -> None:
    """List where Moodle differs from what was delivered, oldest first."""
    with database(config) as store:
        rows = list(_all(store, answered=answered))
    if form == "json":
        show_json({"differences": [asdict(row) for row in rows]})
        return
    for row in rows:
        echo(f"{row.id:>6} {difference_in_words(row)}")
    if not rows:
        echo("No differences.")
    elif not answered:
        echo(ANSWER_HINT)


@differences.command(
    epilog=example(
        "stewardpath differences answer again 12 13",
        "stewardpath differences answer leave --all",
        "stewardpath differences answer withdraw 12",
    )
)
@click.argument("answer", type=click.Choice(["again", "leave", WITHDRAW]))
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, metavar="[ID...]")
@click.option("--all", "everything", is_flag=True, help="Answer all that are open.")
@configured
def answer(config: Config, answer: str, ids: tuple[int, ...], everything: bool) -> None:
    """Decide about differences.

    ID is a number from `differences list`; give as many as you like. `again`: enrol again, or
    issue the badge again. `leave`: leave Moodle as it is. Answers are saved, and you can change
    them. `withdraw` reopens an answered difference. Exit code 1 if an answer is refused.
    """
    from bridge.store.delivery import differences as store_differences

    if bool(ids) == everything or (everything and answer == WITHDRAW):
        raise click.UsageError("Give the IDs, or answer all open ones with --all.")
    changed, refused = 0, 0
    with database(config) as store:
        chosen = [row.id for row in _all(store, answered=False)] if everything else list(ids)
        for batch in batches(chosen):
            with store.transaction() as session:
                if answer == WITHDRAW:
                    result = store_differences.withdraw(session, batch, user(), now())
                else:
                    given = cast("DifferenceAnswer", answer)
                    result = store_differences.answer(session, batch, given, user(), now())
            changed, refused = changed + len(result.changed), refused + len(result.refused)
            for difference, why in result.refused.items():
                print_note(f"{difference}: {why}")
    echo(f"{counted(changed, 'difference')} {'reopened' if answer == WITHDRAW else 'answered'}.")
    if refused:
        failed()


def difference_in_words(row: ListedDifference) -> str:
    """One line: the member, what differs, about what, since when, and the answer."""
    name = f"{full_name(row.first_name, row.last_name)} ({row.number or f'id {row.member_id}'})"
    about = row.target.split(":", 1)[-1]
    answered = f"; answered “{row.answer}” by {row.answered_by}" if row.answer else ""
    what = f"{IN_WORDS[row.what]}{f': {about}' if about else ''}"
    return f"{name}: {what}, seen {row.found_at:%Y-%m-%d}{answered}"


def _all(store: Database, *, answered: bool) -> Iterator[ListedDifference]:
    from bridge.store.delivery import differences as store_differences

    return read_all(store, partial(store_differences.list_differences, answered=answered))


def _print_report(report: Report, calls: int) -> None:
    checked = counted(report.checked.total(), "item")
    echo(f"{checked} checked in {counted(calls, 'call')}.")
    rows: Sequence[tuple[int, str]] = (
        (report.accounts, "accounts deleted in Moodle: found or created again"),
        (report.replaced, "queued again, because Moodle has a new course, cohort or badge"),
        *((n, f"{kind}: lost, queued again") for kind, n in report.queued.items()),
        (report.corrections, "corrected names, emails or languages queued"),
        *((n, f"{kind}: differs, for a person to decide") for kind, n in report.differs.items()),
        *((n, f"{kind}: not visible on this site") for kind, n in report.hidden.items()),
    )
    for count, text in rows:
        if count:
            echo(f"  {count:>6} {text}")
    for kind, each in report.held.items():
        echo(f"  Held: {each.missing} of {each.checked} ({kind}) are missing in Moodle.")
    if report.held:
        echo(FORCE_HINT)
    if report.differs:
        echo("To list them: stewardpath differences list")
