"""How each delivery that Moodle shows is made: claimed deliveries in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from itertools import groupby

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.desired_state import TEMPLATE_KEY
from bridge.errors import ConfigError, MoodleMisconfigured, MoodleRefused, StewardpathError
from bridge.moodle.client.batches import call_split, in_batches
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import acknowledgements
from bridge.moodle.learners import users as moodle_users
from bridge.moodle.learners.account_creation import create_users
from bridge.moodle.learners.account_matching import (
    AccountAnswers,
    FoundUser,
    MatchResult,
    MoodleUserData,
    Trust,
)
from bridge.moodle.site.connection import Site, connect
from bridge.moodle.site.core_writer import Ids
from bridge.plan import Kind
from bridge.progress import milestone_renames_of
from bridge.store.accounts import questions as account_questions
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.store.learning import enrolments
from bridge.store.members.queries import set_moodle_users
from bridge.workflows.delivery import unclear_accounts
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import DeliveryKind, Handler, Outcome, failed_outcome
from bridge.workflows.delivery.split_outcomes import halt_if_given_up, not_done

LARGE_BATCH_SIZE = 250
"""Members claimed at once; a call takes as many of them as the site takes form fields."""
SMALL_BATCH_SIZE = 20

Outcomes = Iterator[Sequence[Outcome]]
Answers = Callable[[Collection[int]], Mapping[int, AccountAnswers]]
"""What persons have answered about the accounts of these members."""


def no_answers(_members: Collection[int]) -> Mapping[int, AccountAnswers]:
    """Nobody has answered anything."""
    return {}


class NotInMoodle(MoodleMisconfigured):
    """One thing is not there yet: what does not need it goes on."""


class MoodleDeliveries:
    """One run's view of the site: what it looked up once serves every batch."""

    def __init__(
        self,
        moodle: Moodle,
        config: Config,
        curricula: Sequence[Curriculum],
        answers: Answers = no_answers,
    ) -> None:
        self._moodle = moodle
        self._answers = answers
        self._curricula = {curriculum.key: curriculum for curriculum in curricula}
        self._settings = config.site
        self._ids: dict[str, Ids] = {}

    @property
    def lines(self) -> tuple[DeliveryKind, ...]:
        """Accounts first: everything else needs them."""
        return (
            DeliveryKind("account", self.accounts, needs_account=False, batch=LARGE_BATCH_SIZE),
            DeliveryKind("enrol", self.enrolments, needs_account=True, batch=LARGE_BATCH_SIZE),
            DeliveryKind("cohort", self.cohorts, needs_account=True, batch=LARGE_BATCH_SIZE),
            DeliveryKind("plan", self._each(self.plan), needs_account=True, batch=SMALL_BATCH_SIZE),
            DeliveryKind(
                "competency",
                self._each(self.competency),
                needs_account=True,
                batch=SMALL_BATCH_SIZE,
            ),
            DeliveryKind(
                "badge", self._each(self.badge), needs_account=True, batch=SMALL_BATCH_SIZE
            ),
            DeliveryKind(
                "message", self._each(self.message), needs_account=True, batch=SMALL_BATCH_SIZE
            ),
        )

    @cached_property
    def _site(self) -> Site:
        return connect(self._moodle)

    @property
    def _companion(self) -> bool:
        return self._site.way == "companion"

    def accounts(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Find or make the Moodle users: two calls a batch, unless somebody is refused."""
        yield [Outcome(d, "done") for d in claimed if d.moodle_user_id]
        open_ones = {d.member_id: d for d in claimed if not d.moodle_user_id}
        persons = [self._person(d) for d in open_ones.values()]
        row = partial(moodle_users.user_params, login=self._settings.login)
        for batch in in_batches(persons, row, max_fields=self._site.max_fields):
            yield from self._accounts(open_ones, batch)

    def _accounts(
        self, open_ones: dict[int, ClaimedDelivery], persons: Sequence[MoodleUserData]
    ) -> Outcomes:
        answers = self._answers({person.key for person in persons})
        find = partial(
            moodle_users.find_users,
            self._moodle,
            companion=self._companion,
            trust=self._trust,
            answers=answers,
        )
        looked_up = call_split(find, persons)
        yield not_done(looked_up, {person: open_ones[person.key] for person in persons})
        found = {key: one for answer in looked_up.answers for key, one in answer.items()}
        yield from self._known(open_ones, found)
        yield from unclear_accounts.unresolved_outcomes(open_ones, found)
        new = [person for person in looked_up.done if found[person.key] is None]
        yield from self._create(open_ones, new, answers)
        halt_if_given_up(looked_up)

    @property
    def _trust(self) -> Trust:
        locked = self._settings.trust_numbers and self._site.numbers_locked
        return Trust(numbers=locked, emails=self._site.emails_confirmed)

    def _known(
        self, claimed: dict[int, ClaimedDelivery], found: dict[int, MatchResult]
    ) -> Outcomes:
        known = {m: f for m, f in found.items() if isinstance(f, FoundUser)}
        numbers = {k.userid: claimed[m].number or "" for m, k in known.items() if k.adopt}
        adopted = call_split(self._adopt(numbers), list(numbers))
        refused = {user: why for answer in adopted.answers for user, why in answer.items()}
        yield [
            Outcome(claimed[member], "never", refused[user.userid])
            if user.userid in refused
            else _linked(claimed[member], user.userid)
            for member, user in known.items()
            if user.userid not in numbers or user.userid in adopted.done
        ]
        yield not_done(adopted, {known[m].userid: claimed[m] for m in known})
        halt_if_given_up(adopted)

    def _adopt(self, numbers: Mapping[int, str]) -> Callable[[Sequence[int]], dict[int, str]]:
        return lambda users: moodle_users.set_member_numbers(
            self._moodle, {user: numbers[user] for user in users}
        )

    def _create(
        self,
        claimed: dict[int, ClaimedDelivery],
        persons: Sequence[MoodleUserData],
        answers: Mapping[int, AccountAnswers],
    ) -> Outcomes:
        """Make them; where a stranger has the username, with another one."""
        find = partial(
            moodle_users.find_users,
            self._moodle,
            companion=self._companion,
            trust=self._trust,
            answers=answers,
        )
        create = partial(create_users, self._moodle, login=self._settings.login, find=find)
        made = create(persons)
        yield _all_linked(claimed, made.answers)
        refused = [person for person, _ in made.bad]
        again = create(moodle_users.with_free_usernames(self._moodle, refused) if refused else [])
        yield _all_linked(claimed, again.answers)
        open_again = (*again.done, *again.untried, *(person for person, _ in again.unknown))
        settled = {person.key for person in open_again}
        errors = {person.key: error for person, error in (*made.bad, *again.bad)}
        yield [
            failed_outcome(
                claimed[key], unclear_accounts.with_account_hint(error, answers.get(key))
            )
            for key, error in errors.items()
            if key not in settled
        ]
        yield [
            failed_outcome(claimed[p.key], error) for p, error in (*made.unknown, *again.unknown)
        ]
        halt_if_given_up(made)
        halt_if_given_up(again)

    def _person(self, delivery: ClaimedDelivery) -> MoodleUserData:
        """The member as Moodle is told; a language that Moodle has no pack for is left out."""
        for curriculum in self._curricula:
            self._all(curriculum)
        spoken = delivery.language if delivery.language in self._site.languages else ""
        return MoodleUserData(
            delivery.member_id,
            delivery.number or "",
            delivery.email,
            delivery.first_name,
            delivery.last_name,
            spoken,
        )

    def enrolments(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """Enrol in one call a course, unless somebody is refused."""
        for group in self._by_target(claimed):
            users = {_user(d): d for d in group}
            try:
                course_id = self._id("course", group[0])
            except NotInMoodle as error:
                yield [failed_outcome(delivery, error) for delivery in group]
                continue
            role = self._settings.learner_role
            enrol = partial(moodle_users.enrol_users, self._moodle, course_id, role=role)
            row = partial(moodle_users.enrolment_params, course_id, role=role)
            for batch in in_batches(list(users), row, max_fields=self._site.max_fields):
                split = call_split(enrol, batch)
                yield [_enrolled(users[user]) for user in split.done]
                yield not_done(split, users)
                halt_if_given_up(split)

    def cohorts(self, claimed: Sequence[ClaimedDelivery]) -> Outcomes:
        """One call a cohort; members who are in it already stay so."""
        for group in self._by_target(claimed):
            try:
                self._id("cohort", group[0])
            except NotInMoodle as error:
                yield [failed_outcome(delivery, error) for delivery in group]
                continue
            cohort = self._target(group[0])
            row = partial(acknowledgements.cohort_params, cohort)
            users = {_user(delivery): delivery for delivery in group}
            for batch in in_batches(list(users), row, max_fields=self._site.max_fields):
                split = call_split(
                    partial(acknowledgements.add_to_cohort, self._moodle, cohort), batch
                )
                refused = {user: why for answer in split.answers for user, why in answer.items()}
                yield [
                    Outcome(users[user], "never", refused[user])
                    if user in refused
                    else Outcome(users[user], "done")
                    for user in split.done
                ]
                yield not_done(split, users)
                halt_if_given_up(split)

    def plan(self, delivery: ClaimedDelivery) -> None:
        """The learning plan that shows the whole path."""
        curriculum = self._curriculum(delivery)
        competencies = [
            number
            for (kind, _), number in self._all(curriculum.key).items()
            if kind == "competency"
        ]
        acknowledgements.ensure_learning_plan(
            self._moodle,
            _user(delivery),
            self._id("template", delivery),
            competencies,
            curriculum.title.pick(delivery.language),
            companion=self._companion,
        )

    def competency(self, delivery: ClaimedDelivery) -> None:
        """The milestone's competency, rated as reached."""
        curriculum, milestone = self._milestone(delivery)
        competency = self._id("competency", delivery)
        plan = None
        if delivery.repeated:
            template = self._all(curriculum.key).get(
                ("template", idnumber(curriculum.key, TEMPLATE_KEY)), 0
            )
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

    def badge(self, delivery: ClaimedDelivery) -> None:
        """The milestone's badge."""
        if not self._companion:
            raise MoodleRefused(
                "badges need the companion plugin.",
                todo="Award it in Moodle by hand, or set the badge's criterion to the "
                "milestone's cohort.",
            )
        self._id("badge", delivery)
        acknowledgements.issue_badge(self._moodle, self._target(delivery), _user(delivery))

    def message(self, delivery: ClaimedDelivery) -> None:
        """The acknowledgement, with guidance for the next step."""
        _, milestone = self._milestone(delivery)
        texts = (milestone.title, milestone.acknowledgement.message, milestone.next)
        title, *parts = (text.pick(delivery.language) for text in texts)
        text = to_html("\n\n".join([f"**{title}**", *filter(None, parts)]))
        acknowledgements.send_message(
            self._moodle, self._site.user, _user(delivery), text, repeated=delivery.repeated
        )

    def _each(self, make: Callable[[ClaimedDelivery], None]) -> Handler:
        """A handler for what Moodle takes one by one: each is settled before the next begins.

        One that fails is settled by itself; when the site fails, the rest is put back.
        """
        breaker = CircuitBreaker(about_one=(NotInMoodle, ConfigError))

        def handler(claimed: Sequence[ClaimedDelivery]) -> Outcomes:
            for delivery in claimed:
                error = breaker.attempt(
                    partial(make, delivery), kind=delivery.kind, delivery=delivery.id
                )
                yield [failed_outcome(delivery, error) if error else Outcome(delivery, "done")]
                breaker.stop_if_open()

        return handler

    def _curriculum(self, delivery: ClaimedDelivery) -> Curriculum:
        key = str(delivery.payload["curriculum"])
        if key not in self._curricula:
            raise ConfigError(
                f"the curriculum {key} is not here any more.", todo="Put its folder back."
            )
        return self._curricula[key]

    def _milestone(self, delivery: ClaimedDelivery) -> tuple[Curriculum, Milestone]:
        curriculum = self._curriculum(delivery)
        key = _milestone_key(curriculum, delivery)
        milestone = curriculum.milestone(key)
        if milestone is None:
            raise MoodleRefused(f"the milestone {key} is not in the curriculum any more.")
        return curriculum, milestone

    def _all(self, curriculum: str) -> Ids:
        if curriculum not in self._ids:
            self._ids[curriculum] = self._site.look_up(curriculum)
        return self._ids[curriculum]

    def _id(self, kind: Kind, delivery: ClaimedDelivery) -> int:
        target = self._target(delivery)
        number = self._all(str(delivery.payload["curriculum"])).get((kind, target))
        if number is None:
            raise NotInMoodle(
                f"the {kind} {target} is not in Moodle yet.",
                todo="Run `stewardpath apply`.",
            )
        return number

    def _target(self, delivery: ClaimedDelivery) -> str:
        """The idnumber of now: the milestone may have been renamed since this was owed."""
        curriculum = self._curricula.get(str(delivery.payload["curriculum"]))
        if curriculum is None or "milestone" not in delivery.payload:
            return delivery.target
        return idnumber(curriculum.key, _milestone_key(curriculum, delivery))

    def _by_target(self, claimed: Sequence[ClaimedDelivery]) -> Iterator[list[ClaimedDelivery]]:
        for _, group in groupby(sorted(claimed, key=self._target), key=self._target):
            yield list(group)


def _milestone_key(curriculum: Curriculum, delivery: ClaimedDelivery) -> str:
    key = str(delivery.payload["milestone"])
    return milestone_renames_of(curriculum).get(key, key)


def _user(delivery: ClaimedDelivery) -> int:
    """Only deliveries of members with an account are claimed for these kinds."""
    return delivery.moodle_user_id or 0


def _all_linked(
    claimed: Mapping[int, ClaimedDelivery], answers: Iterable[Mapping[int, int]]
) -> list[Outcome]:
    return [_linked(claimed[m], user) for made in answers for m, user in made.items()]


def _linked(delivery: ClaimedDelivery, user: int) -> Outcome:
    return Outcome(delivery, "done", user=user, then=_link)


def _link(
    session: Session, outcomes: Sequence[Outcome], _now: datetime
) -> dict[int, StewardpathError]:
    members = {outcome.delivery.member_id: outcome for outcome in outcomes}
    errors = set_moodle_users(session, {m: outcome.user for m, outcome in members.items()})
    account_questions.drop_open(session, members.keys() - errors.keys())
    return {members[member].delivery.id: error for member, error in errors.items()}


def _enrolled(delivery: ClaimedDelivery) -> Outcome:
    return Outcome(delivery, "done", then=_mark_enrolled)


def _mark_enrolled(
    session: Session, outcomes: Sequence[Outcome], now: datetime
) -> dict[int, StewardpathError]:
    entered: dict[tuple[str, str], list[int]] = {}
    for delivery in (outcome.delivery for outcome in outcomes):
        course = str(delivery.payload["curriculum"]), str(delivery.payload["milestone"])
        entered.setdefault(course, []).append(delivery.member_id)
    for (curriculum, milestone), members in entered.items():
        enrolments.mark_enrolled(session, members, curriculum, milestone, now)
    return {}
