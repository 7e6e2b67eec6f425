"""The mails that are owed: the welcome, a milestone reached, a notice to a region's chair."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from itertools import groupby
from urllib.parse import urlsplit

from bridge.config import Config, Region
from bridge.curriculum.model import Curriculum, Milestone
from bridge.errors import ConfigError, MailError, StewardpathError
from bridge.logs import event
from bridge.mail.mailers import Mailer, open_mailer
from bridge.mail.mime import compose
from bridge.mail.rendering import Email, EmailKind, render
from bridge.progress import milestone_renames_of
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import DeliveryKind, Handler, Outcome, failed_outcome
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)

EMAIL_BATCH_SIZE = 50
Outcomes = Iterator[Sequence[Outcome]]


class EmailDeliveries:
    """Writes and sends the mails of one run."""

    def __init__(
        self, config: Config, curricula: Sequence[Curriculum], clock: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._curricula = {curriculum.key: curriculum for curriculum in curricula}
        self._clock = clock

    @property
    def lines(self) -> tuple[DeliveryKind, ...]:
        """None of them needs a Moodle account."""
        return (
            DeliveryKind(
                "welcome", self._each(self.welcome), needs_account=False, batch=EMAIL_BATCH_SIZE
            ),
            DeliveryKind(
                "mail", self._each(self.milestone), needs_account=False, batch=EMAIL_BATCH_SIZE
            ),
            DeliveryKind("notice", self.notices, needs_account=False, batch=10 * EMAIL_BATCH_SIZE),
        )

    def welcome(self, delivery: ClaimedDelivery) -> Email:
        """The first mail: what the path is, where it begins, whom to ask."""
        curriculum = self._curriculum(delivery)
        milestone = curriculum.milestones[0]
        about = {
            "curriculum": curriculum,
            "milestone": milestone,
            "link": self._landing_page(curriculum, milestone),
            "region": self._config.regions.get(delivery.region),
        }
        return self._render("welcome", delivery, about)

    def milestone(self, delivery: ClaimedDelivery) -> Email:
        """A milestone reached, and what comes next."""
        curriculum = self._curriculum(delivery)
        keys = [milestone.key for milestone in curriculum.milestones]
        key = str(delivery.payload["milestone"])
        key = milestone_renames_of(curriculum).get(key, key)
        if key not in keys:
            raise MailError(f"the milestone {key} is not in the curriculum any more.", again=False)
        place = keys.index(key)
        following = (*curriculum.milestones, None)[place + 1]
        about = {
            "curriculum": curriculum,
            "reached": curriculum.milestones[place],
            "following": following,
            "link": self._landing_page(curriculum, following or curriculum.milestones[place]),
        }
        return self._render("milestone", delivery, about)

    def notices(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """One mail a region, however many have signed up."""
        ordered = sorted(claimed, key=lambda delivery: delivery.region)
        breaker = CircuitBreaker()
        with open_mailer(self._config) as mailer:
            for key, group in groupby(ordered, key=lambda delivery: delivery.region):
                news = list(group)
                region = self._config.regions.get(key)
                chair = self._told(region)
                if region is None or chair is None:
                    yield [Outcome(delivery, "done") for delivery in news]
                    continue
                error = self._notify(breaker, mailer, region, chair, news)
                yield [failed_outcome(d, error) if error else Outcome(d, "done") for d in news]
                breaker.stop_if_open()

    def _notify(
        self,
        breaker: CircuitBreaker,
        mailer: Mailer,
        region: Region,
        chair: str,
        news: Sequence[ClaimedDelivery],
    ) -> StewardpathError | None:
        """Send one region's notice; returns the error that stopped it. Its template is its own
        affair: only the mail server's errors count for all."""
        try:
            letter = self._notice(region, news)
            message = self._address(letter, chair, news[0], stoppable=True)
        except (MailError, ConfigError) as error:
            return error
        return breaker.attempt(partial(mailer.send, message), kind="notice", delivery=news[0].id)

    def _told(self, region: Region | None) -> str | None:
        """The chair's address, unless they asked not to get notices."""
        unwanted = {address.lower() for address in self._config.mail.no_notice}
        chair = region.chair if region else None
        return chair.email if chair and chair.email.lower() not in unwanted else None

    def _notice(self, region: Region, news: Sequence[ClaimedDelivery]) -> Email:
        members = [(f"{d.first_name} {d.last_name}", d.number or "") for d in news]
        about = {"region": region, "members": members, "union": self._config.union}
        folder = self._config.templates and self._config.path(self._config.templates)
        return render("chair-notice", about, language=self._config.language, folder=folder)

    def _each(self, write: Callable[[ClaimedDelivery], Email]) -> Handler:
        """Each mail is settled before the next is sent: a kill repeats one mail at most."""
        breaker = CircuitBreaker()

        def handler(claimed: Sequence[ClaimedDelivery]) -> Outcomes:
            with open_mailer(self._config) as mailer:
                for delivery in claimed:
                    error = self._send(breaker, mailer, write, delivery)
                    yield [failed_outcome(delivery, error) if error else Outcome(delivery, "done")]
                    breaker.stop_if_open()

        return handler

    def _send(
        self,
        breaker: CircuitBreaker,
        mailer: Mailer,
        write: Callable[[ClaimedDelivery], Email],
        delivery: ClaimedDelivery,
    ) -> StewardpathError | None:
        """Write and send one mail; returns the error that stopped it. Only the mail server's
        errors count for all: a template may be broken in one language alone."""
        try:
            message = self._address(write(delivery), delivery.email, delivery)
        except (MailError, ConfigError) as error:
            return error
        except Exception as error:  # noqa: BLE001  (one mail must not end the others)
            event(
                log,
                "delivery-crashed",
                level=logging.ERROR,
                kind=delivery.kind,
                delivery=delivery.id,
            )
            return as_unexpected_error(error)
        return breaker.attempt(
            partial(mailer.send, message), kind=delivery.kind, delivery=delivery.id
        )

    def _render(
        self, kind: EmailKind, delivery: ClaimedDelivery, about: Mapping[str, object]
    ) -> Email:
        folder = self._config.templates and self._config.path(self._config.templates)
        words = {**about, "union": self._config.union, "first_name": delivery.first_name}
        language = delivery.language or self._config.language
        return render(kind, words, language=language, folder=folder)

    def _address(
        self, letter: Email, to: str, delivery: ClaimedDelivery, *, stoppable: bool = False
    ) -> EmailMessage:
        """The Message-ID is the delivery's: a mail sent twice is recognised as one. A `stoppable`
        one says where to write to get no more of them."""
        mail = self._config.mail
        host = urlsplit(self._config.service.url).hostname or "localhost"
        return compose(
            letter,
            to=to,
            sender=mail.sender,
            sender_name=self._config.union.name,
            reply_to=mail.reply_to,
            message_id=f"delivery-{delivery.id}@{host}",
            date=self._clock(),
            unsubscribe=(mail.reply_to or mail.sender) if stoppable else None,
        )

    def _landing_page(self, curriculum: Curriculum, milestone: Milestone) -> str:
        return f"{self._config.service.url}/path/{curriculum.key}/{milestone.key}"

    def _curriculum(self, delivery: ClaimedDelivery) -> Curriculum:
        key = str(delivery.payload["curriculum"])
        if key not in self._curricula:
            raise ConfigError(
                f"the curriculum {key} is not here any more.", todo="Put its folder back."
            )
        return self._curricula[key]
