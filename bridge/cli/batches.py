"""Reading and changing many rows in batches, so that no transaction is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.database import Database

BATCH_SIZE = 500
T = TypeVar("T")


class HasId(Protocol):
    """A row of a list that is read by ID."""

    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=HasId)


def read_all(store: Database, read: Callable[[Session, int, int], Sequence[R]]) -> Iterator[R]:
    """Yield every row. `read`: given a limit and the last ID before, the rows after it, by ID."""
    after = 0
    while True:
        with store.reading() as session:
            rows = read(session, BATCH_SIZE, after)
        yield from rows
        if len(rows) < BATCH_SIZE:
            return
        after = rows[-1].id


def batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split rows into batches of at most `BATCH_SIZE`."""
    for start in range(0, len(rows), BATCH_SIZE):
        yield rows[start : start + BATCH_SIZE]
