"""Read the list of participants that a meeting program exports. Pure functions.

Known layouts: Zoom's report of participants, with an optional table about the meeting above it, and
Microsoft Teams' attendance report, with tabs, sections and times such as `1h 5m 3s`. Other files
work if one line names a column with names or addresses, and one with how long people attended.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bridge.errors import SessionError
from bridge.member_csv import DELIMITERS
from bridge.membership.values import as_word
from bridge.messages import Message
from bridge.sessions.attendance_sources.stays import Stay, read_spans, total_minutes

COLUMNS = {
    "name": ("name", "name-original-name", "full-name", "participant", "nom", "nom-nom-original",
             "nom-complet"),
    "email": ("email", "user-email", "email-address", "e-mail", "adresse-e-mail", "courriel",
              "e-mail-de-l-utilisateur"),
    "minutes": ("duration-minutes", "total-duration-minutes", "duration", "in-meeting-duration",
                "minutes", "duree-minutes", "duree-totale-minutes", "duree", "duree-en-reunion",
                "duree-dans-la-reunion"),
    "since": ("join-time", "first-join", "joined", "heure-d-arrivee", "premiere-participation",
              "heure-de-connexion"),
    "until": ("leave-time", "last-leave", "left", "heure-de-depart", "dernier-depart",
              "heure-de-deconnexion"),
}  # fmt: skip
"""Headings, in lower case without accents, with a hyphen for what isn't a letter or digit."""
MAX_ROWS = 20_000
MAX_MINUTES = 24 * 60
_UNITS = {"h": 60.0, "m": 1.0, "s": 1 / 60}


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone in the file. `email`: '' if the file has none. `line`: the first line about them."""

    line: int
    name: str
    email: str
    minutes: int
    stays: tuple[Stay, ...] = field(default=(), compare=False, repr=False)

    def together_with(self, other: Participant) -> Participant:
        """The same person under another name or address. Two devices at a time count once."""
        stays = tuple(
            stay for each in (self, other) for stay in each.stays or (Stay(each.minutes),)
        )
        return replace(self, minutes=_rounded(stays), stays=stays)


def read_participants(content: bytes) -> list[Participant]:
    """Return everyone in the file, with all their times added up: a reconnect is a row of its own.

    What two rows cover at the same time counts once, if the file says from when to when. Raises
    SessionError for a file that isn't such a list.
    """
    rows = _rows(_decoded(content))
    columns, first = _header(rows)
    body = list(_body(rows, columns, first))
    spans = read_spans(
        [(_cell(row, columns.get("since")), _cell(row, columns.get("until"))) for _, row in body]
    )
    found: dict[tuple[str, str], list[Stay]] = {}
    first_of: dict[tuple[str, str], tuple[int, str]] = {}
    for (line, row), span in zip(body, spans, strict=True):
        name, email = (_cell(row, columns.get(each)) for each in ("name", "email"))
        minutes = _minutes(_cell(row, columns["minutes"]), line)
        key = (email.lower(), "" if email else " ".join(name.lower().split()))
        found.setdefault(key, []).append(Stay(minutes, span))
        first_of.setdefault(key, (line, name))
    return [
        Participant(*first_of[key], key[0], _rounded(stays), tuple(stays))
        for key, stays in found.items()
    ]


def _rounded(stays: Sequence[Stay]) -> int:
    return min(MAX_MINUTES, round(total_minutes(stays)))


def _decoded(content: bytes) -> str:
    """Teams writes UTF-16, with a byte order mark."""
    codec = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise SessionError(
            Message("the file isn't a text file in UTF-8 or UTF-16."),
            todo=Message("Export it as CSV again."),
        ) from None


def _rows(text: str) -> list[list[str]]:
    """The rows, by the delimiter that the most lines have."""
    counts = Counter({each: text.count(each) for each in DELIMITERS})
    delimiter = counts.most_common(1)[0][0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise SessionError(Message("the file is no CSV: %(why)s.", why=str(error))) from None
    if len(rows) > MAX_ROWS:
        raise SessionError(Message("the file has more than %(count)s rows.", count=MAX_ROWS))
    return rows


def _header(rows: Sequence[Sequence[str]]) -> tuple[Mapping[str, int], int]:
    """The columns of the participants' table, and the index of the line after its heading.

    A table about the meeting can come first. It names an address and a time too, but no name.
    """
    found: list[tuple[Mapping[str, int], int]] = []
    for index, row in enumerate(rows):
        words = [as_word(cell) for cell in row]
        columns = {
            name: words.index(word)
            for name, headings in COLUMNS.items()
            for word in reversed(headings)
            if word in words
        }
        if {"minutes", "name"} <= columns.keys():
            return columns, index + 1
        if {"minutes", "email"} <= columns.keys():
            found.append((columns, index + 1))
    if found:
        return found[0]
    raise SessionError(
        Message("no line of the file names a column `Name` or `Email`, and a column `Duration`."),
        todo=Message("Export the list of participants with the time that each attended."),
    )


def _body(
    rows: Sequence[Sequence[str]], columns: Mapping[str, int], first: int
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows up to the end of the table, with their lines."""
    for index, row in enumerate(rows[first:], first + 1):
        if len(row) <= columns["minutes"]:  # an empty line, or the title of the next section
            if first + 1 < index:
                return
            continue
        if any(_cell(row, columns.get(each)) for each in ("name", "email")):
            yield index, row


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _minutes(text: str, line: int) -> float:
    """`95`, `1:35:20`, `1h 35m 20s` or `35 min`, in minutes. Raises SessionError."""
    plain = text.strip().lower().replace("\u00a0", " ").replace("\u202f", " ")
    if re.fullmatch(r"\d{1,6}([.,]\d+)?( ?min(utes)?)?", plain):
        return float(re.split(" ?min", plain)[0].replace(",", "."))
    if clock := re.fullmatch(r"(\d{1,3}):(\d\d):(\d\d)", plain):
        hours, minutes, seconds = (int(each) for each in clock.groups())
        return hours * 60 + minutes + seconds / 60
    parts = re.findall(r"(\d{1,6}) ?([hms])(?:in|ec|r|rs)?\b", plain)
    if parts and not re.sub(r"\d{1,6} ?[hms](?:in|ec|r|rs)?\b", "", plain).strip(" ,."):
        return sum(int(number) * _UNITS[unit] for number, unit in parts)
    raise SessionError(
        Message("“%(text)s” is no time such as 95, 1:35:00 or 1h 35m.", text=text[:40]),
        where=f"line {line}",
    )
