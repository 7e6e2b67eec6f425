"""Lists as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from flask import Response, stream_with_context

from bridge.store.operations import audit_log
from bridge.web.committee.filters import EXPORT_BATCH_SIZE
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of a formula; the last four are the wide signs."""


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


N = TypeVar("N", bound=Numbered)


def csv_response(name: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to download, written while it is read."""

    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(heads)  # without it Excel reads no accents
        yield from map(_line, rows)

    answer = Response(stream_with_context(lines()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def audit_export(
    services: Services, name: str, about: Mapping[str, object], member: int | None = None
) -> None:
    """Remember who takes along which list of people; `about`: what it was filtered by, no names."""
    with services.database.transaction() as session:
        said = {"list": name, **about}
        audit_log.write(
            session, current_visitor().email, "listed", member, {}, said, services.now()
        )


def iter_all_pages(read: Callable[[int, int], Sequence[N]]) -> Iterator[N]:
    """All rows of a list: `read(limit, after)` is asked until it has no more."""
    after = 0
    while rows := read(EXPORT_BATCH_SIZE, after):
        yield from rows
        after = rows[-1].id


def escape_formula(value: object) -> str:
    """A value as a cell that is text and never a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(map(escape_formula, cells))
    return out.getvalue()
