"""`status`: counts, the last runs, and what needs attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

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
from bridge.cli.service.moodle_status import (
    current_milestone_keys,
    differences_data,
    lost_results,
    print_differences,
    print_lost_results,
)
from bridge.cli.service.status_data import (
    DeadlinesData,
    FailedDeliveryData,
    FailedEmailData,
    FailureData,
    RetriedData,
    RunData,
    StatusData,
)
from bridge.config import Config
from bridge.errors import CurriculumError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.delivery.kinds import DeliveryState

RUN_KINDS = ("apply", "pull", "quizzes", "drift", "reconcile", "check-deliveries")
FAILURE_KINDS = (
    "deliver", "outbox", "refresh", "plan-requests", "statistics", "files", "deadlines", "clock",
    "alerts", "moodle-tasks",
    *RUN_KINDS, "check-accounts", "session-calendar",
)  # fmt: skip
"""Jobs whose failures of the last day are shown; the first ten record only failures."""
STATES: Mapping[DeliveryState, str] = {"owed": "pending", "done": "done", "failed": "failed"}
"""Each delivery state with its label."""
HEARTBEAT_LIMIT = timedelta(minutes=2)
"""A run without a heartbeat for this long was killed."""
MAX_ROWS = 50
UNKNOWN_HINT = (
    "“unknown” means that the email may have been sent. Decide on the page Needs attention, or "
    "about all of them: stewardpath deliver --unknown send-again (or treat-as-sent)"
)
RETRY_HINT = "To retry after fixing the cause: stewardpath deliver --retry"
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


@click.command(epilog=example("stewardpath status", "stewardpath status --format json"))
@format_option
@configured
def status(config: Config, form: str) -> None:
    """Show counts, the last runs and what needs attention."""
    with database(config) as store, store.reading() as session:
        data = _collect(session, config, now())
    if form == "json":
        show_json(_with_old_keys(data))
        return
    if data["curricula_invalid"]:
        echo("A curriculum file has errors: the last valid version is in use.")
        echo("To list the errors: stewardpath validate\n")
    echo(f"Members: {data['members']}")
    _print_awards(data["awards"])
    _print_deliveries(data["deliveries"])
    echo("\nLast runs")
    for kind, run in data["runs"].items():
        echo(f"  {kind:<10} {_run_summary(run, now())}")
    if waiting := data["waiting_for_companion"]:
        echo(f"\nBadges that wait for the companion plugin: {waiting}")
    _print_deadlines(data["deadlines"])
    print_differences(data["moodle_differences"])
    print_lost_results(data["lost_results"])
    if times := data["impossible_times"]:
        echo(f"\nTimes too far in the future: {', '.join(times)}. Check the clock of this server.")
    _print_failures(data["failures"], now())
    _print_retried(data["retried"])
    _print_failed_deliveries(data["needs_attention"], now())
    _print_failed_emails(data["failed_emails"])
    if not any(data[name] for name in ("needs_attention", "failed_emails")) and not any(
        data["moodle_differences"].values()
    ):
        pending = data["retried"]["deliveries"] + data["retried"]["emails"] + len(data["failures"])
        echo(f"\nNothing{' else' if pending else ''} needs your attention.")


def _collect(session: Session, config: Config, at: datetime) -> StatusData:
    from bridge.foundations.deadlines.claims import TIME_LIMITS
    from bridge.store.delivery import delivery_queries
    from bridge.store.learning import awards
    from bridge.store.members import queries as members
    from bridge.store.operations import impossible_times

    counts: dict[str, dict[str, int]] = {}
    for (kind, state), n in sorted(delivery_queries.count_deliveries(session).items()):
        counts.setdefault(kind, dict.fromkeys(STATES, 0))[state] = n
    return {
        "curricula_invalid": _curricula_invalid(config),
        "members": members.count_members(session),
        "awards": {
            f"{c}/{m}": n
            for (c, m), n in sorted(
                awards.count_awards(session, current_milestone_keys(config)).items()
            )
        },
        "deliveries": counts,
        "runs": {kind: _last_run(session, kind) for kind in RUN_KINDS},
        "impossible_times": impossible_times.find(session, at, TIME_LIMITS),
        "failures": _failures(session, at),
        "retried": _retried(session),
        "waiting_for_companion": delivery_queries.count_waiting_for_companion(session),
        "deadlines": _deadlines(session, config, at),
        "moodle_differences": differences_data(session),
        "lost_results": lost_results(session, at),
        "needs_attention": _failed_deliveries(session),
        "failed_emails": _failed_emails(session),
    }


def _curricula_invalid(config: Config) -> bool:
    try:
        library(config).check()
    except CurriculumError:
        return True
    return False


def _with_old_keys(data: StatusData) -> dict[str, object]:
    """Add the keys of earlier versions, which are kept for one release."""
    return {
        **data,
        "retried": {**data["retried"], "letters": data["retried"]["emails"]},
        "waiting": data["needs_attention"],
        "letters": data["failed_emails"],
    }


def _last_run(session: Session, kind: str) -> RunData | None:
    from bridge.store.operations import runs

    run = runs.last_run(session, kind)
    if run is None:
        return None
    return {
        "ok": run.ok,
        "started": run.started_at,
        "heartbeat": run.heartbeat_at,
        "detail": run.detail,
    }


def _failures(session: Session, at: datetime) -> list[FailureData]:
    from bridge.store.operations import runs

    return [
        {
            "kind": run.kind,
            "last": run.finished_at or run.started_at,
            "times": times if isinstance(times := run.detail.get("times"), int) else 1,
            "error": str(run.detail.get("error", "")),
        }
        for run in runs.failed_since(session, FAILURE_KINDS, at - timedelta(days=1))
        if run.detail.get("error")
    ]


def _retried(session: Session) -> RetriedData:
    from bridge.store.delivery import delivery_queries, failed_emails

    found = delivery_queries.retry_summary(session)
    return {
        "deliveries": found.count if found else 0,
        "many_times": found.often if found else 0,
        "emails": failed_emails.count_retried(session),
        "error": found.error if found else "",
        "with_this_error": found.same if found else 0,
    }


def _deadlines(session: Session, config: Config, at: datetime) -> DeadlinesData:
    from bridge.foundations.deadlines.queries import summarize

    found = summarize(session, frozenset(config.holidays), at)
    return {"pending": found.pending, "overdue": found.overdue}


def _failed_deliveries(session: Session) -> list[FailedDeliveryData]:
    from bridge.store.delivery import failed_deliveries

    return [
        {
            "id": row.id,
            "member": row.number or f"id {row.member_id}",
            "kind": row.kind,
            "reason": row.reason,
            "attempts": row.attempts,
            "next_try": row.next_try,
            "error": row.last_error,
        }
        for row in failed_deliveries.list_failed_deliveries(session, MAX_ROWS)
    ]


def _failed_emails(session: Session) -> list[FailedEmailData]:
    from bridge.store.delivery import failed_emails

    return [
        {
            "id": row.id,
            "kind": row.kind,
            "reason": row.reason,
            "attempts": row.attempts,
            "error": row.last_error,
        }
        for row in failed_emails.failed_emails(session, MAX_ROWS)
    ]


def _print_awards(awards: Mapping[str, int]) -> None:
    echo("\nMilestones awarded" if awards else "\nMilestones awarded: none yet")
    for name, count in awards.items():
        echo(f"  {name:<50} {count:>7}")


def _print_deliveries(deliveries: Mapping[str, Mapping[str, int]]) -> None:
    if not deliveries:
        echo("\nDeliveries: none yet")
        return
    echo(f"\n{'Deliveries':<12}" + "".join(f"{label:>8}" for label in STATES.values()))
    for kind, counts in deliveries.items():
        echo(f"  {kind:<10}" + "".join(f"{counts[state]:>8}" for state in STATES))


def _print_deadlines(deadlines: DeadlinesData) -> None:
    if deadlines["pending"]:
        overdue = f", {deadlines['overdue']} of them overdue" if deadlines["overdue"] else ""
        echo(f"\nDeadlines and reminders to come: {deadlines['pending']}{overdue}")
        echo("To list them: stewardpath deadlines list")


def _run_summary(run: RunData | None, at: datetime) -> str:
    if run is None:
        return "never"
    unfinished = "killed" if at - run["heartbeat"] > HEARTBEAT_LIMIT else "running"
    outcome = {True: "succeeded", False: "FAILED", None: unfinished}[run["ok"]]
    counts = ", ".join(f"{name} {value}" for name, value in run["detail"].items())
    return f"{_age(at - run['started'])} ago, {outcome}" + (f" ({counts})" if counts else "")


def _age(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    unit, size = next((each for each in UNITS if seconds >= each[1]), UNITS[-1])
    return f"{seconds // size} {unit}"


def _print_failures(failures: Sequence[FailureData], at: datetime) -> None:
    if not failures:
        return
    echo("\nJobs that failed in the last day")
    for row in failures:
        times = f"{row['times']} times, last " if row["times"] > 1 else ""
        echo(f"  {row['kind']:<10} {times}{_age(at - row['last'])} ago: {row['error']}")


def _print_retried(retried: RetriedData) -> None:
    """Print how many deliveries and emails will be retried, and the most frequent error."""
    if retried["emails"]:
        echo(f"\nEmails from the pages that will be retried: {retried['emails']}")
    if not retried["deliveries"]:
        return
    often = f", {retried['many_times']} of them tried many times" if retried["many_times"] else ""
    echo(f"\nDeliveries that will be retried: {retried['deliveries']}{often}")
    echo(f"  Most frequent error ({retried['with_this_error']}): {retried['error']}")


def _print_failed_deliveries(deliveries: Sequence[FailedDeliveryData], at: datetime) -> None:
    if not deliveries:
        return
    more = f" (the first {MAX_ROWS})" if len(deliveries) == MAX_ROWS else ""
    echo(f"\nNeeds attention: deliveries{more}")
    for row in deliveries:
        tries = _tries(row, at) if row["reason"] == "later" else ""
        tries = " (unknown)" if row["reason"] == "unknown" else tries
        echo(f"  {row['id']:>6} {row['kind']:<10} member {row['member']}: {row['error']}{tries}")
    echo(RETRY_HINT)
    _print_unknown_hint(row["reason"] for row in deliveries)


def _print_unknown_hint(reasons: Iterable[str]) -> None:
    if "unknown" in reasons:
        echo(UNKNOWN_HINT)


def _tries(row: FailedDeliveryData, at: datetime) -> str:
    delay = row["next_try"] - at
    due = f"in {_age(delay)}" if delay > timedelta() else "now"
    return f" ({row['attempts']} attempts, next try {due})"


def _print_failed_emails(emails: Sequence[FailedEmailData]) -> None:
    if not emails:
        return
    more = f" (the first {MAX_ROWS})" if len(emails) == MAX_ROWS else ""
    echo(f"\nNeeds attention: emails from the pages that were not sent{more}")
    for row in emails:
        echo(f"  {row['id']:>6} {row['kind']:<15} {row['reason']}: {row['error'] or 'expired'}")
    if any(row["reason"] != "late" for row in emails):
        echo(RETRY_HINT)
    _print_unknown_hint(row["reason"] for row in emails)
