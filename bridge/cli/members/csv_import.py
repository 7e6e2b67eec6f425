"""`members import`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    failed,
    format_option,
    library,
    now,
    print_note,
    show_json,
    user,
)
from bridge.cli.members.import_preview import show_import
from bridge.cli.members.import_report import (
    RefusedRow,
    print_refused,
    print_warnings,
    write_report,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.member_csv import AcceptedRow, RejectedRow
    from bridge.membership.known_roles import KnownRoles
    from bridge.store.database import Database

BATCH_SIZE = 100


@click.command(
    "import",
    epilog=example(
        "stewardpath members import members.csv",
        "stewardpath members import members.csv --preview",
        "stewardpath members import members.csv --report refused.csv",
    ),
)
@click.argument("file", type=click.File("rb"))
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the refused rows to this file, with line and reason (CSV).",
)
@click.option(
    "--preview", "only_preview", is_flag=True, help="Show what would change. Import nothing."
)
@format_option
@configured
def import_(
    config: Config, file: BinaryIO, report: Path | None, only_preview: bool, form: str
) -> None:
    """Import members from a CSV file. Importing the same file again changes nothing.

    The first line has the column names: number, email, first_name, last_name; optional: region,
    language, role, role_since, status, unit, classification, job_class,
    payroll_number, supervisor_name, supervisor_email. An empty cell changes nothing; `-` clears
    the region, the role and everything from status on. A member's roles from an earlier file end
    if this one names others; `trustee;*` adds a role instead. Separators: commas, semicolons or
    tabs. Encoding: UTF-8. Invalid rows are listed with line and reason, the others are imported;
    the exit code is then 1.
    """
    from bridge.curriculum.known_roles import known_roles
    from bridge.member_records import record_warnings

    if only_preview:
        show_import(config, file, report, form)
        return
    counts = {"created": 0, "changed": 0, "unchanged": 0, "roles_ended": 0}
    refused: list[RefusedRow] = []
    warnings: Counter[str] = Counter()
    curricula = library(config)
    known = known_roles(curricula, config.role_labels)
    with database(config) as store:
        for accepted, rejected in _batches(file, config, known):
            refused += [(row.line, row.reason) for row in rejected]
            for row in accepted:
                warnings.update(record_warnings(row.record, known))
            refused += _sign_up(store, config, curricula, accepted, counts)
    refused.sort()
    if report:
        write_report(report, refused)
    _show(counts, refused, warnings, report, form)
    if refused:
        failed()


def _batches(
    file: BinaryIO, config: Config, known: KnownRoles
) -> Iterator[tuple[list[AcceptedRow], list[RejectedRow]]]:
    from bridge.member_csv import AcceptedRow, Notice, RejectedRow, read_member_csv

    rows = read_member_csv(file, config.regions, known)
    while batch := list(islice(rows, BATCH_SIZE)):
        for notice in (row for row in batch if isinstance(row, Notice)):
            print_note(notice.text)
        accepted = [row for row in batch if isinstance(row, AcceptedRow)]
        yield accepted, [row for row in batch if isinstance(row, RejectedRow)]


def _sign_up(
    store: Database,
    config: Config,
    curricula: Sequence[Curriculum],
    rows: Sequence[AcceptedRow],
    counts: dict[str, int],
) -> list[RefusedRow]:
    """Sign up a batch in one transaction; returns the rows that were refused."""
    from bridge.workflows.signup import sign_up

    with store.transaction() as session:
        signed = sign_up(
            session,
            curricula,
            [row.record for row in rows],
            regions=config.regions,
            actor=user(),
            now=now(),
        )
    counts["created"] += len(signed.created)
    counts["changed"] += len(signed.changed)
    counts["unchanged"] += signed.unchanged
    counts["roles_ended"] += signed.ended_roles
    return [(rows[index].line, reason) for index, reason in signed.refused]


def _show(
    counts: dict[str, int],
    refused: Sequence[RefusedRow],
    warnings: Counter[str],
    report: Path | None,
    form: str,
) -> None:
    if form == "json":
        rows = [{"line": line, "reason": reason} for line, reason in refused]
        warned = [{"warning": text, "rows": count} for text, count in warnings.items()]
        show_json({**counts, "refused": rows, "warnings": warned})
        return
    _print_counts(counts)
    print_warnings(warnings)
    print_refused(refused, report)


def _print_counts(counts: dict[str, int]) -> None:
    ended = counts["roles_ended"]
    members = {word: count for word, count in counts.items() if word != "roles_ended"}
    echo(", ".join(f"{count} {word}" for word, count in members.items()) + ".")
    if ended:
        print_note(
            f"{counted(ended, 'role')} ended: an earlier import named them, this file names other "
            "roles or none. To keep them beside a new role, write `*` too, such as `trustee;*`."
        )
