"""Hands the recipients of an email to the outbox, a batch at a time.

Only a few are in the outbox at a time, so that a sign-in link doesn't wait behind thousands of
emails, and stopping stops nearly all. A batch is one transaction: it adds the emails and notes them
with their recipients, so a kill repeats and loses none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.mail.kinds import EmailKind, check_variables
from bridge.mail.mailings import COMMITTEE
from bridge.store.database import Database
from bridge.store.delivery import member_emails, outbox
from bridge.store.delivery.deliveries import NOT_SERVED
from bridge.store.members.locking import lock_members
from bridge.store.persons import mailings, recipients
from bridge.store.persons.of_members import add_persons
from bridge.store.tables.member_emails import MemberEmail
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person
from bridge.workflows.member_emails.texts import Written, from_data, text_language

KIND: EmailKind = "member-email"
BATCH_SIZE = 100
FEW = 50
"""More are handed over when fewer are due."""
MAX_UNSENT = 1000
"""No more are handed over while so many are retried later."""


def subject_key(number: int) -> str:
    """What the emails to all recipients are about, in the outbox."""
    return f"member-email:{number}"


def hand_over(database: Database, config: Config, now: datetime) -> int:
    """Hand the next batch to the outbox, if little is left in it. Returns how many it handled."""
    with database.reading() as session:
        if member_emails.first_unfinished(session) is None:
            return 0
        unsent, due = member_emails.count_unsent(session, KIND, now)
    if due >= FEW or unsent >= MAX_UNSENT:
        return 0
    with database.transaction() as session:
        return hand_over_batch(session, config, now)


def hand_over_batch(session: Session, config: Config, now: datetime) -> int:
    """Hand the next recipients of the oldest email to the outbox. Returns how many.

    As many queries for one as for a whole batch, besides those for members who have no person.
    """
    row = member_emails.lock_unfinished(session)
    if row is None:
        return 0
    members = member_emails.waiting_members(session, row.id, BATCH_SIZE)
    if len(members) < BATCH_SIZE:
        row.state = "sent"
    if not members:
        return 0
    lock_members(session, members)  # before their persons, as everyone does
    add_persons(session, members, now)
    people = _lock_people(session, members)
    languages, left = _records(session, members)
    skipped = _skipped(session, members, people, left, now)
    skipped |= _same_address(session, row.id, people, skipped)
    getting = {each: people[each] for each in members if each not in skipped}
    emails = {
        person.id: (person.email, *_written_for(config, row, person.language or languages[member]))
        for member, person in getting.items()
    }
    queued = outbox.enqueue_all(session, KIND, subject_key(row.id), emails, now)
    member_emails.note_queued(session, row.id, {m: queued[p.id] for m, p in getting.items()})
    member_emails.note_skipped(session, row.id, skipped)
    return len(members)


def _lock_people(session: Session, members: Collection[int]) -> dict[int, Person]:
    """The persons of these members, by member."""
    mine = select(Person).where(Person.member_id.in_(members)).order_by(Person.id)
    locked = session.scalars(mine.with_for_update(), execution_options={"populate_existing": True})
    return {each.member_id: each for each in locked if each.member_id is not None}


def _records(session: Session, members: Collection[int]) -> tuple[dict[int, str], list[int]]:
    """The language of each of these members, and who has left the union."""
    query = select(Member.id, Member.language, Member.status).where(Member.id.in_(members))
    found = session.execute(query).all()
    left = [number for number, _, status in found if status in NOT_SERVED]
    return {number: language for number, language, _ in found}, left


def _skipped(
    session: Session,
    members: Collection[int],
    people: Mapping[int, Person],
    left: Collection[int],
    now: datetime,
) -> dict[int, str]:
    """Who doesn't get it after all, with the reason."""
    wanted = [(each.id, COMMITTEE.key) for each in people.values()]
    subscriptions = mailings.subscribe_all(session, wanted, now)
    found = dict.fromkeys(set(members) - people.keys(), "address")
    keys = {each.email_key for each in people.values()}
    addresses = recipients.unsubscribed_addresses(session, keys, COMMITTEE.key)
    for member, person in people.items():
        is_active = subscriptions[person.id, COMMITTEE.key].active
        if not is_active or person.email_key in addresses:
            found[member] = "unsubscribed"
    return found | dict.fromkeys(left, "left")


def _same_address(
    session: Session, number: int, people: Mapping[int, Person], skipped: Collection[int]
) -> dict[int, str]:
    """Members whose address has got this email already, or gets it in this batch."""
    keys = {each.email_key for each in people.values()}
    taken = member_emails.addresses_queued(session, KIND, subject_key(number), keys)
    found = {}
    for member, person in people.items():
        if member not in skipped and person.email_key in taken:
            found[member] = "address"
        elif member not in skipped:
            taken.add(person.email_key)
    return found


def _written_for(config: Config, row: MemberEmail, reads: str) -> tuple[str, Mapping[str, object]]:
    """The language and the variables of the email to someone who reads this language."""
    texts = from_data(row.texts)
    language = text_language(reads, texts, config.language)
    return language, variables_of(texts[language], row.reply_to)


def variables_of(written: Written, reply_to: str) -> dict[str, object]:
    """The variables of the email."""
    found: dict[str, object] = {
        "subject": written.subject, "text": written.text, "reply_to": reply_to,
    }  # fmt: skip
    check_variables(KIND, found)
    return found
