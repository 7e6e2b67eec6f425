"""A withdrawn award is revoked in Moodle once, and can be earned again by a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.progress import NO_FACTS, evaluate
from bridge.store.learning import awards, credits
from bridge.store.learning.credits import credits_of
from bridge.store.learning.signoffs import record_signoff
from bridge.store.operations import audit_queries
from bridge.workflows.awards import assess
from bridge.workflows.withdrawals import allow_again, withdraw_award
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import curriculum, milestone, section

FIRST = milestone("first", section("a"), requirements=[SignedOff("seen")])
PATH = curriculum(
    FIRST, milestone("second", section("b"), requirements=[SignedOff("more")], after=("first",))
)


@pytest.mark.parametrize(
    ("awarded", "withheld", "met", "earned", "reopened"),
    [
        (False, False, False, False, False),
        (False, False, True, True, False),
        (True, False, False, True, False),  # awards stay when requirements are unmet
        (True, False, True, True, False),
        (False, True, True, False, False),  # withdrawn, and its requirements are still met
        (False, True, False, False, True),  # from now on it can be earned again
    ],
)
def test_when_a_milestone_is_earned(
    awarded: bool, withheld: bool, met: bool, earned: bool, reopened: bool
) -> None:
    facts = replace(
        NO_FACTS,
        awarded=frozenset({"first"} if awarded else ()),
        withheld=frozenset({"first"} if withheld else ()),
        signoffs=frozenset({"seen", "more"} if met else {"more"}),
    )
    progress = evaluate(PATH, facts)
    assert ("first" in progress.earned) is earned
    assert ("second" in progress.entered) is earned, "later milestones follow"
    assert progress.reopened == (("first",) if reopened else ())


def test_a_renamed_milestone_stays_withdrawn() -> None:
    renamed = curriculum(replace(FIRST, key="begun", previously="first"))
    facts = replace(NO_FACTS, withheld=frozenset({"first"}), signoffs=frozenset({"seen"}))
    assert evaluate(renamed, facts).earned == ()
    assert evaluate(renamed, replace(facts, signoffs=frozenset())).reopened == ("begun",)


def earn_first(env: JobEnvironment) -> JobEnvironment:
    """A member has earned the first milestone. Nothing about it is delivered yet."""
    env.sign_up(person(1))
    env.deliver()
    env.finish("N1", "check", 100.0)
    env.pull()
    env.advance_time()
    return env


@pytest.fixture
def earned(applied: JobEnvironment) -> JobEnvironment:
    return earn_first(applied)


def withdraw(env: JobEnvironment, award: int = 1) -> bool:
    with env.database.transaction() as session:
        return withdraw_award(session, env.curricula, award, "Why", "chair", env.time)


def pending(env: JobEnvironment) -> list[str]:
    rows = env.rows("SELECT kind FROM delivery WHERE state = 'owed' AND award_id IS NOT NULL")
    return sorted(kind for (kind,) in rows)


def in_moodle(env: JobEnvironment) -> tuple[int, int]:
    """How many badges are issued, and how many members the cohorts have."""
    tables = ("badgeissued", "cohortmember")
    badges, members = (int(env.site.one(f"SELECT count(*) FROM {t}")) for t in tables)
    return badges, members


def test_a_withdrawal_revokes_badge_and_cohort_and_sends_one_email(earned: JobEnvironment) -> None:
    earned.deliver()
    assert in_moodle(earned) == (1, 1)
    assert withdraw(earned)
    assert not withdraw(earned), "a second withdrawal changes nothing"
    assert pending(earned) == ["badge-revoke", "cohort-leave", "withdrawal"]
    before = len(earned.emails())
    earned.deliver()
    earned.deliver()
    assert in_moodle(earned) == (0, 0)
    assert earned.states().keys() == {"done"}
    assert len(earned.emails()) == before + 1
    subjects = [str(each["Subject"]) for each in earned.emails()]
    assert sum("withdrawn" in subject for subject in subjects) == 1
    [(open_again,)] = earned.rows(
        "SELECT count(*) FROM enrolment WHERE milestone = 'first' AND earned_at IS NULL"
    )
    assert open_again == 1
    with earned.database.reading() as session:
        newest = audit_queries.entries(session, 1)[0]
        assert awards.count_awards(session) == {}
    assert (newest.action, newest.actor) == ("award-withdrawn", "chair")


@pytest.mark.parametrize("failure", ["after-write", "close"])
@pytest.mark.parametrize(
    "function", ["local_stewardpath_revoke_badge", "core_cohort_delete_cohort_members"]
)
def test_a_revocation_that_was_cut_off_is_repeated(
    earned: JobEnvironment, failure: str, function: str
) -> None:
    earned.deliver()
    withdraw(earned)
    earned.site.fail(failure, function)
    for _ in range(3):
        earned.deliver()
        earned.advance_time()
    assert in_moodle(earned) == (0, 0)
    assert earned.states().keys() == {"done"}


def test_pending_deliveries_are_cancelled(earned: JobEnvironment) -> None:
    assert {"badge", "cohort", "mail", "message"} <= set(pending(earned))
    withdraw(earned)
    assert pending(earned) == ["badge-revoke", "cohort-leave", "withdrawal"]
    earned.deliver()
    assert in_moodle(earned) == (0, 0)


def test_it_is_not_awarded_again_while_its_requirements_are_still_met(
    earned: JobEnvironment,
) -> None:
    withdraw(earned)
    for _ in range(2):
        with earned.database.transaction() as session:
            assert assess(session, earned.curricula, [1], earned.time) == 0
    assert earned.rows("SELECT reopened_at FROM award") == [(None,)]


def test_a_person_can_allow_it_again(earned: JobEnvironment) -> None:
    earned.deliver()
    withdraw(earned)
    with earned.database.transaction() as session:
        assert allow_again(session, earned.curricula, 1, "chair", earned.time) == (True, 1)
        assert allow_again(session, earned.curricula, 1, "chair", earned.time) == (False, 0)
        assert allow_again(session, earned.curricula, 99, "chair", earned.time) == (False, 0)
    assert "badge-revoke" not in pending(earned), "a late revocation would take the new badge"
    assert {"badge", "cohort", "mail"} <= set(pending(earned))
    earned.deliver()
    assert in_moodle(earned) == (1, 1)
    assert withdraw(earned, 2)
    earned.advance_time()
    earned.deliver()
    assert in_moodle(earned) == (0, 0), "every award has its own deliveries"


def test_it_is_earned_again_after_its_requirements_were_unmet(applied: JobEnvironment) -> None:
    ready = applied
    ready.sign_up(person(1))
    ((member,),) = ready.rows("SELECT id FROM member")
    with ready.database.transaction() as session:
        record_signoff(session, member, PATH.key, "seen", "Lee", "", "c", ready.time)
        assert assess(session, [PATH], [member], ready.time) == 1
        withdraw_award(session, [PATH], 1, "Why", "c", ready.time)
        [signoff] = credits_of(session, member)
        credits.withdraw(session, signoff.id, "Why", "c", ready.time)
        assert assess(session, [PATH], [member], ready.time) == 0
        record_signoff(session, member, PATH.key, "seen", "Lee", "", "c", ready.time)
        assert assess(session, [PATH], [member], ready.time) == 1
        assert assess(session, [PATH], [member], ready.time) == 0


def test_an_edit_of_the_curriculum_withdraws_nothing(earned: JobEnvironment) -> None:
    step = earned.curricula[0].milestones[0]
    harder = replace(step, requirements=(SignedOff("never"),))
    edited: Curriculum = replace(earned.curricula[0], milestones=(harder,))
    with earned.database.transaction() as session:
        assert assess(session, [edited], [1], earned.time) == 0
        assert len(awards.awards_of(session, 1)) == 1
