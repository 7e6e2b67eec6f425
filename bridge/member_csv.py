"""Read member records from the CSV files that unions export. Opens no files itself."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import TextIOWrapper
from typing import BinaryIO, cast

from bridge.errors import MemberError
from bridge.member_records import (
    Contradiction,
    EarlierRecords,
    MemberRecord,
    parse_record,
)
from bridge.membership.known_roles import NO_KNOWN_ROLES, KnownRoles
from bridge.messages import Message, Quote

# Headings are compared in lower case, without accents, spaces, "_", "-", "." and apostrophes.
COLUMNS = {
    "number": "number membernumber memberno memberid membershipnumber numero numerodemembre",
    "email": "email emailaddress mail courriel adressecourriel",
    "first_name": "firstname first givenname forename prenom",
    "last_name": "lastname last surname familyname nom nomdefamille",
    "region": "region",
    "language": "language lang preferredlanguage langue",
    "role": "role",
    "role_since": "rolesince since roledepuis depuis",
    "status": "status memberstatus membershipstatus statut",
    "unit": "unit bargainingunit unite",
    "classification": "classification",
    "job_class": "jobclass classedemploi",
    "payroll_number": "payrollnumber payrollno numerodepaie",
    "supervisor_name": "supervisorname supervisor superviseur nomdusuperviseur",
    "supervisor_email": "supervisoremail courrieldusuperviseur",
}
REQUIRED = ("number", "email", "first_name", "last_name")
COLUMNS_HINT = Message(
    "The first line must name %(required)s, and may name %(optional)s.",
    required=", ".join(f"`{name}`" for name in REQUIRED),
    optional=", ".join(f"`{name}`" for name in COLUMNS if name not in REQUIRED),
)
DELIMITERS = ",;\t"
MAX_RECORD_LINES = 20
"""Lines that one record may span. Beyond that, a closing quotation mark is missing."""
MAX_LINE_LENGTH = 65_536
UTF8_HINT = Message("Save the file as “CSV UTF-8” and import it again.")


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A valid row. `line`: the line it starts on, counted from 1. `cells`: as in the file."""

    line: int
    record: MemberRecord
    cells: Sequence[str] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """An invalid row. `reason`: why, as a sentence. `cells`: as in the file, if it is CSV."""

    line: int
    reason: str
    cells: Sequence[str] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Information about the whole file for the person who sent it, as a sentence."""

    text: str


def read_member_csv(
    source: Iterable[str] | BinaryIO,
    regions: Collection[str],
    known: KnownRoles = NO_KNOWN_ROLES,
    on_heading: Callable[[Sequence[str]], object] = list,
) -> Iterator[AcceptedRow | RejectedRow | Notice]:
    """Read member records from CSV, row by row.

    `source`: a binary stream (UTF-8, any line endings) or the file's lines as text. Columns are
    separated by commas, semicolons or tabs, in any order. `regions`: the configured regions; if
    there are none, any region is accepted. `known`: the words for roles. `on_heading` gets the
    names of all columns. Rows that repeat an earlier row are skipped. Memory: about 200 bytes per
    row. Raises MemberError if the file as a whole is not a list of members.
    """
    lines = _Lines(_decoded(source))
    header = _read_header(lines)
    on_heading(header.names)
    if header.unknown:
        names = ", ".join(f"`{name}`" for name in header.unknown)
        yield Notice(Message("Ignored columns: %(names)s.", names=names))
    earlier = EarlierRecords()
    for line, fields in _records(lines, header.delimiter):
        row = _row(line, fields, header, partial(parse_record, regions=regions, known=known))
        if isinstance(row, AcceptedRow):
            row = _without_repeats(row, earlier)
        if row:
            yield row


class _Lines:
    """Lines with their numbers. Lines can be put back and read again."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._pushed_back: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        line = self._pushed_back.pop() if self._pushed_back else next(self._source, None)
        self.number += line is not None
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        self._pushed_back.extend(reversed(lines))
        self.number -= len(lines)


@dataclass(frozen=True, slots=True)
class _Header:
    """`columns`: the column index of each field; `width`: the number of columns."""

    delimiter: str
    names: Sequence[str]
    columns: Mapping[str, int]
    unknown: Sequence[str]
    width: int


def _decoded(source: Iterable[str] | BinaryIO) -> Iterator[str]:
    """Lines of text. Bytes that are not UTF-8 become surrogates, which are reported row by row."""
    if not hasattr(source, "readable"):
        yield from source
        return
    text = TextIOWrapper(cast(BinaryIO, source), "utf-8", errors="surrogateescape", newline="")
    try:
        yield from iter(lambda: text.readline(MAX_LINE_LENGTH), "")
    finally:
        if not text.closed:
            text.detach()  # the caller closes the stream


