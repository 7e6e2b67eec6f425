"""A draft to everyone, its steps, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bridge.config import Config, MailSettings
from bridge.store.database import Database
from bridge.store.delivery import member_emails
from bridge.store.delivery.member_emails import Progress
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.operations import AuditEntry
from bridge.workflows.member_emails import audience, drafts, handing_over, sending
from bridge.workflows.member_emails.audience import Audience
from bridge.workflows.member_emails.drafts import Content
from bridge.workflows.member_emails.sending import SendResult
from bridge.workflows.member_emails.texts import Written
from tests.store.sample_members import NOW

ACTOR = "committee@union.example"
ENGLISH = Written("New courses", "Three **new courses** begin.")
FRENCH = Written("Nouveaux cours", "Trois **nouveaux cours** commencent.")
BOTH = Content({"en": ENGLISH, "fr": FRENCH})
CONFIG = Config(mail=MailSettings(sender="union@example.org"))


@dataclass
class Outgoing:
    """An email on a database. `number`: of the email."""

    db: Database
    number: int = 0
    now: datetime = NOW
    filters: dict[str, object] = field(default_factory=dict)

    def write(self, content: Content = BOTH, **filters: object) -> Outgoing:
        with self.db.transaction() as session:
            self.number = drafts.begin(session, filters, ACTOR, self.now)
            drafts.save(session, self.number, content, 1, self.now)
            drafts.note_preview(session, self.number, (), "en", self.now)
        return self

    def audience(self) -> Audience:
        with self.db.reading() as session:
            row = member_emails.find(session, self.number)
            assert row
            return audience.read_audience(session, row, (), "en")

    def seen(self) -> str:
        with self.db.reading() as session:
            row = member_emails.find(session, self.number)
            assert row
            return audience.fingerprint(row, audience.read_audience(session, row, (), "en"))

    def send(self, seen: str = "") -> SendResult:
        with self.db.transaction() as session:
            return sending.send(
                session, CONFIG, (), self.number, seen or self.seen(), ACTOR, self.now
            )

    def hand_over(self) -> int:
        return handing_over.hand_over(self.db, CONFIG, self.now)

    def stop(self) -> int:
        with self.db.transaction() as session:
            return sending.stop(session, self.number, ACTOR, self.now)

    def resume(self) -> None:
        with self.db.transaction() as session:
            sending.resume(session, self.number, ACTOR, self.now)

    def retry(self) -> int:
        with self.db.transaction() as session:
            return sending.retry(session, self.number, ACTOR, self.now)

    def progress(self) -> Progress:
        with self.db.reading() as session:
            return member_emails.progress_of(session, [self.number]).get(self.number, Progress())

    def state(self) -> str:
        with self.db.reading() as session:
            row = member_emails.find(session, self.number)
            return row.state if row else "gone"

    def emails(self) -> Sequence[OutboxEmail]:
        with self.db.reading() as session:
            query = select(OutboxEmail).where(OutboxEmail.kind == "member-email")
            return session.scalars(query.order_by(OutboxEmail.id)).all()

    def audited(self) -> list[object]:
        with self.db.reading() as session:
            query = select(AuditEntry.after).where(AuditEntry.action == "member-email")
            return [each["state"] for each in session.scalars(query.order_by(AuditEntry.id))]

    def later(self, **passed: float) -> Outgoing:
        return replace(self, now=self.now + timedelta(**passed))
