"""A member's progress: what is done, what to do next, and how up to date it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.curriculum.model import (
    Acknowledgement,
    Badge,
    Curriculum,
    Entry,
    Milestone,
    Page,
    Quiz,
    Section,
)
from bridge.curriculum.model import Course as CourseOf
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.store.curricula import course_modules
from bridge.store.learning import awards, completions, enrolments, refresh_requests
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord
from bridge.store.learning.signoffs import record_signoff
from bridge.store.members.queries import members_by_ids
from bridge.store.operations import runs
from tests.support.query_lists import added, listed
from tests.web.query_counter import counted
from tests.web.sample_site import NOON, PATH, english, milestone
from tests.web.signed_in_users import SignedInUsers

QUIZ = ActivityDone("a-quiz")
READING = ActivityDone("read-me")
SIGNED = SignedOff("helped", english("Helped with an event"))
BADGE = Acknowledgement(english("Well *done*."), Badge(english("First badge")))


def course(prefix: str) -> CourseOf:
    page = Page(f"{prefix}read-me", english("Read me"), english("Text"))
    quiz = Quiz(f"{prefix}a-quiz", english("A quiz"), (), pass_mark=80)
    return CourseOf((Section(f"{prefix}begin", english("Begin"), (page, quiz)),))


FIRST = replace(
    milestone("first", "First"), course=course(""), requirements=(READING, QUIZ),
    acknowledgement=BADGE,
)  # fmt: skip
SECOND = replace(
    milestone("second", "Second", ("first",)), course=course("b-"),
    requirements=(AtLeast(1, (SIGNED, ActivityDone("b-a-quiz"))), HasRole("steward")),
)  # fmt: skip


@pytest.fixture
def walk(users: SignedInUsers) -> Walk:
    return Walk(users, FIRST, SECOND)


class Walk:
    """A path that its members can walk, with what happens on it."""

    def __init__(self, users: SignedInUsers, *milestones: Milestone) -> None:
        self.users = users
        self.set(*milestones)

    def set(self, *milestones: Milestone) -> None:
        path: Curriculum = replace(PATH, milestones=milestones)
        shelf = self.users.shelf
        shelf[:] = [path]

    def did(self, activity: str, *, done: bool = True, grade: float | None = None) -> None:
        record = CompletionRecord(self.users.member, "a-path", activity, done, grade, NOON)
        with self.users.database.transaction() as session:
            completions.upsert_completions(session, [record])

    def earned(self, key: str) -> None:
        record = AwardRecord(self.users.member, "a-path", key, "0" * 64, {}, NOON)
        with self.users.database.transaction() as session:
            awards.grant(session, [record])

    def enrolled(self, key: str) -> None:
        wanted = (self.users.member, "a-path", key)
        with self.users.database.transaction() as session:
            enrolments.request_enrolments(session, [wanted], NOON)
            enrolments.mark_enrolled(session, [wanted[0]], *wanted[1:], NOON)

    def placed(self, **cmids: int) -> None:
        with self.users.database.transaction() as session:
            course_modules.replace_all(session, "a-path", cmids)

    def pulled(self, at: datetime, *, ok: bool = True) -> None:
        with self.users.database.transaction() as session:
            runs.finish_run(session, runs.start_run(session, "pull", "test", at), ok, {}, at)

    def page(self, language: str = "en") -> str:
        browser = self.users.client("member")
        return browser.get("/me", headers={"Accept-Language": language}).text


def test_the_next_step_is_the_first_unmet_requirement(walk: Walk) -> None:
    assert "Read the page “Read me”" in next_of(walk.page())
    walk.did("read-me")
    box = next_of(walk.page())
    assert "Pass the quiz “A quiz”" in box
    address = "https://moodle.example/course/view.php?idnumber=stewardpath%3Aa-path%3Afirst"
    assert f'href="{address}"' in box


def test_studying_comes_before_what_the_committee_records(walk: Walk) -> None:
    walk.set(replace(FIRST, requirements=(SIGNED, AtLeast(1, (QUIZ, HasRole("chief"))))))
    assert "Pass the quiz “A quiz”" in next_of(walk.page())


def test_the_next_step_links_to_the_quiz_in_moodle(walk: Walk) -> None:
    walk.placed(**{"read-me": 11, "a-quiz": 12})
    assert 'href="https://moodle.example/mod/page/view.php?id=11"' in next_of(walk.page())
    walk.did("read-me")
    box = next_of(walk.page())
    assert 'href="https://moodle.example/mod/quiz/view.php?id=12"' in box
    assert "Open the quiz in Moodle" in box
    walk.placed(**{"read-me": 11})
    assert "/course/view.php?idnumber=" in next_of(walk.page())


def test_a_renamed_quiz_is_found_under_its_old_key(walk: Walk) -> None:
    begin = FIRST.course.sections[0]
    quiz = Quiz("new-quiz", english("A quiz"), (), previously="a-quiz")
    section = replace(begin, activities=(quiz,))
    wanted = (ActivityDone("new-quiz"),)
    walk.set(replace(FIRST, course=CourseOf((section,)), requirements=wanted))
    walk.placed(**{"a-quiz": 12})
    assert "/mod/quiz/view.php?id=12" in next_of(walk.page())
    walk.placed(**{"a-quiz": 12, "new-quiz": 13})
    assert "/mod/quiz/view.php?id=13" in next_of(walk.page())


def next_of(page: str) -> str:
    start = page.index('class="card next"')
    return page[start : page.index("</section>", start)]


def test_a_pending_enrolment_is_shown(walk: Walk) -> None:
    assert "enrolling you" in walk.page()
    walk.enrolled("first")
    assert "enrolling you" not in walk.page()


def test_results_are_shown_with_date_and_grade(walk: Walk) -> None:
    walk.did("a-quiz", grade=90)
    page = walk.page()
    assert "Mar 1, 2026" in page
    assert "90%" in page
    assert "to do" in page


def test_a_failed_attempt_shows_the_best_grade(walk: Walk) -> None:
    walk.did("a-quiz", done=False, grade=40)
    assert "best so far: 40%; you need 80% to pass" in walk.page()


def test_a_milestone_reached_is_acknowledged(walk: Walk) -> None:
    before = walk.page()
    assert "First badge" not in before
    assert "Well" not in before
    assert "Knows &lt;b&gt;whom&lt;/b&gt; to ask" in next_of(before)
    walk.earned("first")
    page = walk.page()
    assert "First badge" in page
    assert "Well <em>done</em>." in page
    assert "March 1, 2026" in page
    assert "1 of 2 milestones reached" in page


def test_an_award_counts_under_the_previous_key(walk: Walk) -> None:
    walk.set(
        replace(FIRST, key="renamed", previously="first"),
        replace(SECOND, entry=Entry(after=("renamed",))),
    )
    walk.earned("first")
    page = walk.page()
    assert "1 of 2 milestones reached" in page
    assert "March 1, 2026" in page


def test_a_result_counts_under_the_previous_key(walk: Walk) -> None:
    begin = FIRST.course.sections[0]
    quiz = Quiz("new-quiz", english("A quiz"), (), previously="a-quiz")
    section = replace(begin, activities=(begin.activities[0], quiz))
    asked = (READING, ActivityDone("new-quiz"))
    walk.set(replace(FIRST, course=CourseOf((section,)), requirements=asked))
    walk.did("a-quiz", grade=88)
    assert "88%" in walk.page()


def test_a_later_milestone_shows_what_opens_it(walk: Walk) -> None:
    page = walk.page()
    assert "Opens after:" in page
    assert "Reach “First”" in page
    assert "Knows &lt;b&gt;whom&lt;/b&gt; to ask" in page


def test_a_signoff_links_to_the_chairs_email(walk: Walk) -> None:
    walk.earned("first")
    walk.did("b-a-quiz", grade=100)
    page = walk.page()
    assert "Role in the union: steward" in next_of(page)
    assert 'href="mailto:chair@union.example"' in next_of(page)
    assert "One of these" in page


def test_a_milestone_that_a_role_opens_shows_a_contact(walk: Walk) -> None:
    walk.set(FIRST, replace(SECOND, entry=Entry(after=("first",), role="steward")))
    walk.earned("first")
    box = next_of(walk.page())
    assert "Role in the union: steward" in box
    assert 'href="mailto:chair@union.example"' in box
    with walk.users.database.transaction() as session:
        members_by_ids(session, [walk.users.member])[walk.users.member].region = ""
    assert 'href="mailto:committee@union.example"' in next_of(walk.page())


def test_a_sign_off_counts(walk: Walk) -> None:
    walk.earned("first")
    users = walk.users
    with users.database.transaction() as session:
        record_signoff(session, users.member, "a-path", "helped", "The Chair", "", "test", NOON)
    page = walk.page()
    assert "Sign-off: Helped with an event" in page
    assert "Role in the union: steward" in next_of(page)


def test_reaching_every_milestone_shows_thanks(walk: Walk) -> None:
    walk.earned("first")
    walk.earned("second")
    page = walk.page()
    assert "reached every milestone" in page
    assert 'aria-current="step"' not in page


def test_roles_are_shown_in_the_visitors_language(walk: Walk) -> None:
    asked = (HasRole("steward"), HasRole("shop-floor-lead"))
    walk.set(replace(FIRST, requirements=asked, entry=Entry(role="chief-steward")))
    assert "Rôle au syndicat\u00a0: délégué·e en chef" in walk.page("fr")
    page = walk.page()
    assert "Role in the union: shop floor lead" in page
    assert "shop-floor-lead" not in page


def test_the_page_is_in_the_members_language(walk: Walk) -> None:
    page = walk.page("fr")
    assert "First (fr)" in page
    assert "Ma formation" in page


def test_members_see_only_their_own_progress(walk: Walk) -> None:
    walk.earned("first")
    theirs = walk.users.client("other_member").get("/me?member=1&member_id=1").text
    assert "0 of 2 milestones reached" in theirs
    assert "First badge" not in theirs


def answered(walk: Walk, outcome: refresh_requests.Outcome) -> None:
    """The job has read what the member wanted."""
    now = walk.users.clock()
    with walk.users.database.transaction() as session:
        (member,) = refresh_requests.claim(session, "job", now, timedelta(minutes=1), 20)
        refresh_requests.finish(session, member, "job", outcome, now)


def test_refresh_starts_jobs_and_does_not_wait(walk: Walk) -> None:
    browser, clock = walk.users.client("member"), walk.users.clock
    assert "read your results from Moodle yet" in browser.get("/me").text
    walk.pulled(NOON - timedelta(minutes=5))
    assert "results from Moodle 5 minutes ago" in browser.get("/me").text
    answer = browser.post("/me/refresh")
    assert (answer.status_code, answer.location) == (303, "/me#fresh")
    assert walk.users.woken == ["refresh", "pull"]
    assert "We're checking Moodle" in browser.get("/me").text
    assert "We're checking Moodle" not in walk.users.client("other_member").get("/me").text
    clock.forward(seconds=2)
    walk.pulled(clock())
    assert "We're checking Moodle" in browser.get("/me").text
    answered(walk, "done")
    page = browser.get("/me").text
    assert "Your results are up to date" in page
    assert "results from Moodle 0 seconds ago" in page
    clock.forward(minutes=10)
    assert "Your results are up to date" not in browser.get("/me").text


def test_a_failed_or_slow_refresh_is_shown(walk: Walk) -> None:
    browser, clock = walk.users.client("member"), walk.users.clock
    browser.post("/me/refresh")
    clock.forward(minutes=4)
    assert "longer than usual" in browser.get("/me").text
    answered(walk, "failed")
    assert "respond properly" in browser.get("/me").text
    browser.post("/me/refresh")
    assert "We're checking Moodle" in browser.get("/me").text
    answered(walk, "no-account")
    assert "no results to read" in browser.get("/me").text


@pytest.mark.usefixtures("stopped_time")
def test_refreshes_are_rate_limited_for_each_member(walk: Walk) -> None:
    mine, other = walk.users.client("member"), walk.users.client("other_member")
    assert [mine.post("/me/refresh").status_code for _ in range(4)] == [303, 303, 303, 429]
    assert other.post("/me/refresh").status_code == 303
    assert walk.users.woken == ["refresh", "pull"] * 4


def test_queries_do_not_grow_with_the_curriculum(walk: Walk) -> None:
    browser = walk.users.client("member")
    browser.get("/me")
    with counted(walk.users.database) as few:
        browser.get("/me")
    steps = [replace(milestone(f"step-{n}", f"Step {n}"), requirements=(READING, QUIZ))
             for n in range(20)]  # fmt: skip
    walk.users.shelf.append(replace(PATH, key="b-path", milestones=tuple(steps)))
    walk.did("read-me")
    walk.earned("first")
    with counted(walk.users.database) as many:
        assert "Step 19" in browser.get("/me").text
    few, many = ([each for each in all_ if each.startswith("SELECT")] for all_ in (few, many))
    assert len(few) == len(many), added(few, many)
    assert len(few) == 22, listed(few)


def test_dates_use_the_time_zone_of_the_members_region(users: SignedInUsers) -> None:
    north = users.config.regions["north"].model_copy(update={"timezone": "Pacific/Kiritimati"})
    regions = {**users.config.regions, "north": north}
    there = SignedInUsers(
        users.config.model_copy(update={"regions": regions}), users.database, users.clock
    )
    walk = Walk(there, FIRST, SECOND)
    walk.did("a-quiz", grade=90)
    assert "Mar 2, 2026" in walk.page()
    walk.earned("first")
    chairs = there.client("chair").get(f"/committee/members/{there.member}").text
    assert "Mar 2, 2026" in chairs
