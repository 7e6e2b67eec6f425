"""What adding or changing a member led to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.errors import MemberError
from bridge.messages import Message
from bridge.store.member_changes.details import MemberDetails
from bridge.store.member_changes.similar import SimilarMember
from bridge.store.members.matching import email_key
from bridge.store.members.queries import members_by_ids
from bridge.store.persons.former_addresses import addresses_of


def own_addresses(session: Session, actor: str, own: Collection[int]) -> set[str]:
    """The addresses that are or were theirs, in lower case. At most three queries.

    `own`: their member records.
    """
    if not own:
        return {email_key(actor)}
    records = members_by_ids(session, own).values()
    mine = {email_key(actor), *(each.email_key for each in records)}
    return mine | addresses_of(session, own)


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes members, when, and for which union.

    `own`: their own member records. `accepted`: the members that they have said are other people.
    """

    actor: str
    now: datetime
    curricula: Sequence[Curriculum]
    regions: Mapping[str, Region]
    own: Collection[int] = ()
    accepted: Collection[int] = ()

    def open_questions(self, similar: Sequence[SimilarMember]) -> Sequence[SimilarMember]:
        """All of them, if one is impossible or isn't accepted; none otherwise."""
        is_open = any(each.is_impossible or each.member.id not in self.accepted for each in similar)
        return similar if is_open else ()

    def refuse_own_address(self, session: Session, email: str) -> None:
        """Raises MemberError if it is or was the editor's: they could sign in as the member."""
        if email_key(email) in own_addresses(session, self.actor, self.own):
            raise MemberError(
                Message("this is your own email address."),
                todo=Message("Someone else on the committee must enter it."),
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """`member_id`: None if nothing was stored. Then `similar` are the members to ask about, or
    `stored` are the details that someone else has saved meanwhile. `has_new_address`: what the
    member wrote in confidence would be read at another address.
    """

    member_id: int | None = None
    changed: bool = False
    has_new_address: bool = False
    similar: Sequence[SimilarMember] = field(default=())
    stored: MemberDetails | None = None
