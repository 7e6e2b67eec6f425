"""Reads a file of sessions, whatever its format."""

from __future__ import annotations

import re

from bridge.curriculum.problems import Position, Report
from bridge.messages import Message
from bridge.sessions.schedule_files.csv_format import read_csv
from bridge.sessions.schedule_files.ics_format import read_ics
from bridge.sessions.schedule_files.raw_rows import MAX_ROWS, RawRow
from bridge.sessions.schedule_files.yaml_format import read_yaml

PASTED = "schedule"
"""What a file is called that was pasted."""


def decode(content: bytes, file: str, report: Report) -> str | None:
    """The text of a file, without a byte order mark; None after an error was reported."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        report.error(
            Position(file, line),
            Message("the file is not UTF-8."),
            Message("save it as “CSV UTF-8” and import it again"),
        )
        return None
    if "\0" in text:
        report.error(Position(file), Message("the file is damaged: it contains a NUL byte."))
        return None
    return text


def read_rows(file: str, text: str, report: Report, own_zone: str) -> list[RawRow]:
    """Read the sessions of a schedule file, a CSV or a calendar file; problems go to the report.

    The name and the first line tell the format. `own_zone`: for times of calendars in UTC.
    """
    text = text.removeprefix("\ufeff")
    report.add_source(file, text)
    match _format(file, text):
        case "ics":
            rows = read_ics(file, text, report, own_zone)
        case "csv":
            rows = read_csv(file, text, report)
        case _:
            rows = read_yaml(file, text, report)
    if not rows and not report.problems():
        report.error(Position(file), Message("there are no sessions in the file."))
    if len(rows) > MAX_ROWS:
        report.error(
            rows[MAX_ROWS].position,
            Message("there are more than %(count)s sessions.", count=MAX_ROWS),
            Message("import them in several files"),
        )
    return rows[:MAX_ROWS]


def _format(file: str, text: str) -> str:
    ending = file.lower().rpartition(".")[2]
    if ending in ("ics", "csv", "tsv"):
        return ending.replace("tsv", "csv")
    start = text.lstrip()
    if start[:15].upper() == "BEGIN:VCALENDAR":
        return "ics"
    first = start.partition("\n")[0]
    is_table = any(each in first for each in ",;\t") and not re.match(r"[-#\[{]|[^,;\t]*:", first)
    return "csv" if is_table and ending not in ("yaml", "yml") else "yaml"
