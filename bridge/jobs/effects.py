"""How each delivery that Moodle shows is made: claimed deliveries in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import groupby

from bridge.config import Config
from bridge.curriculum.markdown import to_html
from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.desired import TOP
from bridge.errors import ConfigError, MoodleMisconfigured, MoodleRefused
from bridge.jobs import doubts
from bridge.jobs.breaker import Breaker
from bridge.jobs.deliver import Handler, Line, Outcome, failed
from bridge.jobs.recording import all_linked, enrolled, linked
from bridge.jobs.splits import halt_if_given_up, not_done
from bridge.moodle import acknowledge, people
from bridge.moodle.accounts import create_users
from bridge.moodle.batches import call_split, in_batches
from bridge.moodle.client import Moodle
from bridge.moodle.people import Found, Known, Person, Said, Trust
from bridge.moodle.site import Site, connect
from bridge.moodle.sitewide import Ids
from bridge.plan import Kind
from bridge.progress import former_milestones
from bridge.store.deliveries import Claimed

MANY = 250
"""Members claimed at once; a call takes as many of them as the site takes form fields."""
FEW = 20

Outcomes = Iterator[Sequence[Outcome]]
Answers = Callable[[Collection[int]], Mapping[int, Said]]
"""What persons have answered about the accounts of these members."""


def no_answers(_members: Collection[int]) -> Mapping[int, Said]:
    """Nobody has answered anything."""
    return {}


class NotInMoodle(MoodleMisconfigured):
    """One thing is not there yet: what does not need it goes on."""


class MoodleEffects:
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
    def lines(self) -> tuple[Line, ...]:
        """Accounts first: everything else needs them."""
        return (
            Line("account", self.accounts, needs_account=False, batch=MANY),
            Line("enrol", self.enrolments, needs_account=True, batch=MANY),
            Line("cohort", self.cohorts, needs_account=True, batch=MANY),
            Line("plan", self._each(self.plan), needs_account=True, batch=FEW),
            Line("competency", self._each(self.competency), needs_account=True, batch=FEW),
            Line("badge", self._each(self.badge), needs_account=True, batch=FEW),
            Line("message", self._each(self.message), needs_account=True, batch=FEW),
        )

    @cached_property
    def _site(self) -> Site:
        return connect(self._moodle)

    @property
    def _companion(self) -> bool:
        return self._site.way == "companion"

    def accounts(self, claimed: Sequence[Claimed]) -> Outcomes:
        """Find or make the Moodle users: two calls a batch, unless somebody is refused."""
        yield [Outcome(d, "done") for d in claimed if d.moodle_user_id]
        open_ones = {d.member_id: d for d in claimed if not d.moodle_user_id}
        persons = [self._person(d) for d in open_ones.values()]
        row = partial(people.user_params, login=self._settings.login)
        for batch in in_batches(persons, row, max_fields=self._site.max_fields):
            yield from self._accounts(open_ones, batch)

    def _accounts(self, open_ones: dict[int, Claimed], persons: Sequence[Person]) -> Outcomes:
        said = self._answers({person.key for person in persons})
        find = partial(
            people.find, self._moodle, companion=self._companion, trust=self._trust, said=said
        )
        looked_up = call_split(find, persons)
        yield not_done(looked_up, {person: open_ones[person.key] for person in persons})
        found = {key: one for answer in looked_up.answers for key, one in answer.items()}
        yield from self._known(open_ones, found)
        yield from doubts.outcomes(open_ones, found)
        new = [person for person in looked_up.done if found[person.key] is None]
        yield from self._create(open_ones, new, said)
        halt_if_given_up(looked_up)

    @property
    def _trust(self) -> Trust:
        locked = self._settings.trust_numbers and self._site.numbers_locked
        return Trust(numbers=locked, emails=self._site.emails_confirmed)

    def _known(self, claimed: dict[int, Claimed], found: dict[int, Found]) -> Outcomes:
        known = {m: f for m, f in found.items() if isinstance(f, Known)}
        numbers = {k.userid: claimed[m].number or "" for m, k in known.items() if k.adopt}
        adopted = call_split(self._adopt(numbers), list(numbers))
        refused = {user: why for answer in adopted.answers for user, why in answer.items()}
        yield [
            Outcome(claimed[member], "never", refused[user.userid])
            if user.userid in refused
            else linked(claimed[member], user.userid)
            for member, user in known.items()
            if user.userid not in numbers or user.userid in adopted.done
        ]
        yield not_done(adopted, {known[m].userid: claimed[m] for m in known})
        halt_if_given_up(adopted)

    def _adopt(self, numbers: Mapping[int, str]) -> Callable[[Sequence[int]], dict[int, str]]:
        return lambda users: people.adopt(self._moodle, {user: numbers[user] for user in users})

    def _create(
        self, claimed: dict[int, Claimed], persons: Sequence[Person], said: Mapping[int, Said]
    ) -> Outcomes:
        """Make them; where a stranger has the username, with another one."""
        find = partial(
            people.find, self._moodle, companion=self._companion, trust=self._trust, said=said
        )
        create = partial(create_users, self._moodle, login=self._settings.login, find=find)
        made = create(persons)
        yield all_linked(claimed, made.answers)
        refused = [person for person, _ in made.bad]
        again = create(people.with_free_usernames(self._moodle, refused) if refused else [])
        yield all_linked(claimed, again.answers)
        open_again = (*again.done, *again.untried, *(person for person, _ in again.unknown))
        settled = {person.key for person in open_again}
        errors = {person.key: error for person, error in (*made.bad, *again.bad)}
        yield [
            failed(claimed[key], doubts.explained(error, said.get(key)))
            for key, error in errors.items()
            if key not in settled
        ]
        yield [failed(claimed[p.key], error) for p, error in (*made.unknown, *again.unknown)]
        halt_if_given_up(made)
        halt_if_given_up(again)

    def _person(self, delivery: Claimed) -> Person:
        """The member as Moodle is told; a language that Moodle has no pack for is left out."""
        for curriculum in self._curricula:
            self._all(curriculum)
        spoken = delivery.language if delivery.language in self._site.languages else ""
        return Person(
            delivery.member_id,
            delivery.number or "",
            delivery.email,
            delivery.first_name,
            delivery.last_name,
            spoken,
        )

    def enrolments(self, claimed: Sequence[Claimed]) -> Outcomes:
        """Enrol in one call a course, unless somebody is refused."""
        for group in self._by_target(claimed):
            users = {_user(d): d for d in group}
            try:
                course_id = self._id("course", group[0])
            except NotInMoodle as error:
                yield [failed(delivery, error) for delivery in group]
                continue
            role = self._settings.learner_role
            enrol = partial(people.enrol, self._moodle, course_id, role=role)
            row = partial(people.enrolment_params, course_id, role=role)
            for batch in in_batches(list(users), row, max_fields=self._site.max_fields):
                split = call_split(enrol, batch)
                yield [enrolled(users[user]) for user in split.done]
                yield not_done(split, users)
                halt_if_given_up(split)

    def cohorts(self, claimed: Sequence[Claimed]) -> Outcomes:
        """One call a cohort; members who are in it already stay so."""
        for group in self._by_target(claimed):
            try:
                self._id("cohort", group[0])
            except NotInMoodle as error:
                yield [failed(delivery, error) for delivery in group]
                continue
            cohort = self._target(group[0])
            row = partial(acknowledge.cohort_params, cohort)
            users = {_user(delivery): delivery for delivery in group}
            for batch in in_batches(list(users), row, max_fields=self._site.max_fields):
                split = call_split(partial(acknowledge.join_cohort, self._moodle, cohort), batch)
                refused = {user: why for answer in split.answers for user, why in answer.items()}
                yield [
                    Outcome(users[user], "never", refused[user])
                    if user in refused
                    else Outcome(users[user], "done")
                    for user in split.done
                ]
                yield not_done(split, users)
                halt_if_given_up(split)

    def plan(self, delivery: Claimed) -> None:
        """The learning plan that shows the whole path."""
        curriculum = self._curriculum(delivery)
        competencies = [
            number
            for (kind, _), number in self._all(curriculum.key).items()
            if kind == "competency"
        ]
        acknowledge.give_plan(
            self._moodle,
            _user(delivery),
            self._id("template", delivery),
            competencies,
            curriculum.title.pick(delivery.language),
            companion=self._companion,
        )

    def competency(self, delivery: Claimed) -> None:
        """The milestone's competency, rated as reached."""
        curriculum, milestone = self._milestone(delivery)
        competency = self._id("competency", delivery)
        plan = None
        if delivery.repeated:
            template = self._all(curriculum.key).get(("template", idnumber(curriculum.key, TOP)), 0)
            name = curriculum.title.pick(delivery.language)
            plan = acknowledge.plan_of(self._moodle, _user(delivery), template, name)
        acknowledge.rate(
            self._moodle,
            _user(delivery),
            competency,
            f"{milestone.title.pick(delivery.language)} ({curriculum.revision[:12]})",
            plan=plan.id if plan else None,
            repeated=delivery.repeated,
        )

    def badge(self, delivery: Claimed) -> None:
        """The milestone's badge."""
        if not self._companion:
            raise MoodleRefused(
                "badges need the companion plugin.",
                todo="Award it in Moodle by hand, or set the badge's criterion to the "
                "milestone's cohort.",
            )
        self._id("badge", delivery)
        acknowledge.issue_badge(self._moodle, self._target(delivery), _user(delivery))

    def message(self, delivery: Claimed) -> None:
        """The acknowledgement, with guidance for the next step."""
        _, milestone = self._milestone(delivery)
        texts = (milestone.title, milestone.acknowledgement.message, milestone.next)
        title, *parts = (text.pick(delivery.language) for text in texts)
        text = to_html("\n\n".join([f"**{title}**", *filter(None, parts)]))
        acknowledge.send_message(
            self._moodle, self._site.user, _user(delivery), text, repeated=delivery.repeated
        )

    def _each(self, make: Callable[[Claimed], None]) -> Handler:
        """A handler for what Moodle takes one by one: each is settled before the next begins.

        One that fails is settled by itself; when the site fails, the rest is put back.
        """
        breaker = Breaker(about_one=(NotInMoodle, ConfigError))

        def handler(claimed: Sequence[Claimed]) -> Outcomes:
            for delivery in claimed:
                error = breaker.attempt(
                    partial(make, delivery), kind=delivery.kind, delivery=delivery.id
                )
                yield [failed(delivery, error) if error else Outcome(delivery, "done")]
                breaker.stop_if_open()

        return handler

    def _curriculum(self, delivery: Claimed) -> Curriculum:
        key = str(delivery.payload["curriculum"])
        if key not in self._curricula:
            raise ConfigError(
                f"the curriculum {key} is not here any more.", todo="Put its folder back."
            )
        return self._curricula[key]

    def _milestone(self, delivery: Claimed) -> tuple[Curriculum, Milestone]:
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

    def _id(self, kind: Kind, delivery: Claimed) -> int:
        target = self._target(delivery)
        number = self._all(str(delivery.payload["curriculum"])).get((kind, target))
        if number is None:
            raise NotInMoodle(
                f"the {kind} {target} is not in Moodle yet.",
                todo="Run `stewardpath apply`.",
            )
        return number

    def _target(self, delivery: Claimed) -> str:
        """The idnumber of now: the milestone may have been renamed since this was owed."""
        curriculum = self._curricula.get(str(delivery.payload["curriculum"]))
        if curriculum is None or "milestone" not in delivery.payload:
            return delivery.target
        return idnumber(curriculum.key, _milestone_key(curriculum, delivery))

    def _by_target(self, claimed: Sequence[Claimed]) -> Iterator[list[Claimed]]:
        for _, group in groupby(sorted(claimed, key=self._target), key=self._target):
            yield list(group)


def _milestone_key(curriculum: Curriculum, delivery: Claimed) -> str:
    key = str(delivery.payload["milestone"])
    return former_milestones(curriculum).get(key, key)


def _user(delivery: Claimed) -> int:
    """Only deliveries of members with an account are claimed for these kinds."""
    return delivery.moodle_user_id or 0
