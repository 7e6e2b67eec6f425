"""`sessions import` and `sessions export`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    failed,
    format_option,
    now,
    print_file,
    print_note,
    show_json,
    user,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.curriculum.problems import Problem
    from bridge.sessions.schedule_files.importing import Imported, Outcome, ShownChange


@click.command(
    "import",
    epilog=example(
        "stewardpath sessions import schedule.yaml --preview",
        "stewardpath sessions import schedule.csv",
    ),
)
@click.argument("file", type=click.File("rb"))
@click.option("--preview", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--overwrite", is_flag=True, help="The file also wins over what was changed on the pages."
)
@format_option
@configured
def import_(config: Config, file: BinaryIO, preview: bool, overwrite: bool, form: str) -> None:
    """Import sessions from a schedule file: YAML, CSV or iCalendar (.ics).

    Each session has a key. Importing the same file again changes nothing. What was changed on the
    pages since the last import stays, and is listed; with --overwrite, the file wins. Everyone
    registered is told what changes. If anything is wrong, all problems are listed with their line
    and column, nothing is changed, and the exit code is 1.
    """
    from bridge.curriculum.problems import Report
    from bridge.sessions.feature import office_of
    from bridge.sessions.schedule_files.importing import Choices, Imported, import_schedule
    from bridge.sessions.schedule_files.reading import decode

    report = Report()
    name = Path(file.name).name
    text = decode(file.read(), name, report)
    done = Imported((), report.problems())
    if text is not None:
        choices = Choices(overwrite=lambda _key, _field, _version: overwrite)
        with database(config) as store:
            office = office_of(config, curricula(config), user(), now())
            done = import_schedule(store, config, office, name, text, choices, preview=preview)
    if form == "json":
        show_json(_as_data(done, preview=preview))
    else:
        _show(done, preview=preview)
    if done.problems:
        failed()


def _show(done: Imported, *, preview: bool) -> None:
    if done.problems:
        for problem in done.problems:
            echo(_line(problem))
        print_note("Nothing was changed.")
        return
    for each in done.outcomes:
        if each.kind != "unchanged":
            echo(f"{each.kind}: {each.key}  {each.title}")
        for change in each.changes:
            echo(f"  {_change(change)}")
    counts = Counter(each.kind for each in done.outcomes)
    words = [f"{counts[kind]} {kind}" for kind in ("new", "changed", "different", "unchanged")]
    print_note(("Preview: " if preview else "") + ", ".join(words) + ".")
    if any(not change.applied for each in done.outcomes for change in each.changes):
        print_note("What was changed on the pages stays. With --overwrite, the file wins.")


def _line(problem: Problem) -> str:
    advice = f" – {problem.suggestion}" if problem.suggestion else ""
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place}: error: {problem.message}{advice}"


def _change(change: ShownChange) -> str:
    if change.field == "link":
        values = "another link"
    else:
        values = f"{change.before or '(none)'} → {change.after or '(none)'}"
    kept = "" if change.applied else " (kept: changed on the pages)"
    return f"{change.field}: {values}{kept}"


def _as_data(done: Imported, *, preview: bool) -> dict[str, object]:
    return {
        "preview": preview,
        "imported": not (preview or done.problems),
        "sessions": [] if done.problems else [_outcome(each) for each in done.outcomes],
        "errors": [
            {
                "file": each.file, "line": each.line, "column": each.column,
                "message": str(each.message), "suggestion": str(each.suggestion),
            }
            for each in done.problems
        ],
    }  # fmt: skip


def _outcome(each: Outcome) -> dict[str, object]:
    changes = [
        {"field": change.field, "before": change.before, "after": change.after,
         "applied": change.applied}
        for change in each.changes
    ]  # fmt: skip
    return {"key": each.key, "line": each.line, "outcome": each.kind, "changes": changes}


@click.command(
    epilog=example(
        "stewardpath sessions export > schedule.yaml",
        "stewardpath sessions export --format csv --output schedule.csv",
    )
)
@click.option("--past", is_flag=True, help="Those that are over instead.")
@click.option(
    "--links", is_flag=True, help="With the links to join. Keep the file to yourself then."
)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: print it."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "csv", "json", "ics"]),
    default="yaml",
    show_default=True,
    help="Output format.",
)
@configured
def export(config: Config, past: bool, links: bool, output: Path | None, form: str) -> None:
    """Export the sessions to come as a schedule file.

    Importing it again changes nothing. This is recorded in the audit log.
    """
    from bridge.sessions.schedule_files.exporting import (
        EXPORT_FORMATS,
        read_sessions,
        write_sessions,
    )
    from bridge.store.operations import audit_log
    from bridge.web.lists.csv_export import escape_formula

    shown = curricula(config)
    with database(config) as store, store.transaction() as session:
        rows = read_sessions(session, shown, config.language, now(), past=past)
        seen = {"list": "sessions", "past": past, "format": form, "links": links}
        audit_log.write(session, user(), "listed", None, {}, seen, now())
    kind = next(each for each in EXPORT_FORMATS if each == form)
    text = write_sessions(rows, kind, now(), escape_formula, links=links)
    if output is None:
        print_file(text)
        return
    try:
        output.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise click.FileError(str(output), f"cannot be written ({error.strerror})") from None
