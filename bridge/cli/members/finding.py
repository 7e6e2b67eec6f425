"""Find the member, or the curriculum, that a command is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.errors import MemberError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.curriculum.model import Curriculum
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


def curriculum_requiring(available: Iterable[Curriculum], requirement: str, only: str) -> str:
    """The key of the curriculum that requires a sign-off. `only`: the one to use, or ''.

    Raises MemberError if there is none, or several.
    """
    from bridge.curriculum.model import signoff_titles
    from bridge.curriculum.problems import did_you_mean

    titles = {each.key: signoff_titles(each) for each in available if only in ("", each.key)}
    requiring = [key for key, signoffs in titles.items() if requirement in signoffs]
    if not requiring:
        known = sorted({key for signoffs in titles.values() for key in signoffs})
        hint = did_you_mean(requirement, known) or f"Known: {', '.join(known)}."
        raise MemberError(f"no curriculum requires the sign-off {requirement}.", todo=hint)
    if len(requiring) > 1:
        raise MemberError(
            f"several curricula require the sign-off {requirement}.",
            todo=f"Add --curriculum with one of {', '.join(requiring)}.",
        )
    return requiring[0]
