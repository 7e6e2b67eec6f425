"""Read member records from the CSV files that unions export. No files, no database."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO, cast

from bridge.errors import MemberError
from bridge.member_records import MemberRecord, parse_record

# Headings are compared in small letters without accents, blanks, "_", "-", "." and apostrophes.
COLUMNS = {
    "number": "number membernumber memberno memberid membershipnumber numero numerodemembre",
    "email": "email emailaddress mail courriel adressecourriel",
    "first_name": "firstname first givenname forename prenom",
    "last_name": "lastname last surname familyname nom nomdefamille",
    "region": "region",
    "language": "language lang preferredlanguage langue",
    "role": "role",
    "role_since": "rolesince since roledepuis depuis",
}


REQUIRED = ("number", "email", "first_name", "last_name")


COLUMNS_HINT = (
    f"The first line must name {', '.join(REQUIRED)}, and may name "
    f"{', '.join(name for name in COLUMNS if name not in REQUIRED)}."
)


DELIMITERS = ",;\t"


MAX_RECORD_LINES = 20
"""Lines that a quoted field may run over; past that a quotation mark was not closed."""


MAX_LINE_LENGTH = 65_536


UTF8_HINT = 'Save the file as "CSV UTF-8" and import it again.'


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row that can be used; `line` is where it begins in the file, counted from 1."""

    line: int
    record: MemberRecord


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be used; `reason` is a sentence that says why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the whole file that its sender should know; a sentence."""

    text: str


def read_member_csv(
    source: Iterable[str] | BinaryIO, regions: Collection[str]
) -> Iterator[AcceptedRow | RejectedRow | Notice]:
    """Read member records from CSV, row by row.

    `source` is a binary stream (UTF-8; any line ends) or the file's lines as text. Columns may
    be parted by commas, semicolons or tabs and stand in any order. `regions` are those that are
    configured; when there are none, any is accepted. A row that repeats an earlier one is passed
    over. Memory: about 200 bytes a row. Raises MemberError if the file as a whole is no roster.
    """
    lines = _Lines(_decoded(source))
    header = _read_header(lines)
    if header.unknown:
        names = ", ".join(f"`{name}`" for name in header.unknown)
        yield Notice(f"Columns that are not used: {names}.")
    seen: dict[str, tuple[int, int]] = {}
    for line, fields in _records(lines, header.delimiter):
        row = _row(line, fields, header, regions)
        if isinstance(row, AcceptedRow):
            row = _once(row, seen)
        if row:
            yield row


class _Lines:
    """Lines with their numbers, some of which may be put back."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        line = self._again.pop() if self._again else next(self._source, None)
        self.number += line is not None
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        self._again.extend(reversed(lines))
        self.number -= len(lines)


@dataclass(frozen=True, slots=True)
class _Header:
    """`places`: field -> its column; `width`: how many columns there are."""

    delimiter: str
    places: Mapping[str, int]
    unknown: Sequence[str]
    width: int


def _decoded(source: Iterable[str] | BinaryIO) -> Iterator[str]:
    """Lines of text. Bytes that are not UTF-8 become half characters, found row by row."""
    if not hasattr(source, "readable"):
        yield from source
        return
    text = TextIOWrapper(cast(BinaryIO, source), "utf-8", errors="surrogateescape", newline="")
    try:
        yield from iter(lambda: text.readline(MAX_LINE_LENGTH), "")
    finally:
        if not text.closed:
            text.detach()  # the stream is the caller's to close


def _read_header(lines: _Lines) -> _Header:
    line = (lines.next() or "").removeprefix("\ufeff")
    if not line.strip():
        raise MemberError("the file is empty or begins with an empty line.", todo=COLUMNS_HINT)
    delimiters = DELIMITERS
    if match := re.fullmatch(r"sep=(.)\s*", line):  # Excel's own first line
        delimiters, line = match[1], lines.next() or ""
    if _broken(line) or "\0" in line:
        raise MemberError("the file is not UTF-8.", where=f"line {lines.number}", todo=UTF8_HINT)
    header = max((_header(line, d) for d in delimiters), key=lambda h: (len(h.places), h.width))
    missing = [name for name in REQUIRED if name not in header.places]
    if missing:
        raise MemberError(
            f"the first line does not name the column {', '.join(f'`{m}`' for m in missing)}.",
            where=f"line {lines.number}",
            todo=COLUMNS_HINT,
        )
    return header


def _header(line: str, delimiter: str) -> _Header:
    names = [
        name.strip()
        for name in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    ]
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, name in enumerate(names):
        field = _field(name)
        if field in places:
            raise MemberError(
                f"two columns are both the {field}: `{names[places[field]]}` and `{name}`.",
                todo="Take one of them out.",
            )
        if field:
            places[field] = place
        elif name:
            unknown.append(name)
    width = max((place + 1 for place, name in enumerate(names) if name), default=0)
    return _Header(delimiter, places, unknown, width)


def _field(heading: str) -> str:
    """The field that a heading means, '' if none."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    plain = re.sub(r"[\s_.'’\u0300-\u036f-]", "", letters)
    return next((field for field, names in COLUMNS.items() if plain in names.split()), "")


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The line each record begins at, with its fields or the reason why it has none."""
    while (line := lines.next()) is not None:
        start, taken = lines.number, [line]
        fields = _fields(taken, delimiter)
        while (
            fields is None and len(taken) < MAX_RECORD_LINES and (more := lines.next()) is not None
        ):
            taken.append(more)
            fields = _fields(taken, delimiter)
        if fields is None:
            lines.put_back(taken[1:])
            fields = "a quotation mark is opened and not closed."
        yield start, fields


def _fields(taken: Sequence[str], delimiter: str) -> list[str] | str | None:
    """The fields of one record, a reason, or None if it goes on in the next line."""
    if "\0" in taken[-1]:
        return f"it contains a NUL byte: the file is damaged or not UTF-8. {UTF8_HINT}"
    try:
        return next(csv.reader(taken, delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        return f"it is not valid CSV ({error})."


def _row(
    line: int, fields: list[str] | str, header: _Header, regions: Collection[str]
) -> AcceptedRow | RejectedRow | None:
    """The row accepted or refused; None if it is blank."""
    if isinstance(fields, str):
        return RejectedRow(line, fields)
    if not any(field.strip() for field in fields):
        return None
    try:
        return AcceptedRow(line, _record(fields, header, regions))
    except ValueError as reason:
        return RejectedRow(line, str(reason))


def _record(fields: Sequence[str], header: _Header, regions: Collection[str]) -> MemberRecord:
    """Raises ValueError with the reason why there is none."""
    if _broken("".join(fields)):
        raise ValueError(f"it is not UTF-8. {UTF8_HINT}")
    if len(fields) < header.width or any(field.strip() for field in fields[header.width :]):
        raise ValueError(f"it has {len(fields)} fields where the header has {header.width}.")
    said = {name: fields[place].strip() for name, place in header.places.items()}
    return parse_record(said, regions)


def _once(row: AcceptedRow, seen: dict[str, tuple[int, int]]) -> AcceptedRow | RejectedRow | None:
    """The row; None if an earlier one said the same, a refusal if it said something else."""
    number, content = row.record.number or "", hash(row.record)
    line, first = seen.setdefault(number, (row.line, content))
    if line == row.line:
        return row
    if first == content:
        return None
    return RejectedRow(row.line, f"line {line} has the same member number with other details.")


def _broken(text: str) -> bool:
    return re.search(r"[\ud800-\udfff]", text) is not None
