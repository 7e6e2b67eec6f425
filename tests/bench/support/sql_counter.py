"""How many statements and transactions our side gives its database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Counts `statements` (an executemany is one), those of them that are `queries` and do not
    only begin a transaction, and `transactions` while it is open."""
    counts: Counter[str] = Counter()

    def statement(_connection: object, _cursor: object, said: str, *_: object) -> None:
        counts["statements"] += 1
        counts["queries"] += not said.startswith(("BEGIN", "PRAGMA"))

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
