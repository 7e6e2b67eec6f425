"""A member's exported data, arranged for the page `/me/data`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

Row = Mapping[str, object]
COUNTED = (
    "delivery", "letter", "web_session", "signin", "join_request", "recheck", "account_question",
)  # fmt: skip
"""Technical tables: the page shows how many rows, the download shows the rows."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """`person` is the member's own row. The others are rows of one table, oldest first."""

    person: Row
    awards: Sequence[Row]
    completions: Sequence[Row]
    tries: Sequence[Row]
    signoffs: Sequence[Row]
    enrolments: Sequence[Row]
    requests: Sequence[Row]
    log: Sequence[Row]
    counts: Mapping[str, int]


def read_personal_data(everything: Mapping[str, object]) -> PersonalData:
    """Arrange what `store.privacy.export_member` returns; times become datetimes."""

    def rows(name: str) -> list[Row]:
        return [_with_datetimes(row) for row in cast(Sequence[Row], everything[name])]

    return PersonalData(
        person=_with_datetimes(cast(Row, everything["member"])),
        awards=rows("award"),
        completions=rows("completion"),
        tries=rows("first_try"),
        signoffs=rows("signoff"),
        enrolments=rows("enrolment"),
        requests=rows("contact_request"),
        log=rows("audit"),
        counts={name: len(rows(name)) for name in COUNTED},
    )


def _with_datetimes(row: Row) -> Row:
    """The row, with datetimes instead of texts."""
    return {name: _time(value) if _is_time(name) else value for name, value in row.items()}


def _is_time(name: str) -> bool:
    return name == "at" or name.endswith("_at")


def _time(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value
