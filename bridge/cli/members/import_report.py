"""Printing the rows that an import refuses, and writing them to a file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from bridge.cli.common import counted, echo, print_note

MAX_PRINTED_ROWS = 20
"""Refused rows to print; --report writes all of them."""

RefusedRow = tuple[int, str]
"""Line number and reason."""


def print_warnings(warnings: Counter[str]) -> None:
    for text, rows in warnings.most_common(MAX_PRINTED_ROWS):
        print_note(f"{counted(rows, 'row')}: {text}")
    if len(warnings) > MAX_PRINTED_ROWS:
        print_note(f"There are {len(warnings) - MAX_PRINTED_ROWS} more warnings: --format json.")


def print_refused(refused: Sequence[RefusedRow], report: Path | None) -> None:
    for line, reason in refused[:MAX_PRINTED_ROWS]:
        echo(f"  line {line}: {reason}")
    if len(refused) > MAX_PRINTED_ROWS and not report:
        echo(f"  … and {len(refused) - MAX_PRINTED_ROWS} more. To list all: --report FILE.csv")
    if refused:
        echo(f"{counted(len(refused), 'row')} refused." + (f" Report: {report}" if report else ""))


def write_report(report: Path, refused: Sequence[RefusedRow]) -> None:
    from bridge.web.lists.csv_export import escape_formula

    try:
        with report.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "reason"))
            writer.writerows((line, escape_formula(reason)) for line, reason in refused)
    except OSError as error:
        raise click.FileError(str(report), f"cannot be written ({error.strerror})") from None
