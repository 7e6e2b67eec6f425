"""`members record`: everything a member has done, in one list."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, database, echo, example, library, now, show_json, user
from bridge.cli.members.finding import find_member
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from bridge.features.record import RecordRow
    from bridge.foundations.feature import RecordLine

TITLE_WIDTH = 44
FIELDS = (
    "on", "kind", "title", "result", "grade", "by", "note", "valid_until", "withdrawn_on",
    "withdrawn_reason", "curriculum", "key",
)  # fmt: skip
"""The fields of the CSV."""


@click.command(epilog=example("stewardpath members record 1042 --kind certificate"))
@click.argument("number")
@click.option("--kind", default="", help="Only lines of this kind, such as signoff or award.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@configured
def record(config: Config, number: str, kind: str, form: str) -> None:
    """Show a member's record: quizzes, sign-offs, milestones and more, newest first.

    What was withdrawn is shown too. This is recorded in the audit log.
    """
    from bridge.features import FEATURES
    from bridge.features.record import as_data, read_whole_record, record_kinds
    from bridge.foundations.feature import Context
    from bridge.store.operations import audit_log

    kinds = record_kinds(FEATURES)
    if kind and kind not in kinds:
        raise MemberError(f"there is no kind {kind}.", todo=f"Known: {', '.join(kinds)}.")
    with database(config) as store, find_member(store, number) as (session, member):
        audit_log.write(session, user(), "looked", member.id, {}, {}, now())
        context = Context(session, config, library(config), member.language or "en", now())
        rows = list(read_whole_record(FEATURES, context, member.id, kind))
    if form == "json":
        show_json({"lines": [as_data(row.line) for row in rows]})
    elif form == "csv":
        _print_csv([as_data(row.line) for row in rows])
    else:
        _print_text(rows)


def _print_csv(lines: list[dict[str, object]]) -> None:
    from bridge.web.lists.csv_export import escape_formula

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows([escape_formula(line[name]) for name in FIELDS] for line in lines)


def _print_text(rows: Sequence[RecordRow]) -> None:
    if not rows:
        echo("Nothing yet.")
    for line in (row.line for row in rows):
        echo(f"{line.at:%Y-%m-%d}  {line.kind:<11} {line.title:<{TITLE_WIDTH}} {_state(line)}")


def _state(line: RecordLine) -> str:
    if line.withdrawn_on:
        return f"withdrawn {line.withdrawn_on:%Y-%m-%d}: {line.withdrawn_reason}"
    grade = f"{line.grade:g} %" if line.grade is not None else ""
    valid = f"valid until {line.valid_until}" if line.valid_until else ""
    return ", ".join(filter(None, (line.result, grade, valid)))
