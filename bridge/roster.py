"""Member records, and the CSV files that unions export them to. No files, no database."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from typing import BinaryIO, cast

from bridge.errors import MemberError

LONGEST = {
    "number": 100,
    "email": 254,
    "first_name": 100,
    "last_name": 100,
    "region": 40,
    "language": 10,
    "role": 40,
    "source": 20,
}
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
LONGEST_RECORD = 20
"""Lines that a quoted field may run over; past that a quotation mark was not closed."""
LONGEST_LINE = 65_536
UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
"""Control characters, line separators, and half characters (bytes that were not UTF-8)."""
UTF8_HINT = 'Save the file as "CSV UTF-8" and import it again.'

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What one source says of one person; '' and None mean that it says nothing.

    `number` is the union's member number, `role` for example `steward` (since `role_since`),
    `source` one of csv, webhook, cli, form, moodle.
    """

    number: str | None
    email: str
    first_name: str
    last_name: str
    region: str = ""
    language: str = ""
    role: str = ""
    role_since: date | None = None
    source: str = "csv"
    moodle_user_id: int | None = None


def problem_with(record: MemberRecord) -> str:
    """Why the record cannot be accepted, as a sentence; '' if it can."""
    for name, limit in LONGEST.items():
        value: str = getattr(record, name) or ""
        label = name.replace("_", " ")
        if len(value) > limit:
            return f"the {label} is longer than {limit} characters."
        if bad := UNPRINTABLE.search(value):
            return f"the {label} contains a character that cannot be printed (U+{ord(bad[0]):04X})."
    if not record.email:
        return "the e-mail is missing."
    if not EMAIL.fullmatch(record.email):
        return "the e-mail is not an address such as name@example.org."
    return ""


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row that can be used; `line` is where it begins in the file, counted from 1."""

    line: int
    record: MemberRecord


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be used; `reason` is a sentence that says why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the whole file that its sender should know; a sentence."""

    text: str


def read_roster(
    source: Iterable[str] | BinaryIO, regions: Collection[str]
) -> Iterator[AcceptedRow | RefusedRow | Notice]:
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
        yield from iter(lambda: text.readline(LONGEST_LINE), "")
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
        while fields is None and len(taken) < LONGEST_RECORD and (more := lines.next()) is not None:
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
) -> AcceptedRow | RefusedRow | None:
    """The row accepted or refused; None if it is blank."""
    if isinstance(fields, str):
        return RefusedRow(line, fields)
    if not any(field.strip() for field in fields):
        return None
    try:
        return AcceptedRow(line, _record(fields, header, regions))
    except ValueError as reason:
        return RefusedRow(line, str(reason))


def _record(fields: Sequence[str], header: _Header, regions: Collection[str]) -> MemberRecord:
    """Raises ValueError with the reason why there is none."""
    if _broken("".join(fields)):
        raise ValueError(f"it is not UTF-8. {UTF8_HINT}")
    if len(fields) < header.width or any(field.strip() for field in fields[header.width :]):
        raise ValueError(f"it has {len(fields)} fields where the header has {header.width}.")
    said = {name: fields[place].strip() for name, place in header.places.items()}
    return read_record(said, regions)


def read_record(
    said: Mapping[str, str], regions: Collection[str], source: str = "csv"
) -> MemberRecord:
    """The record that one person's fields make: texts by name, without spaces around them.

    Raises ValueError with the reason why there is none; only between backquotes does it repeat
    what was said.
    """
    if not said.get("first_name", "") and not said.get("last_name", ""):
        raise ValueError("the name is missing.")
    record = MemberRecord(
        number=_number(said.get("number", "")),
        email=said.get("email", ""),
        first_name=said.get("first_name", ""),
        last_name=said.get("last_name", ""),
        region=_region(said.get("region", ""), regions),
        language=_language(said.get("language", "")),
        role="-".join(said.get("role", "").lower().split()),
        role_since=_date(said.get("role_since", "")),
        source=source,
    )
    if problem := problem_with(record):
        raise ValueError(problem)
    return record


def _number(text: str) -> str:
    if not text:
        raise ValueError("the member number is missing.")
    if re.fullmatch(r"\d+([.,]\d+)?E\+?\d+", text):
        raise ValueError("the spreadsheet has shortened the member number: format it as text.")
    return text


def _region(text: str, regions: Collection[str]) -> str:
    """The region as it is configured, whatever its capitals."""
    known = {region.casefold(): region for region in regions}
    if not text or not known or text.casefold() in known:
        return known.get(text.casefold(), text)
    near = difflib.get_close_matches(text.casefold(), known, n=1)
    hint = f"did you mean `{known[near[0]]}`?" if near else f"known: {', '.join(sorted(regions))}."
    raise ValueError(f"there is no region `{text[:40]}`; {hint}")


def _language(text: str) -> str:
    if not re.fullmatch(r"([A-Za-z]{2,3}([-_][A-Za-z]{2,4})?)?", text):
        raise ValueError(f"the language `{text[:40]}` is not a code such as en or fr.")
    return text.lower().replace("_", "-")


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"the date `{text[:40]}` is not a day written like 2026-01-31.")


def _once(row: AcceptedRow, seen: dict[str, tuple[int, int]]) -> AcceptedRow | RefusedRow | None:
    """The row; None if an earlier one said the same, a refusal if it said something else."""
    number, content = row.record.number or "", hash(row.record)
    line, first = seen.setdefault(number, (row.line, content))
    if line == row.line:
        return row
    if first == content:
        return None
    return RefusedRow(row.line, f"line {line} has the same member number with other details.")


def _broken(text: str) -> bool:
    return re.search(r"[\ud800-\udfff]", text) is not None
