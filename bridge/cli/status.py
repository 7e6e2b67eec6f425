"""`status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, database, example, format_option, now, say, show_json
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KINDS = ("apply", "pull", "drift", "reconcile")
SHOWN = 50


@click.command(epilog=example("stewardpath status", "stewardpath status --format json"))
@format_option
@configured
def status(config: Config, form: str) -> None:
    """Show counts, the last runs and what waits for a person."""
    with database(config) as store, store.reading() as session:
        data = _collect(session)
    if form == "json":
        show_json(data)
        return
    say(f"Members: {data['members']}")
    for name, count in data["awards"].items():  # type: ignore[attr-defined]
        say(f"  {name}: {count}")
    say("Deliveries: " + (", ".join(_deliveries(data)) or "none"))
    for kind, run in data["runs"].items():  # type: ignore[attr-defined]
        say(f"Last {kind}: {_run(run)}")
    for row in data["waiting"]:  # type: ignore[attr-defined]
        say(f"  ! delivery {row['id']} ({row['kind']}, member {row['member']}): {row['error']}")


def _collect(session: Session) -> dict[str, object]:
    from bridge.store import awards, backlog, members, runs

    counts = awards.counts(session)
    latest = {kind: runs.last_run(session, kind) for kind in KINDS}
    waiting = backlog.waiting(session, SHOWN)
    return {
        "members": members.count_members(session),
        "awards": {f"{c}/{m}": n for (c, m), n in sorted(counts.items())},
        "deliveries": {f"{k} {s}": n for (k, s), n in sorted(backlog.counts(session).items())},
        "runs": {
            kind: run and {"ok": run.ok, "started": run.started_at, "detail": run.detail}
            for kind, run in latest.items()
        },
        "waiting": [
            {
                "id": row.id,
                "member": row.member_id,
                "kind": row.kind,
                "reason": row.reason,
                "attempts": row.attempts,
                "error": row.last_error,
            }
            for row in waiting
        ],
    }


def _deliveries(data: dict[str, object]) -> list[str]:
    return [f"{count} {name}" for name, count in data["deliveries"].items()]  # type: ignore[attr-defined]


def _run(run: dict[str, object] | None) -> str:
    if run is None:
        return "never"
    age = now() - run["started"]  # type: ignore[operator]
    outcome = {True: "well", False: "failed", None: "running or killed"}[run["ok"]]  # type: ignore[index]
    return f"{outcome}, {int(age.total_seconds())} s ago {run['detail'] or ''}"
