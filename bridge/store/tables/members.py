"""Members, their roles, notes about them, their contact requests and pending sign-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId, NameKey
from bridge.store.tables.base import Base as Base

UNIDENTIFIED = text("number IS NULL AND moodle_user_id IS NULL")
NOTHING = text("''")


class Member(Base):
    """A member. `number` is the union's member number.

    `email_key` is the email in lower case. `first_key` and `last_key` are the names in lower
    case without accents, for searching; `number_key` is the number for comparing. From `status`
    on, the facts come from the membership system only; '' means that it hasn't said. `profile_…`:
    the name and the email when the Moodle account was linked, or last changed to them; None before
    the first time. `missing_language`: the language that Moodle had no pack for when it created
    the account.
    """

    __tablename__ = "member"
    __table_args__ = (
        Index("uq_member_unidentified", "email_key", unique=True, sqlite_where=UNIDENTIFIED,
              postgresql_where=UNIDENTIFIED),
        Index(None, "region", "id"),
        Index(None, "status", "id"),
        Index(None, "created_at"),
        NO_REUSE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str | None] = mapped_column(String(100), unique=True)
    number_key: Mapped[str] = mapped_column(String(100), index=True, server_default=NOTHING)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    first_key: Mapped[str] = mapped_column(NameKey, index=True, server_default=NOTHING)
    last_key: Mapped[str] = mapped_column(NameKey, index=True, server_default=NOTHING)
    region: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), server_default=NOTHING)
    unit: Mapped[str] = mapped_column(String(100), server_default=NOTHING)
    classification: Mapped[str] = mapped_column(String(100), server_default=NOTHING)
    job_class: Mapped[str] = mapped_column(String(40), server_default=NOTHING)
    payroll_number: Mapped[str] = mapped_column(String(40), server_default=NOTHING)
    supervisor_name: Mapped[str] = mapped_column(String(200), server_default=NOTHING)
    supervisor_email: Mapped[str] = mapped_column(String(254), server_default=NOTHING)
    moodle_user_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    profile_first_name: Mapped[str | None] = mapped_column(String(100))
    profile_last_name: Mapped[str | None] = mapped_column(String(100))
    profile_email: Mapped[str | None] = mapped_column(String(254))
    missing_language: Mapped[str | None] = mapped_column(String(10))


class MemberRole(Base):
    """A role that a member holds from `since` through `until` (see `bridge.membership.roles`).

    `source`: who gave it: csv, webhook, api, cli, or page for the committee.
    """

    __tablename__ = "member_role"
    __table_args__ = (Index(None, "member_id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    role: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(100))
    program: Mapped[str] = mapped_column(String(40))
    since: Mapped[date | None]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(20))


class ContactRequest(Base):
    """A request to be contacted by a steward of the region."""

    __tablename__ = "contact_request"
    __table_args__ = (Index(None, "region", "handled_at", "id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str] = mapped_column(String(254))


class PendingSignup(Base):
    """A sign-up whose email is not confirmed yet. Consent was given at `created_at`.

    `client`: the network it came from, as a keyed hash, to count how many came from there.
    `browser`: the cookie of the browser with the form, as a hash. `code`: the hash of both.
    """

    __tablename__ = "pending_signup"
    __table_args__ = (NO_REUSE,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(100))
    region: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    consent: Mapped[str] = mapped_column(Text)
    client: Mapped[str] = mapped_column(String(32), server_default=NOTHING)
    browser: Mapped[str] = mapped_column(String(64), server_default=NOTHING, index=True)
    code: Mapped[str] = mapped_column(String(64), server_default=NOTHING)
    wrong_codes: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]


class MemberNote(Base):
    """A note of the committee about a member. `author`: who wrote it, and may change it."""

    __tablename__ = "member_note"
    __table_args__ = (Index(None, "member_id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
