"""Who could publish a curriculum: they can't approve it in a consultation.

Someone on the committee could give an invited person their own address, merge the two entries, or
link one to their own record. So an entry with an address that a publisher has or had counts as
that publisher.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.access.rights import RIGHTS
from bridge.config import Config
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.auth import team
from bridge.store.auth.role_holders import holders_of
from bridge.store.members import queries as members
from bridge.store.members.matching import email_key
from bridge.store.persons import former_addresses
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person


@dataclass(frozen=True, slots=True)
class Publishers:
    """Their `mailboxes` and member records, those that they had included."""

    mailboxes: frozenset[str]
    members: frozenset[int]
    persons: frozenset[int]

    def has(self, person: Person) -> bool:
        """Whether the person is one of them."""
        return (
            person.id in self.persons
            or person.member_id in self.members
            or mailbox(person.email) in self.mailboxes
        )


def mailbox(email: str) -> str:
    """What an address has in common with all that reach the same mailbox: kim+list@ is kim@."""
    local, at, host = email_key(email).rpartition("@")
    return local.partition("+")[0] + at + host


def publishers(session: Session, config: Config) -> Publishers:
    """Everyone who could publish now. It reads the history, so it is for changes, not for pages."""
    rows = team.all_roles(session)
    roles = RIGHTS["curricula-edit"].cells
    listed = {email_key(each) for role in roles for each in holders_of(config, rows, role)}
    records = {
        one
        for each in listed
        for one in (
            *members.ids_with_email(session, each),
            *former_addresses.members_who_had(session, each),
        )
    }
    known = select(Member.email_key).where(Member.id.in_(records))
    addresses = {
        *listed, *session.scalars(known), *former_addresses.addresses_of(session, records),
    }  # fmt: skip
    persons = _persons_with(session, addresses)
    addresses |= _addresses_before(session, persons)
    return Publishers(frozenset(map(mailbox, addresses)), frozenset(records), frozenset(persons))


def check_independent(session: Session, config: Config, person_ids: Collection[int]) -> None:
    """Raises ConsultationError if one of these people could publish what they would approve."""
    barred = publishers(session, config)
    people = session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id))
    names = [f"{each.name} <{each.email}>" for each in people if barred.has(each)]
    if names:
        raise ConsultationError(
            Message(
                "who can publish a text can't approve it too. These people are on the committee, "
                "or have or had an address of someone who is: %(names)s.",
                names=", ".join(names),
            ),
            todo=Message("Withdraw their invitations, and invite other people."),
        )  # fmt: skip


def _persons_with(session: Session, addresses: Iterable[str]) -> set[int]:
    """Who has one of these addresses, or had it."""
    keys = list(addresses)
    now = select(Person.id).where(Person.email_key.in_(keys))
    before = select(AuditEntry.person_id).where(
        AuditEntry.person_id.is_not(None),
        AuditEntry.action.in_(former_addresses.PERSON_ACTIONS),
        func.lower(AuditEntry.before["email"].as_string()).in_(keys),
    )
    found = {*session.scalars(now), *session.scalars(before)}
    return {each for each in found if each is not None}


def _addresses_before(session: Session, persons: Collection[int]) -> set[str]:
    """The addresses that these persons had, in lower case."""
    query = select(func.lower(AuditEntry.before["email"].as_string())).where(
        AuditEntry.person_id.in_(persons), AuditEntry.action.in_(former_addresses.PERSON_ACTIONS)
    )
    return {each for each in session.scalars(query) if each}