def _read_header(lines: _Lines) -> _Header:
    line = (lines.next() or "").removeprefix("\ufeff")
    if not line.strip():
        raise MemberError(
            Message("the file is empty, or its first line is empty."), todo=COLUMNS_HINT
        )
    delimiters = DELIMITERS
    if match := re.fullmatch(r"sep=(.)\s*", line):  # the first line that Excel writes
        delimiters, line = match[1], lines.next() or ""
    if _has_invalid_utf8(line) or "\0" in line:
        raise MemberError(
            Message("the file is not UTF-8."), where=f"line {lines.number}", todo=UTF8_HINT
        )
    header = max((_header(line, d) for d in delimiters), key=lambda h: (len(h.columns), h.width))
    missing = [name for name in REQUIRED if name not in header.columns]
    if missing:
        raise MemberError(
            Message(
                "the first line does not name these columns: %(names)s.",
                names=", ".join(f"`{each}`" for each in missing),
            ),
            where=f"line {lines.number}",
            todo=COLUMNS_HINT,
        )
    return header


def _header(line: str, delimiter: str) -> _Header:
    names = [
        name.strip()
        for name in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    ]
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for index, name in enumerate(names):
        field = _field(name)
        if field in columns:
            raise MemberError(
                Message(
                    "two columns both hold the %(field)s: `%(one)s` and `%(other)s`.",
                    field=field,
                    one=names[columns[field]],
                    other=name,
                ),
                todo=Message("Remove one of them."),
            )
        if field:
            columns[field] = index
        elif name:
            unknown.append(name)
    width = max((index + 1 for index, name in enumerate(names) if name), default=0)
    return _Header(delimiter, names, columns, unknown, width)


def _field(heading: str) -> str:
    """The field that a column heading stands for, or ''."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    plain = re.sub(r"[\s_.'’\u0300-\u036f-]", "", letters)
    return next((field for field, names in COLUMNS.items() if plain in names.split()), "")


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record as its first line number, and its fields or the reason why it is not valid."""
    while (line := lines.next()) is not None:
        start, record = lines.number, [line]
        fields = _fields(record, delimiter)
        while (
            fields is None and len(record) < MAX_RECORD_LINES and (more := lines.next()) is not None
        ):
            record.append(more)
            fields = _fields(record, delimiter)
        if fields is None:
            lines.put_back(record[1:])
            fields = Message("a closing quotation mark is missing.")
        yield start, fields


def _fields(record: Sequence[str], delimiter: str) -> list[str] | str | None:
    """The fields of a record, why it is not valid, or None if it continues on the next line."""
    if "\0" in record[-1]:
        return Message(
            "it contains a NUL byte: the file is damaged or not UTF-8. %(todo)s", todo=UTF8_HINT
        )
    try:
        return next(csv.reader(record, delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        return Message("it is not valid CSV (%(error)s).", error=Quote(str(error)))


def _row(
    line: int, fields: list[str] | str, header: _Header, parse: Callable[..., MemberRecord]
) -> AcceptedRow | RejectedRow | None:
    """The accepted or rejected row; None if it is blank."""
    if isinstance(fields, str):
        return RejectedRow(line, fields)
    if not any(field.strip() for field in fields):
        return None
    try:
        return AcceptedRow(line, _record(fields, header, parse), fields)
    except ValueError as error:
        return RejectedRow(line, error.args[0], fields)


def _record(
    fields: Sequence[str], header: _Header, parse: Callable[..., MemberRecord]
) -> MemberRecord:
    """The record in a row. Raises ValueError with the reason if it is not valid."""
    if _has_invalid_utf8("".join(fields)):
        raise ValueError(Message("it is not UTF-8. %(todo)s", todo=UTF8_HINT))
    if len(fields) < header.width or any(field.strip() for field in fields[header.width :]):
        raise ValueError(
            Message(
                "the header has %(width)s fields, but this row has %(count)s.",
                count=str(len(fields)),
                width=str(header.width),
            )
        )
    values = {name: fields[index].strip() for name, index in header.columns.items()}
    return parse(values)


def _without_repeats(row: AcceptedRow, earlier: EarlierRecords) -> AcceptedRow | RejectedRow | None:
    """The row, None if it repeats an earlier one, or a rejection if it contradicts one."""
    try:
        return None if earlier.add(row.line, row.record) else row
    except Contradiction as error:
        return RejectedRow(
            row.line,
            Message(
                "line %(line)s has the same member number with different details.",
                line=str(error.place),
            ),
            row.cells,
        )


def _has_invalid_utf8(text: str) -> bool:
    return re.search(r"[\ud800-\udfff]", text) is not None
