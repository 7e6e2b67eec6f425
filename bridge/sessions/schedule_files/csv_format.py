"""Reads sessions from CSV as spreadsheets save it, and writes it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence

from bridge.curriculum.problems import Position, Report, quoted
from bridge.messages import Message, Quote
from bridge.sessions.schedule_files.raw_rows import Cell, FieldName, RawRow

HEADINGS: Mapping[FieldName, str] = {
    "key": "key cle",
    "curriculum": "curriculum path parcours",
    "session": "session topic sujet seance",
    "part": "part partie",
    "starts": "starts start begins debut",
    "ends": "ends end fin",
    "minutes": "minutes",
    "timezone": "timezone zone fuseauhoraire",
    "online": "online link enligne lien",
    "room": "room place salle lieu",
    "seats_online": "seatsonline placesenligne",
    "seats_room": "seatsroom seatsintheroom placesdanslasalle",
    "region": "region",
    "leaders": "leaders leader animation",
    "materials": "materials documents",
    "state": "state status etat",
}
"""What a column may be called, in lower case, without accents, spaces, "_" and "-"."""
PARTS_OF_A_TIME = frozenset({"date", "day", "time", "hour", "jour", "heure"})
DELIMITERS = ",;\t"
REQUIRED: tuple[FieldName, ...] = ("key", "session", "starts")
_ESCAPED = re.compile(
    r"((?<![\s\"';|])(?:\A|(?:[^\S\t\r\n]|[\"'])*[;|\t\r\n])[\s\"';|]*)"
    r"'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""What an export puts before a text that a spreadsheet would take for a formula. Each run of
separators, spaces and quotes is looked through once.
"""


def read_csv(file: str, text: str, report: Report) -> list[RawRow]:
    """Read sessions; problems go to the report. The columns are separated by `,`, `;` or tabs."""
    lines = list(io.StringIO(text, newline=""))
    first = 1
    delimiters = DELIMITERS
    if lines and (match := re.fullmatch(r"sep=(.)\s*", lines[0])):  # as Excel writes it
        delimiters, lines, first = match[1], lines[1:], 2
    if not lines:
        return []
    delimiter = max(delimiters, key=lambda each: len(_columns(lines[0], each)))
    columns = _header(file, first, lines[0], delimiter, report)
    rows: list[RawRow] = []
    reader = csv.reader(lines[1:], delimiter=delimiter, strict=True)
    start = first + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            report.error(
                Position(file, start),
                Message("this isn't valid CSV: %(error)s.", error=Quote(str(error))),
                Message("check that each quotation mark is closed"),
            )  # fmt: skip
            return rows
        if cells is None:
            return rows
        position = Position(file, start)
        start = first + 1 + reader.line_num
        if columns is not None and any(map(str.strip, cells)):
            rows += _row(position, cells, columns, report)


def write_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text. The cells are escaped already."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def _columns(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _header(
    file: str, number: int, line: str, delimiter: str, report: Report
) -> dict[FieldName, int] | None:
    """The column of each field; None, after errors were reported, if it can't be used."""
    found: dict[FieldName, int] = {}
    wrong = False
    for index, heading in enumerate(_columns(line, delimiter)):
        position = Position(file, number, index + 1)
        name = _field(heading)
        if name is None and heading.strip():
            unknown = Message("there is no column %(name)s.", name=quoted(heading))
            report.error(position, unknown, _columns_hint(heading, position, report))
            wrong = True
        elif name in found:
            report.error(position, Message("two columns have the same name."))
            wrong = True
        elif name is not None:
            found[name] = index
    for required in REQUIRED:
        if required not in found:
            report.error(
                Position(file, number),
                Message("the first line doesn't name the column `%(name)s`.", name=required),
            )
            wrong = True
    return None if wrong else found


def _field(heading: str) -> FieldName | None:
    plain = _plain(heading)
    return next((field for field, names in HEADINGS.items() if plain in names.split()), None)


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return re.sub(r"[\s_.'’\u0300-\u036f-]", "", letters)


def _columns_hint(heading: str, position: Position, report: Report) -> Message:
    """What to write instead of a column that doesn't exist."""
    if _plain(heading) in PARTS_OF_A_TIME:
        return Message("write the day and the time in the column `starts`")
    names = Message("the columns are %(names)s", names=", ".join(HEADINGS))
    return report.suggest(position, heading, HEADINGS) or names


def _row(
    position: Position, cells: Sequence[str], columns: Mapping[FieldName, int], report: Report
) -> list[RawRow]:
    width = max(columns.values()) + 1
    if len(cells) < width or any(map(str.strip, cells[width:])):
        report.error(
            position,
            Message("this row has %(count)s cells, but the first line has %(width)s.",
                    count=len(cells), width=width),
            Message("put a text with a separator in it in quotation marks"),
        )  # fmt: skip
        return []
    found = {
        name: Cell(_text(cells[index]), Position(position.file, position.line, index + 1))
        for name, index in columns.items()
    }
    named = found.pop("leaders", None)
    leaders = None
    if named is not None:
        names = re.split(r"[;,\n]", named.text)
        leaders = tuple(Cell(each.strip(), named.position) for each in names if each.strip())
    return [RawRow(position, found, leaders)]


def _text(cell: str) -> str:
    return _ESCAPED.sub(r"\1", cell).replace("\r\n", "\n").strip()
