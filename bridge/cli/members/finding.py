"""Find the member that a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.errors import MemberError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.database import Database
    from bridge.store.tables.members import Member


@contextmanager
def find_member(store: Database, number: str) -> Iterator[tuple[Session, Member]]:
    """Open a transaction with the member. Raises MemberError if there is none."""
    from bridge.store.members.queries import find

    with store.transaction() as session:
        member = find(session, number)
        if member is None:
            raise MemberError(
                "there is no such member.",
                where=number,
                todo="Enter a member number or an email address.",
            )
        yield session, member
