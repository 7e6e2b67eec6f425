"""Tells registered people what is new, with a calendar entry that stays correct.

Each email is queued in the transaction that makes its news true. Emails to one person about one
session are sent in order, so that a cancellation never overtakes its invitation.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.foundations.calendar_entry import CalendarEntry, Hours
from bridge.foundations.calendar_file import Attendee, Source, write_invitation
from bridge.sessions.emails import EMAILS, KINDS, News
from bridge.sessions.live_sessions import title_of
from bridge.sessions.notices.changes import UNNEEDED
from bridge.sessions.registering.desk import Step
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.delivery.email_keys import EmailKey, next_revision
from bridge.store.delivery.outbox import Attachment
from bridge.store.persons import personal_links, records
from bridge.store.tables.persons import Person
from bridge.workflows.delivery.email_queue import queue_email_to_person

LINK_PURPOSE = "session"
"""The purpose of a link to one's registration. Its subject is the session's ID."""
LINK_AFTER_END = timedelta(days=30)
LINK_WHILE_POSTPONED = timedelta(days=366)
"""Without a date, nobody knows when it ends; those registered can still leave."""
Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Invitations:
    """What the texts need. `now`: when the emails are queued."""

    config: Config
    curricula: Sequence[Curriculum]
    now: datetime

    def tell(self, session: Session, live: LiveSession, steps: Sequence[Step]) -> None:
        """Queue an email to each person whose registration has changed, if it matters to them."""
        for step in steps:
            if news := _news(step):
                self.send(session, live, step.registration, news, _method(step, live))

    def send(
        self,
        session: Session,
        live: LiveSession,
        registration: Registration,
        news: News,
        method: Method | None,
        *,
        until: str = "",
    ) -> None:
        """Queue one email. `method`: what its calendar entry does; None for no entry.

        `until`: by when to confirm, a local time as ISO text, or ''.
        """
        person = records.lock(session, registration.person_id)
        page = self._page(session, live, person, confirming=registration.state == "pending")
        if method is not None:
            registration.sequence = max(registration.sequence + 1, live.sequence)
            session.flush()
        variables = {
            "news": news, "name": records.greeting(person), "title": self._title(live, person),
            "starts": live.starts.isoformat(timespec="minutes"),
            "ends": live.ends.isoformat(timespec="minutes"), "zone": live.zone,
            "place": _place(live, registration), "reason": live.reason, "until": until,
            "link": self.config.service.url + page,
        }  # fmt: skip
        subject = f"session:{live.id}"
        key = EmailKey(person.id, subject, next_revision(session, person.id, subject))
        queue_email_to_person(
            session, KINDS[news], key, self.config.language, variables, self.now,
            supersedes=UNNEEDED, emails=EMAILS,
            attachment=self._attachment(live, registration, person, page, method),
        )  # fmt: skip

    def entry(
        self, live: LiveSession, registration: Registration, title: str, page: str
    ) -> CalendarEntry:
        """The session in the calendar of a registered person. It leads to our page, not further."""
        return CalendarEntry(
            f"session-{live.id}", title, Hours(live.starts, live.ends, live.zone), page,
            place=_place(live, registration), sequence=max(0, registration.sequence),
            description=self.config.service.url + page,
        )  # fmt: skip

    def _page(
        self, session: Session, live: LiveSession, person: Person, *, confirming: bool
    ) -> str:
        """The page of their registration: a member signs in, others get a link of their own.

        `confirming`: they confirm their address first, for which everyone needs the link.
        """
        if person.member_id is not None and not confirming:
            return f"/sessions/{live.id}"
        token = secrets.token_urlsafe(32)
        after = LINK_WHILE_POSTPONED if live.state == "postponed" else LINK_AFTER_END
        lifetime = max(live.ends_at, self.now) + after - self.now
        personal_links.issue(
            session, token, LINK_PURPOSE, person.id, str(live.id), self.now, lifetime,
            replaces=False,
        )  # fmt: skip
        return f"/link/{token}/session"

    def _title(self, live: LiveSession, person: Person) -> str:
        return title_of(live, self.curricula, person.language or self.config.language)

    def _attachment(
        self,
        live: LiveSession,
        registration: Registration,
        person: Person,
        page: str,
        method: Method | None,
    ) -> Attachment | None:
        if method is None:
            return None
        config = self.config
        source = Source(config.service.url, urlsplit(config.service.url).hostname or "localhost")
        sender = config.mail.sender
        name = records.greeting(person) or person.email
        attendee = Attendee(name, person.email, config.union.name, sender)
        entry = self.entry(live, registration, self._title(live, person), page)
        content = write_invitation(entry, source, attendee, self.now, method)
        return Attachment("session.ics", f"text/calendar; method={method}", content)


def _news(step: Step) -> News | None:
    """What to tell about a change of one registration; None if nothing."""
    match step.registration.state:
        case "pending":
            return "confirm"
        case "waiting":
            return "waiting"
        case "seated":
            return "promoted" if step.reason == "promoted" else "seated"
        case "cancelled":
            return None if step.before == "pending" else "left"
        case _:
            return None


def _method(step: Step, live: LiveSession) -> Method | None:
    if step.registration.state == "seated":  # confirmed: the entry came with the new date
        return None if step.reason == "confirmed" and step.before == "confirming" else "REQUEST"
    if live.state == "postponed":  # the entry has left the calendar
        return None
    left = step.registration.state == "cancelled" and step.before in HOLDS_SEAT
    return "CANCEL" if left and step.registration.sequence >= 0 else None


def _place(live: LiveSession, registration: Registration) -> str:
    """Where to go; '' online, where the page leads to the meeting."""
    return live.room if registration.format == "room" else ""
