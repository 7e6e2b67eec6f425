"""What is recorded about members: the facts that milestones depend on, with dates for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.curriculum.requirements.credited import evidence_key
from bridge.curriculum.requirements.facts import CreditFact, CreditKind, FeatureCredit
from bridge.progress import Facts
from bridge.store.learning import credits
from bridge.store.members.roles import held_roles
from bridge.store.tables.accounts import MoodleDifference
from bridge.store.tables.learning import Award, Completion, Credit, Enrolment
from bridge.store.tables.members import Member

CurriculumKey = tuple[str, str]
"""Curriculum, and an activity or milestone in it."""


NOON = time(12, tzinfo=UTC)


def _facts(
    *,
    activities: Iterable[str],
    credits: Iterable[Credit],
    roles: Iterable[str],
    awarded: Iterable[str],
    withheld: Iterable[str],
    status: str,
    today: date,
) -> Facts:
    """The facts about one member in one curriculum."""
    recorded = [(each, _credit_fact(each)) for each in credits]
    signoffs = (
        each.key for each, fact in recorded if each.kind == "signoff" and fact.is_valid(today)
    )
    return Facts(
        activities=frozenset(activities),
        signoffs=frozenset(signoffs),
        credits=frozenset(fact for each, fact in recorded if each.kind != "signoff"),
        roles=frozenset(roles),
        awarded=frozenset(awarded),
        withheld=frozenset(withheld),
        status=status,
        today=today,
    )


def _credit_fact(credit: Credit) -> CreditFact:
    kind = cast("CreditKind | FeatureCredit", credit.kind)
    return CreditFact(kind, credit.key, credit.occurred_on, credit.valid_until)


def facts_of(
    session: Session, curriculum: str, member_ids: Collection[int], today: date
) -> dict[int, Facts]:
    """Return the facts about each of these members that exists. Five queries in total."""
    people = session.execute(select(Member.id, Member.status).where(Member.id.in_(member_ids)))
    held = held_roles(session, member_ids, today)
    done = _keys_by_member(
        session,
        Completion.activity,
        Completion.member_id.in_(member_ids),
        Completion.curriculum == curriculum,
        Completion.done,
    )
    credited = _credits_by_member(session, curriculum, member_ids)
    awarded, withheld = _awards_by_member(session, curriculum, member_ids)
    return {
        member_id: _facts(
            activities=done[member_id],
            credits=credited[member_id],
            roles=held[member_id],
            awarded=awarded[member_id],
            withheld=withheld[member_id] - awarded[member_id],
            status=status,
            today=today,
        )
        for member_id, status in people
    }


def _awards_by_member(
    session: Session, curriculum: str, member_ids: Collection[int]
) -> tuple[defaultdict[int, set[str]], defaultdict[int, set[str]]]:
    """The milestones awarded, and those whose award was withdrawn and not reopened since."""
    awarded: defaultdict[int, set[str]] = defaultdict(set)
    withheld: defaultdict[int, set[str]] = defaultdict(set)
    columns = (Award.member_id, Award.milestone, Award.withdrawn_at)
    mine = (Award.member_id.in_(member_ids), Award.curriculum == curriculum)
    for member, milestone, withdrawn_at in session.execute(
        select(*columns).where(*mine, Award.reopened_at.is_(None))
    ):
        (withheld if withdrawn_at else awarded)[member].add(milestone)
    return awarded, withheld


def _credits_by_member(
    session: Session, curriculum: str, member_ids: Collection[int]
) -> defaultdict[int, list[Credit]]:
    counts = credits.counts_in(curriculum)
    counting = select(Credit).where(Credit.member_id.in_(member_ids), *counts)
    found: defaultdict[int, list[Credit]] = defaultdict(list)
    for credit in session.scalars(counting):
        found[credit.member_id].append(credit)
    return found


def _keys_by_member(
    session: Session,
    key: InstrumentedAttribute[str],
    *where: ColumnElement[bool] | InstrumentedAttribute[bool],
) -> defaultdict[int, set[str]]:
    """Return the values of `key` by member ID."""
    member_id = key.class_.member_id
    found: defaultdict[int, set[str]] = defaultdict(set)
    for member, value in session.execute(select(member_id, key).where(*where)):
        found[member].add(value)
    return found


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """The latest state of an activity; `grade` in percent or None."""

    done: bool
    grade: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """What a member has done.

    `results` by activity; `awarded` by milestone, with times;
    `withheld`: withdrawn awards that can't be earned again yet. `credits`: those that were not
    withdrawn. `enrolled`: milestones in whose course the member was enrolled. `unenrolled`:
    those where someone ended that in Moodle. Keys may be former keys.
    """

    roles: frozenset[str]
    region: str
    status: str
    results: Mapping[CurriculumKey, ActivityResult]
    credits: Sequence[Credit]
    awarded: Mapping[CurriculumKey, datetime]
    withheld: Mapping[CurriculumKey, datetime]
    enrolled: frozenset[CurriculumKey]
    unenrolled: frozenset[CurriculumKey]

    def facts(self, curriculum: str, today: date) -> Facts:
        """Return the facts about the member in one curriculum."""
        return _facts(
            activities=(
                key
                for (path, key), each in self.results.items()
                if path == curriculum and each.done
            ),
            credits=self._credits_in(curriculum),
            roles=self.roles,
            awarded=(key for path, key in self.awarded if path == curriculum),
            withheld=(key for path, key in self.withheld if path == curriculum),
            status=self.status,
            today=today,
        )

    def dates(self, curriculum: str) -> Mapping[str, Mapping[str, datetime]]:
        """When each fact was recorded: by the name of its evidence, then by key.

        An activity has the time of its latest state, done or not; a credit that happened
        several times has the latest day, at noon. Roles have no time.
        """
        results = {key: each.at for (path, key), each in self.results.items() if path == curriculum}
        signoffs, others = {}, {}
        for each in self._credits_in(curriculum):
            if each.kind == "signoff":
                signoffs[each.key] = each.recorded_at
            else:
                day = datetime.combine(each.occurred_on, NOON)
                others[evidence_key(each.kind, each.key)] = day
        return {"activities": results, "signoffs": signoffs, "role": {}, "credits": others}

    def _credits_in(self, curriculum: str) -> list[Credit]:
        here = (curriculum, credits.EVERY_CURRICULUM)
        return [each for each in self.credits if each.curriculum in here]


def read_member_progress(session: Session, member_id: int, today: date) -> MemberProgress | None:
    """Return the progress of a member, None if they don't exist. Seven queries."""
    person = session.execute(
        select(Member.region, Member.status).where(Member.id == member_id)
    ).first()
    if person is None:
        return None
    done = select(
        Completion.curriculum, Completion.activity, Completion.done, Completion.grade, Completion.at
    )
    mine = select(Award).where(Award.member_id == member_id, Award.reopened_at.is_(None))
    earned = [(each, (each.curriculum, each.milestone)) for each in session.scalars(mine)]
    awarded = {key: each.at for each, key in earned if each.withdrawn_at is None}
    enrolled = select(Enrolment.curriculum, Enrolment.milestone)
    return MemberProgress(
        roles=held_roles(session, [member_id], today)[member_id],
        region=person.region,
        status=person.status,
        results={
            (row.curriculum, row.activity): ActivityResult(row.done, row.grade, row.at)
            for row in session.execute(done.where(Completion.member_id == member_id))
        },
        credits=[
            each for each in credits.credits_of(session, member_id) if each.withdrawn_at is None
        ],
        awarded=awarded,
        withheld={
            key: each.withdrawn_at
            for each, key in earned
            if each.withdrawn_at and key not in awarded
        },
        enrolled=frozenset(
            (row.curriculum, row.milestone)
            for row in session.execute(
                enrolled.where(Enrolment.member_id == member_id, Enrolment.enrolled_at.is_not(None))
            )
        ),
        unenrolled=_unenrolled(session, member_id),
    )


def _unenrolled(session: Session, member_id: int) -> frozenset[CurriculumKey]:
    """The milestones whose enrolment someone ended or suspended in Moodle."""
    differing = select(MoodleDifference.target).where(
        MoodleDifference.member_id == member_id,
        MoodleDifference.kind == "enrol",
        MoodleDifference.answer != "again",
    )
    found = (target.split(":") for target in session.scalars(differing))
    return frozenset((curriculum, milestone) for _, curriculum, milestone in found)
