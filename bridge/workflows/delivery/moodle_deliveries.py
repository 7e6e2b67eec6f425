"""Carries out the deliveries that change Moodle: claimed deliveries in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import assert_never, get_args

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Curriculum, idnumber
from bridge.desired_state import TEMPLATE_KEY
from bridge.errors import ConfigError, StewardpathError
from bridge.moodle.client.batches import call_split, in_batches
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import acknowledgements
from bridge.moodle.learners import users as moodle_users
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.delivery.kinds import MoodleDeliveryKind
from bridge.store.learning import enrolments
from bridge.workflows.delivery.account_deliveries import AccountDeliveries, ReadAnswers, no_answers
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import DeliveryKind, Handler, carried_out_by
from bridge.workflows.delivery.outcomes import Outcome, failed_outcome
from bridge.workflows.delivery.profile_deliveries import ProfileDeliveries
from bridge.workflows.delivery.site_lookup import (
    DamagedPayload,
    NotInMoodle,
    SiteLookup,
    curriculum_key,
    queued_milestone,
)
from bridge.workflows.delivery.split_outcomes import halt_if_given_up, not_done
from bridge.workflows.delivery.targets import deliver_by_target

Outcomes = Iterator[Sequence[Outcome]]


class MoodleDeliveries:
    """The handlers of one run, for all kinds of delivery that change Moodle."""

    def __init__(
        self,
        moodle: Moodle,
        config: Config,
        curricula: Sequence[Curriculum],
        answers: ReadAnswers = no_answers,
    ) -> None:
        self._moodle = moodle
        self._settings = config.site
        self._lookup = SiteLookup(moodle, curricula)
        self._accounts = AccountDeliveries(self._lookup, config.site, answers)
        self._profiles = ProfileDeliveries(self._lookup, answers)

    @property
    def kinds(self) -> tuple[DeliveryKind, ...]:
        """All kinds that change Moodle, each with its handler."""
        names: tuple[MoodleDeliveryKind, ...] = get_args(MoodleDeliveryKind)
        return tuple(carried_out_by(name, self._handler(name)) for name in names)

    def _handler(self, kind: MoodleDeliveryKind) -> Handler:
        match kind:
            case "account":
                return self._accounts.deliver
            case "profile":
                return self._profiles.deliver
            case "enrol":
                return self.enrolments
            case "cohort":
                return self.cohorts
            case "plan":
                return self._one_by_one(self.plan)
            case "competency":
                return self._one_by_one(self.competency)
            case "badge" | "badge-revoke":
                change = self.badge if kind == "badge" else self.badge_to_revoke
                return self._with_companion(self._one_by_one(change))
            case "message":
                return self._one_by_one(self.message)
            case "cohort-leave":
                return self.cohorts_to_leave
            case _:
                assert_never(kind)

    def enrolments(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Enrol members: one call a course, unless Moodle refuses one of them."""
        return deliver_by_target(self._lookup, "course", claimed, self._enrol)

    def cohorts(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Add members to cohorts: one call a cohort. Members who are in it already stay in it."""
        return deliver_by_target(self._lookup, "cohort", claimed, self._add_to_cohort)

    def cohorts_to_leave(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Remove members from cohorts: one call a cohort. Those who are not in it stay out."""
        return deliver_by_target(self._lookup, "cohort", claimed, self._remove_from_cohort)

    def _remove_from_cohort(self, cohort: int, group: Sequence[ClaimedDelivery]) -> Outcomes:
        remove = partial(acknowledgements.remove_from_cohort, self._moodle, cohort)
        row = partial(acknowledgements.leaving_params, cohort)
        by_user = {_user(delivery): delivery for delivery in group}
        for batch in in_batches(list(by_user), row, max_fields=self._lookup.site.max_fields):
            split = call_split(remove, batch)
            yield [Outcome(by_user[user], "done", object_id=cohort) for user in split.done]
            yield not_done(split, by_user)
            halt_if_given_up(split)

    def _enrol(self, course_id: int, group: Sequence[ClaimedDelivery]) -> Outcomes:
        role = self._settings.learner_role
        enrol = partial(moodle_users.enrol_users, self._moodle, course_id, role=role)
        row = partial(moodle_users.enrolment_params, course_id, role=role)
        by_user = {_user(delivery): delivery for delivery in group}
        for batch in in_batches(list(by_user), row, max_fields=self._lookup.site.max_fields):
            split = call_split(enrol, batch)
            yield [_enrolled(by_user[user], course_id) for user in split.done]
            yield not_done(split, by_user)
            halt_if_given_up(split)

    def _add_to_cohort(self, cohort_id: int, group: Sequence[ClaimedDelivery]) -> Outcomes:
        cohort = self._lookup.target(group[0])
        add = partial(acknowledgements.add_to_cohort, self._moodle, cohort)
        row = partial(acknowledgements.cohort_params, cohort)
        by_user = {_user(delivery): delivery for delivery in group}
        for batch in in_batches(list(by_user), row, max_fields=self._lookup.site.max_fields):
            split = call_split(add, batch)
            refused = {user: why for answer in split.answers for user, why in answer.items()}
            yield [
                Outcome(by_user[user], "never", refused[user])
                if user in refused
                else Outcome(by_user[user], "done", object_id=cohort_id)
                for user in split.done
            ]
            yield not_done(split, by_user)
            halt_if_given_up(split)

    def plan(self, delivery: ClaimedDelivery) -> int:
        """Give the member the learning plan that shows the whole curriculum."""
        curriculum = self._lookup.curriculum(delivery)
        competencies = [
            id_
            for (kind, _), id_ in self._lookup.ids(curriculum.key).items()
            if kind == "competency"
        ]
        template = self._lookup.object_id("template", delivery)
        acknowledgements.ensure_learning_plan(
            self._moodle,
            _user(delivery),
            template,
            competencies,
            curriculum.title.pick(delivery.language),
            companion=self._lookup.has_companion,
        )
        return template

    def competency(self, delivery: ClaimedDelivery) -> int:
        """Rate the milestone's competency as reached."""
        curriculum, milestone = self._lookup.milestone(delivery)
        competency = self._lookup.object_id("competency", delivery)
        plan = None
        if delivery.repeated:
            target = idnumber(curriculum.key, TEMPLATE_KEY)
            template = self._lookup.ids(curriculum.key).get(("template", target), 0)
            name = curriculum.title.pick(delivery.language)
            plan = acknowledgements.find_learning_plan(
                self._moodle, _user(delivery), template, name
            )
        acknowledgements.rate_competency(
            self._moodle,
            _user(delivery),
            competency,
            f"{milestone.title.pick(delivery.language)} ({curriculum.revision[:12]})",
            plan=plan.id if plan else None,
            repeated=delivery.repeated,
        )
        return competency

    def badge(self, delivery: ClaimedDelivery) -> int:
        """Issue the milestone's badge."""
        badge = self._lookup.object_id("badge", delivery)
        acknowledgements.issue_badge(self._moodle, self._lookup.target(delivery), _user(delivery))
        return badge

    def badge_to_revoke(self, delivery: ClaimedDelivery) -> int:
        """Revoke the milestone's badge."""
        badge = self._lookup.object_id("badge", delivery)
        acknowledgements.revoke_badge(self._moodle, self._lookup.target(delivery), _user(delivery))
        return badge

    def message(self, delivery: ClaimedDelivery) -> None:
        """Send the milestone's message, with what comes next."""
        _, milestone = self._lookup.milestone(delivery)
        texts = (milestone.title, milestone.acknowledgement.message, milestone.next)
        title, *parts = (text.pick(delivery.language) for text in texts)
        html = to_html("\n\n".join([f"**{title}**", *filter(None, parts)]))
        sender = self._lookup.site.user
        acknowledgements.send_message(
            self._moodle, sender, _user(delivery), html, repeated=delivery.repeated
        )

    def _with_companion(self, handler: Handler) -> Handler:
        """A handler whose deliveries wait, without an error, while there is no companion plugin."""

        def wait_or_deliver(claimed: Sequence[ClaimedDelivery]) -> Outcomes:
            if self._lookup.has_companion:
                yield from handler(claimed)
            else:
                yield [Outcome(delivery, "companion") for delivery in claimed]

        return wait_or_deliver

    def _one_by_one(self, deliver: Callable[[ClaimedDelivery], int | None]) -> Handler:
        """A handler that settles each delivery before it begins the next.

        `deliver` returns the id of the Moodle object that the delivery is about. If one fails,
        the others go on. If the site fails, the rest is put back.
        """
        breaker = CircuitBreaker(ignored=(NotInMoodle, ConfigError, DamagedPayload))

        def handler(claimed: Sequence[ClaimedDelivery]) -> Outcomes:
            for delivery in claimed:
                yield [_attempt(breaker, deliver, delivery)]
                breaker.stop_if_open()

        return handler


def _attempt(
    breaker: CircuitBreaker,
    deliver: Callable[[ClaimedDelivery], int | None],
    delivery: ClaimedDelivery,
) -> Outcome:
    done_to: list[int | None] = []

    def work() -> None:
        done_to.append(deliver(delivery))

    error = breaker.attempt(work, kind=delivery.kind, delivery=delivery.id)
    return (
        failed_outcome(delivery, error)
        if error
        else Outcome(delivery, "done", object_id=done_to[0])
    )


def _user(delivery: ClaimedDelivery) -> int:
    """Deliveries of these kinds are claimed only for members with an account."""
    return delivery.moodle_user_id or 0


def _enrolled(delivery: ClaimedDelivery, course: int) -> Outcome:
    return Outcome(delivery, "done", object_id=course, on_settle=_mark_enrolled)


def _mark_enrolled(
    session: Session, outcomes: Sequence[Outcome], now: datetime
) -> dict[int, StewardpathError]:
    by_course: dict[tuple[str, str], list[int]] = {}
    for delivery in (outcome.delivery for outcome in outcomes):
        course = curriculum_key(delivery), queued_milestone(delivery)
        by_course.setdefault(course, []).append(delivery.member_id)
    for (curriculum, milestone), members in by_course.items():
        enrolments.mark_enrolled(session, members, curriculum, milestone, now)
    return {}
