"""Sends the emails that deliveries ask for: welcome, milestone reached or withdrawn, notice to
the chair.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from itertools import groupby
from typing import assert_never, get_args
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from bridge.config import Config, Region
from bridge.curriculum.model import Curriculum, Milestone, Text
from bridge.curriculum.text import key_as_words
from bridge.errors import ConfigError, MailError, StewardpathError
from bridge.logs import event
from bridge.mail.kinds import EmailKind, check_variables
from bridge.mail.mailers import Mailer, open_mailer
from bridge.mail.mailings import NEW_MEMBERS
from bridge.mail.mime import compose
from bridge.mail.rendering import about_union, render
from bridge.membership.names import full_name, greeting_name
from bridge.store.auth.role_holders import chairs_of
from bridge.store.database import Database
from bridge.store.delivery import deliveries, waiting
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.delivery.kinds import DELIVERIES, EmailDeliveryKind
from bridge.store.delivery.unknown_outcomes import SENDING
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import DeliveryKind, Handler, carried_out_by
from bridge.workflows.delivery.mailings import (
    subscribe_contact,
    unsubscribe_header,
    unsubscribe_link,
)
from bridge.workflows.delivery.outcomes import Outcome, failed_outcome
from bridge.workflows.delivery.site_lookup import DamagedPayload, find_curriculum, milestone_key
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)

NOT_HELD = MailError("it was changed while it was being sent.", again=True)
WELCOME_WAITS_FOR = DELIVERIES["welcome"].waits_for
Outcomes = Iterator[Sequence[Outcome]]
WriteEmail = Callable[[ClaimedDelivery], tuple[EmailKind, Mapping[str, object]]]
"""Returns the email that a delivery asks for: its kind and its variables."""


class EmailDeliveries:
    """The handlers of one run, for all kinds of delivery that send an email."""

    def __init__(
        self,
        database: Database,
        config: Config,
        curricula: Sequence[Curriculum],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._config = config
        self._curricula = tuple(curricula)
        self._clock = clock

    @property
    def kinds(self) -> tuple[DeliveryKind, ...]:
        """All kinds that send an email, each with its handler."""
        names: tuple[EmailDeliveryKind, ...] = get_args(EmailDeliveryKind)
        return tuple(carried_out_by(name, self._handler(name)) for name in names)

    def _handler(self, kind: EmailDeliveryKind) -> Handler:
        match kind:
            case "welcome":
                return self._one_by_one(self.welcome)
            case "mail":
                return self._one_by_one(self.milestone)
            case "notice":
                return self.notices
            case "withdrawal":
                return self._one_by_one(self.withdrawal)
            case _:
                assert_never(kind)

    def welcome(self, delivery: ClaimedDelivery) -> tuple[EmailKind, Mapping[str, object]]:
        """The first email: what the curriculum is, where it starts, and who can help."""
        curriculum = find_curriculum(self._curricula, delivery)
        milestone = curriculum.milestones[0]
        return "welcome", {
            "first_name": greeting_name(delivery.first_name, delivery.last_name),
            "curriculum": curriculum,
            "milestone": milestone,
            "link": self._landing_page(curriculum, milestone),
            "region": self._config.regions.get(delivery.region),
            "missing": self._missing(delivery),
        }

    def _missing(self, delivery: ClaimedDelivery) -> str:
        """What the member has not got in Moodle after a day: account, enrol, or ''."""
        with self._database.reading() as session:
            pending = waiting.pending_kinds(session, delivery.id, WELCOME_WAITS_FOR)
        return next((kind for kind in WELCOME_WAITS_FOR if kind in pending), "")

    def milestone(self, delivery: ClaimedDelivery) -> tuple[EmailKind, Mapping[str, object]]:
        """The email about a milestone reached, and what comes next."""
        curriculum = find_curriculum(self._curricula, delivery)
        keys = [milestone.key for milestone in curriculum.milestones]
        key = milestone_key(curriculum, delivery)
        if key not in keys:
            raise MailError(f"the milestone {key} is not in the curriculum any more.", again=False)
        index = keys.index(key)
        reached = curriculum.milestones[index]
        following = (*curriculum.milestones, None)[index + 1]
        return "milestone", {
            "first_name": greeting_name(delivery.first_name, delivery.last_name),
            "curriculum": curriculum,
            "reached": reached,
            "following": following,
            "link": self._landing_page(curriculum, following or reached),
        }

    def withdrawal(self, delivery: ClaimedDelivery) -> tuple[EmailKind, Mapping[str, object]]:
        """The email about a milestone that was withdrawn, also if no curriculum has it now."""
        curriculum = find_curriculum(self._curricula, delivery)
        key = milestone_key(curriculum, delivery)
        milestone = curriculum.milestone(key)
        title = milestone.title if milestone else Text((("", key_as_words(key)),))
        return "milestone-withdrawn", {
            "first_name": greeting_name(delivery.first_name, delivery.last_name),
            "curriculum": curriculum,
            "title": title,
            "contact": self._config.mail.reply_to or self._config.mail.sender,
        }

    def notices(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Send each region's chair one email about all members who have signed up."""
        by_region = sorted(claimed, key=lambda delivery: delivery.region)
        breaker = CircuitBreaker()
        with open_mailer(self._config) as mailer:
            for key, group in groupby(by_region, key=lambda delivery: delivery.region):
                signups = list(group)
                region = self._config.regions.get(key)
                recipient = self._notice_recipient(key)
                if region is None or recipient is None:
                    yield [Outcome(delivery, "done") for delivery in signups]
                    continue
                yield self._send_notice(breaker, mailer, region, recipient, signups)
                breaker.stop_if_open()

    def _send_notice(
        self,
        breaker: CircuitBreaker,
        mailer: Mailer,
        region: Region,
        recipient: tuple[str, str],
        signups: Sequence[ClaimedDelivery],
    ) -> Sequence[Outcome]:
        """Send one region's notice.

        `recipient`: their address, and the link with which they unsubscribe.

        An error of its template is not counted by the breaker: the mail server may be fine.
        """
        try:
            address, link = recipient
            names = [(full_name(d.first_name, d.last_name), d.number or "") for d in signups]
            message = self._message(
                "chair-notice",
                {"region": region, "members": names},
                to=address,
                language=self._config.language,
                delivery=signups[0],
                unsubscribe=link,
            )
        except (MailError, ConfigError) as error:
            return [failed_outcome(delivery, error) for delivery in signups]
        return self._hand_over(breaker, mailer, message, signups)

    def _notice_recipient(self, region: str) -> tuple[str, str] | None:
        """The chair's address and the link with which they unsubscribe.

        Of several chairs, it is the one in the configuration, or else who has been it the longest.
        None if there is no chair, or if they have opted out or unsubscribed.
        """
        opted_out = {address.lower() for address in self._config.mail.no_notice}
        with self._database.transaction() as session:
            chair = next(iter(chairs_of(session, self._config, region)), None)
            if chair is None or chair.email.lower() in opted_out:
                return None
            subscription = subscribe_contact(session, chair, NEW_MEMBERS, self._clock())
        if subscription is None:
            return chair.email, ""
        link = unsubscribe_link(self._config, subscription)
        return (chair.email, link) if subscription.active else None

    def _one_by_one(self, write: WriteEmail) -> Handler:
        """A handler that settles each email before the next, so that a kill repeats one at most."""
        breaker = CircuitBreaker()

        def handler(claimed: Sequence[ClaimedDelivery]) -> Outcomes:
            with open_mailer(self._config) as mailer:
                for delivery in claimed:
                    yield self._send(breaker, mailer, write, delivery)
                    breaker.stop_if_open()

        return handler

    def _send(
        self, breaker: CircuitBreaker, mailer: Mailer, write: WriteEmail, delivery: ClaimedDelivery
    ) -> Sequence[Outcome]:
        """Write and send one email.

        An error of the template is not counted by the breaker: only one language may be broken.
        """
        try:
            kind, variables = write(delivery)
            message = self._message(
                kind,
                variables,
                to=delivery.email,
                language=delivery.language or self._config.language,
                delivery=delivery,
            )
        except (MailError, ConfigError, DamagedPayload) as error:
            return [failed_outcome(delivery, error)]
        except Exception as error:  # noqa: BLE001  (one email must not end the others)
            event(
                log,
                "delivery-crashed",
                level=logging.ERROR,
                kind=delivery.kind,
                delivery=delivery.id,
            )
            return [failed_outcome(delivery, as_unexpected_error(error))]
        return self._hand_over(breaker, mailer, message, [delivery])

    def _hand_over(
        self,
        breaker: CircuitBreaker,
        mailer: Mailer,
        message: EmailMessage,
        asked_by: Sequence[ClaimedDelivery],
    ) -> Sequence[Outcome]:
        """Hand one email to the mail server. Those that another worker holds now have no outcome.

        The attempt is counted before, so that a kill leaves a trace: see docs/decisions/0051.
        """
        ids, owner = [delivery.id for delivery in asked_by], asked_by[0].owner
        until = self._clock() + SENDING
        with self._database.transaction() as session:
            held = deliveries.begin_sending(session, ids, owner, until)
        if len(held) < len(ids):
            return [replace(failed_outcome(d, NOT_HELD), began=d.id in held) for d in asked_by]
        first = asked_by[0]
        error = breaker.attempt(partial(mailer.send, message), kind=first.kind, delivery=first.id)
        if error is None:
            listed = _list_missing if first.kind == "welcome" else None
            return [Outcome(delivery, "done", on_settle=listed) for delivery in asked_by]
        return [replace(failed_outcome(delivery, error), began=True) for delivery in asked_by]

    def _message(
        self,
        kind: EmailKind,
        variables: Mapping[str, object],
        *,
        to: str,
        language: str,
        delivery: ClaimedDelivery,
        unsubscribe: str = "",
    ) -> EmailMessage:
        """The Message-ID depends on the delivery, so that mail systems can drop a duplicate."""
        check_variables(kind, variables)
        context = {**variables, **about_union(self._config), "unsubscribe": unsubscribe}
        folder = self._config.templates and self._config.path(self._config.templates)
        mail = self._config.mail
        host = urlsplit(self._config.service.url).hostname or "localhost"
        return compose(
            render(kind, context, language=language, folder=folder),
            to=to,
            sender=mail.sender,
            sender_name=self._config.union.name,
            reply_to=mail.reply_to,
            message_id=f"delivery-{delivery.id}@{host}",
            date=self._clock(),
            unsubscribe=unsubscribe_header(self._config, kind, unsubscribe),
        )

    def _landing_page(self, curriculum: Curriculum, milestone: Milestone) -> str:
        return f"{self._config.service.url}/path/{curriculum.key}/{milestone.key}"


def _list_missing(
    session: Session, outcomes: Sequence[Outcome], _now: datetime
) -> dict[int, StewardpathError]:
    """List for the committee what a welcome email was sent without."""
    emails = [outcome.delivery.id for outcome in outcomes]
    waiting.list_for_person(session, emails, WELCOME_WAITS_FOR)
    return {}
