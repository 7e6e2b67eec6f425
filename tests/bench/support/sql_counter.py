"""Counts the statements and transactions that reach the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Counts while it is open: `statements` (an executemany is one), `queries` (statements that
    don't only begin a transaction) and `transactions` (commits)."""
    counts: Counter[str] = Counter()

    def statement(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        counts["statements"] += 1
        counts["queries"] += not sql.startswith(("BEGIN", "PRAGMA"))

    def transaction(_: Connection) -> None:
        counts["transactions"] += 1

    listeners = (("before_cursor_execute", statement), ("commit", transaction))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield counts
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)
