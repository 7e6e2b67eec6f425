"""CSV downloads whose cells a spreadsheet can't run as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from flask import Response, stream_with_context

from bridge.store.operations import audit_log
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.lists.filters import EXPORT_BATCH_SIZE
from bridge.web.lists.list_page import R, row_id

FORMULA_START = re.compile(
    r"((?<![\s\"';|])(?:\A|(?:[^\S\t\r\n]|[\"'])*[;|\t\r\n])[\s\"';|]*)"
    r"(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Where a formula would start: at the beginning of a cell, or after what a spreadsheet may take
for the separator of cells or rows. The last four are full-width signs. Each run of separators,
spaces and quotes is looked through once.
"""


def csv_response(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to download, streamed row by row."""

    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(header)  # Excel needs the byte order mark to read accents.
        yield from map(_line, rows)

    response = Response(stream_with_context(lines()), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def audit_export(
    services: Services, name: str, filters: Mapping[str, object], member: int | None = None
) -> None:
    """Record in the audit log who exported which list. `filters` must not contain personal data."""
    with services.database.transaction() as session:
        details = {"list": name, **filters}
        audit_log.write(
            session, current_visitor().email, "listed", member, {}, details, services.now()
        )


def iter_all_pages(read: Callable[[int, int], Sequence[R]]) -> Iterator[R]:
    """All rows of a list: calls `read(limit, after)` until it returns nothing.

    Raises ValueError if `read` returns the same rows again, because it has forgotten `after`.
    """
    after = 0
    while rows := read(EXPORT_BATCH_SIZE, after):
        if row_id(rows[-1]) == after:
            raise ValueError("`read` must return only rows that come after the row `after`.")
        yield from rows
        after = row_id(rows[-1])


def escape_formula(value: object) -> str:
    """A value as the text of a cell, quoted so that it is never a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, int | float):
        return str(value)
    text = FORMULA_START.sub(r"\1'", str(value))
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) else text


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(map(escape_formula, cells))
    return out.getvalue()
