"""`members imports` and `members undo-import`: the files that the committee imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    database,
    echo,
    example,
    failed,
    format_option,
    library,
    now,
    show_json,
    user,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.store.tables.member_imports import MemberImport, MemberImportRow

MAX_SHOWN = 50
MAX_ROWS = 1_000_000


@click.command(epilog=example("stewardpath members imports"))
@format_option
@configured
def imports(config: Config, form: str) -> None:
    """List the files of members that the committee uploaded, newest first.

    Imports with `stewardpath members import` are not in this list: they can't be undone.
    """
    from bridge.member_imports.undoing import can_undo
    from bridge.store.batches import member_imports

    with database(config) as store, store.reading() as session:
        found = member_imports.recent(session, MAX_SHOWN)
        shown = [_as_data(each) | {"can_undo": can_undo(each, now())} for each in found]
    if form == "json":
        show_json({"imports": shown})
        return
    for each in shown:
        echo(_line(each))
    if not shown:
        echo("No imports.")


@click.command("undo-import", epilog=example('stewardpath members undo-import 3 --reason "Wrong"'))
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why. The members can read it.")
@format_option
@configured
def undo_import(config: Config, number: int, reason: str, form: str) -> None:
    """Undo an import of the committee, within an hour. NUMBER is from `members imports`.

    New members are removed, others get back what they had. What was changed since stays, and is
    listed with its line; the exit code is then 1. Within the hour, doing it again tries those rows
    again.
    """
    from bridge.access.rights import CONFIDENTIAL
    from bridge.curriculum.known_roles import known_roles
    from bridge.member_imports import undoing
    from bridge.member_imports.reading import Office
    from bridge.store.batches import member_imports

    curricula = library(config)
    known = known_roles(curricula, config.role_labels)
    office = Office(
        config.regions, tuple(curricula), known, user(), now(), rights=tuple(CONFIDENTIAL)
    )
    with database(config) as store:
        undoing.undo_import(store, number, office, reason)
        with store.reading() as session:
            left = member_imports.rows_of(session, number, MAX_ROWS, results=("left",))
            undone = member_imports.rows_of(session, number, MAX_ROWS, results=("undone",))
    _show_undone(len(undone), left, form)
    if left:
        failed()


def _show_undone(undone: int, left: list[MemberImportRow], form: str) -> None:
    rows = [{"line": each.line, **_left(each)} for each in left]
    if form == "json":
        show_json({"undone": undone, "left": rows})
        return
    for each in rows:
        echo(f"  line {each['line']}: {WHY[str(each['why'])]}{_fields(each)}")
    echo(f"{undone} undone, {len(left)} not undone, or not entirely.")


WHY = {
    "own": "it is about you.",
    "since": "changed since the import.",
    "merged": "two records were made one since.",
    "used": "the member has something else by now.",
    "confidential": "the member wrote something confidential.",
}


def _left(row: MemberImportRow) -> dict[str, object]:
    found = row.details.get("left")
    return dict(found) if isinstance(found, dict) else {}


def _fields(row: Mapping[str, object]) -> str:
    names = [name for part in ("fields", "roles") for name in _texts(row.get(part))]
    return f" {', '.join(names)}" if names else ""


def _texts(value: object) -> list[str]:
    return list(map(str, value)) if isinstance(value, list) else []


def _as_data(one: MemberImport) -> dict[str, object]:
    counts = {
        state: sum(each.values()) for state, each in one.counts.items() if isinstance(each, dict)
    }
    return {
        "number": one.id, "name": one.name, "sent_by": one.sent_by, "sent_at": one.sent_at,
        "recorded_at": one.recorded_at, "undone_at": one.undone_at, "rows": counts,
    }  # fmt: skip


def _line(each: Mapping[str, object]) -> str:
    rows = each["rows"]
    counts = ", ".join(f"{n} {s}" for s, n in rows.items()) if isinstance(rows, dict) else ""
    state = "undone" if each["undone_at"] else "recorded" if each["recorded_at"] else "not recorded"
    can = ", can be undone" if each["can_undo"] and not each["undone_at"] else ""
    when = f"{each['sent_at']:%Y-%m-%d %H:%M}"
    return f"{each['number']}  {when}  {each['name']}: {counts} ({state}{can})"
