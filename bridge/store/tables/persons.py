"""Persons: everyone the union deals with by email, members or not, and their personal links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId, NameKey
from bridge.store.tables.base import Base as Base

NO_MEMBER = text("member_id IS NULL")


class Person(Base):
    """A guest, speaker, supervisor, reviewer, or anyone else, perhaps a member.

    `email_key` is the email in lower case, and `name_key` the name for searching. `proof` says how
    we know that the email is theirs, since `proved_at`: '' (we don't), link (they opened a link
    that we sent there) or membership (the membership system says so). `link` says why `member_id`
    is set: email (both have confirmed the same one) or committee (a person decided). If it isn't
    set: '', or removed (the committee removed it, and an address isn't enough to link them again).
    `before_link`: the details before the committee linked them to a member with another address, to
    give back if that was wrong. `mixed` in it: other entries were merged into this one.
    `source` says who gave us the address: self (they typed it, or a stranger did), committee,
    settings (the configuration names them), member (a member's record), or '' (nobody knows).

    Without a member, the address identifies the person. With one, the member does, because two
    members may share an address.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("uq_person_address", "email_key", unique=True, sqlite_where=NO_MEMBER,
              postgresql_where=NO_MEMBER),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(201))
    name_key: Mapped[str] = mapped_column(NameKey, index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(10))
    proof: Mapped[str] = mapped_column(String(20))
    proved_at: Mapped[datetime | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), unique=True)
    link: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    before_link: Mapped[dict[str, object] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class MailingSubscription(Base):
    """A type of email that a person gets, until they unsubscribe from it.

    The link in each of these emails has the token, so it can't be hashed. It can only be used to
    see and change what emails the person gets.
    """

    __tablename__ = "mailing_subscription"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mailing: Mapped[str] = mapped_column(String(40), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    unsubscribed_at: Mapped[datetime | None]


class FormerMailingToken(Base):
    """The token of a subscription that was merged into another: emails that were sent have it."""

    __tablename__ = "former_mailing_token"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mailing: Mapped[str] = mapped_column(String(40))


class PersonalLink(Base):
    """A link for one person and one purpose. `subject` is what it is about, in the purpose's terms.

    It works once, until `expires_at`. Only the SHA-256 hash of the token is stored.
    """

    __tablename__ = "personal_link"
    __table_args__ = (Index(None, "person_id", "purpose", "subject"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
