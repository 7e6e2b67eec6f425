"""`members import --preview`: what an import would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bridge.cli.common import (
    database,
    echo,
    failed,
    library,
    now,
    print_note,
    show_json,
)
from bridge.cli.members.import_report import (
    RefusedRow,
    print_refused,
    print_warnings,
    write_report,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.member_csv import AcceptedRow
    from bridge.store.members.role_changes import RoleChange
    from bridge.workflows.member_imports.preview import Outcome, State

MAX_SHOWN = 200
"""Rows that change something, to print; --format json has all of them."""

Shown = tuple[int, "Outcome"]
"""The line of a row, and what it would do."""


def show_import(config: Config, file: BinaryIO, report: Path | None, form: str) -> None:
    """Print what importing the file would change. The exit code is 1 if it refuses a row."""
    from bridge.curriculum.known_roles import known_roles
    from bridge.member_csv import (
        AcceptedRow,
        Notice,
        RejectedRow,
        read_member_csv,
    )
    from bridge.member_records import record_warnings
    from bridge.workflows.member_imports.preview import preview_records

    known = known_roles(library(config), config.role_labels)
    accepted: list[AcceptedRow] = []
    refused: list[RefusedRow] = []
    for row in read_member_csv(file, config.regions, known):
        match row:
            case Notice():
                print_note(row.text)
            case RejectedRow():
                refused.append((row.line, row.reason))
            case AcceptedRow():
                accepted.append(row)
    with database(config) as store, store.reading() as session:
        found = preview_records(session, [row.record for row in accepted], now().date())
    shown = [(row.line, each) for row, each in zip(accepted, found, strict=True)]
    refused += [(line, each.reason) for line, each in shown if each.state == "refused"]
    refused.sort()
    if report:
        write_report(report, refused)
    warnings = Counter(text for row in accepted for text in record_warnings(row.record, known))
    if form == "json":
        show_json(_as_data(shown, refused, warnings))
    else:
        _print(shown)
        print_warnings(warnings)
        print_refused(refused, report)
    if refused:
        failed()


def _counts(shown: Sequence[Shown]) -> dict[str, int]:
    counts = Counter(each.state for _, each in shown)
    states: tuple[State, ...] = ("new", "changed", "unchanged")
    return {state: counts[state] for state in states}


def _print(shown: Sequence[Shown]) -> None:
    changing = [(line, each) for line, each in shown if each.state in ("new", "changed")]
    for line, each in changing[:MAX_SHOWN]:
        what = "new" if each.state == "new" else "; ".join(_changes(each))
        echo(f"  line {line}: {each.record.number or each.record.email}: {what}")
    if len(changing) > MAX_SHOWN:
        echo(f"  … and {len(changing) - MAX_SHOWN} more. To list all: --format json")
    echo(", ".join(f"{count} {state}" for state, count in _counts(shown).items()) + ".")
    echo("Nothing was imported.")


def _changes(outcome: Outcome) -> list[str]:
    """Each change, such as `region: north → south`."""
    values = (outcome.values or {}).items()
    told = [f"{name}: {before or '–'} → {after or '–'}" for name, (before, after) in values]
    return [*told, *map(_role_change, outcome.roles)]


def _role_change(change: RoleChange) -> str:
    if change.before is None or change.after is None:
        held, sign = change.after or change.before, "+" if change.after else "-"
        return f"{sign} role {held.role}" if held else ""
    days = f"{change.before.until or 'no end'} → {change.after.until or 'no end'}"
    return f"role {change.after.role}: until {days}"


def _as_data(
    shown: Sequence[Shown], refused: Sequence[RefusedRow], warnings: Mapping[str, int]
) -> dict[str, object]:
    return {
        **_counts(shown),
        "rows": [
            {
                "line": line,
                "number": each.record.number,
                "state": each.state,
                "member_id": each.member_id,
                "changes": [
                    {"field": name, "before": before, "after": after}
                    for name, (before, after) in (each.values or {}).items()
                ],
                "roles": [
                    {
                        "before": asdict(change.before) if change.before else None,
                        "after": asdict(change.after) if change.after else None,
                    }
                    for change in each.roles
                ],
            }
            for line, each in shown
            if each.state != "refused"
        ],
        "refused": [{"line": line, "reason": reason} for line, reason in refused],
        "warnings": [{"warning": text, "rows": count} for text, count in warnings.items()],
    }
