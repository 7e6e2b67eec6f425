"""Apply converges after any failure, never touches what is not ours, and costs few calls."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.errors import MoodleMisconfigured, MoodleUnavailable, PlanRefused
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.plan import Plan
from bridge.resources import resource
from bridge.store.learning.credits import CreditRecord, record
from bridge.store.tables.members import Member
from bridge.workflows.renamed_curricula import ask_about_renames
from bridge.workflows.site_sync import (
    apply,
    make_plan,
    missing_language_packs,
    run_detail,
    update_caches,
)
from tests.support.job_environment import JobEnvironment, person
from tests.support.sample_curricula import (
    curriculum,
    edited,
    milestone,
    page,
    question,
    quiz,
    section,
    small,
)
from tests.support.sandbox_server import SandboxServer

SHIPPED = resource("curricula") / "member-steward-path"
EVIL = "<script>alert('x')</script><b onclick='x()'>bold</b> [link](javascript:alert(1))"
TABLES = ("category", "course", "section", "activity", "questioncategory", "entry", "question",
          "slot", "cohort", "framework", "competency", "template", "badge")  # fmt: skip


def row_counts(site: SandboxServer) -> dict[str, int]:
    """The number of rows in each table."""
    return {table: site.one(f"SELECT count(*) FROM {table}") for table in TABLES}


def test_a_second_apply_changes_nothing(sandbox_server: SandboxServer, moodle: Moodle) -> None:
    shipped = read_folder(Path(SHIPPED)).curriculum
    assert shipped is not None
    applied = apply(connect(moodle), shipped, max_share=0.3)
    assert not applied.refused
    assert applied.made == len(applied.plan.changes) > 190
    sandbox_server.faults.clear()
    again = apply(connect(moodle), shipped, max_share=0.3)
    assert again.plan == Plan()
    assert sandbox_server.writes == []
    assert len(sandbox_server.faults.log) == 2 + len(shipped.milestones)


def test_a_second_apply_costs_few_calls(env: JobEnvironment) -> None:
    env.apply()
    env.site.faults.clear()
    (again,) = env.apply()
    assert again.made == 0
    assert env.site.writes == []
    assert len(env.site.faults.log) <= 2 + 2


def test_objects_of_others_are_never_touched(env: JobEnvironment) -> None:
    site = env.site
    env.apply()
    course = site.one("SELECT id FROM course WHERE idnumber = 'stewardpath:path:first'")
    site.do(
        "INSERT INTO course (idnumber, category, fullname, shortname) VALUES ('HR', 1, 'H', 'h')"
    )
    site.do("INSERT INTO cohort (idnumber, name) VALUES ('staff', 'Staff')")
    site.do("INSERT INTO section (courseid, number, name) VALUES (?, 9, 'Mine')", course)
    other = site.one("SELECT id FROM section WHERE name = 'Mine'")
    site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name)"
        " VALUES (99, ?, ?, 0, 'page', 'By hand')", course, other,
    )  # fmt: skip
    foreign = (
        "SELECT * FROM course WHERE idnumber NOT LIKE 'stewardpath:%'",
        "SELECT * FROM cohort WHERE idnumber NOT LIKE 'stewardpath:%'",
        "SELECT id, name, summary, visible FROM section WHERE name = 'Mine'",
        "SELECT * FROM activity WHERE idnumber = ''",
    )
    before = [site.rows(sql) for sql in foreign]
    env.curricula = [edited(small(), 0, milestone("begun", section("s", quiz("check")),
                                                    previously="first"))]  # fmt: skip
    env.apply(force=True)
    assert [site.rows(sql) for sql in foreign] == before
    assert env.apply()[0].plan == Plan()


def test_no_script_reaches_moodle(env: JobEnvironment) -> None:
    asked = replace(question("one", EVIL), feedback=small().milestones[0].title)
    evil = milestone("first", section("start", page("hello", EVIL), quiz("check", asked)))
    evil = replace(evil, summary=replace(evil.summary, translations=(("en", EVIL),)),
                   title=replace(evil.title, translations=(("en", EVIL),)))  # fmt: skip
    env.curricula = [curriculum(evil)]
    (applied,) = env.apply()
    assert not applied.refused
    stored = repr([env.site.rows(f"SELECT * FROM {table}") for table in TABLES])
    assert "bold" in stored
    assert not re.search(r"<script|<[^>]+ on\w+=|href=.?javascript", stored, re.IGNORECASE)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE activity SET timelimit = 600 WHERE modname = 'quiz'", "quiz"),
        ("UPDATE activity SET attempts = 1, grademethod = 4 WHERE modname = 'quiz'", "quiz"),
        ("UPDATE activity SET visible = 0 WHERE modname = 'page'", "page"),
        ("UPDATE activity SET completionview = 0 WHERE modname = 'url'", "link"),
        ("UPDATE section SET name = 'Other' WHERE idnumber <> ''", "section"),
        ("UPDATE course SET summary = 'Other' WHERE idnumber <> ''", "course"),
        ("UPDATE cohort SET name = 'Other'", "cohort"),
        ("UPDATE competency SET shortname = 'Other'", "competency"),
        ("UPDATE badge SET description = 'Other'", "badge"),
        ("INSERT INTO question (entryid, version, hash, definition)"
         " SELECT entryid, 2, '', definition FROM question WHERE entryid = 1", "question"),
    ],
)  # fmt: skip
def test_drift_is_planned_and_reverted(env: JobEnvironment, sql: str, kind: str) -> None:
    env.apply()
    env.site.do(sql)
    (applied,) = env.apply()
    assert {change.resource.kind for change in applied.plan.changes} == {kind}
    assert {change.action for change in applied.plan.changes} == {"change"}
    assert env.apply()[0].plan == Plan()


def test_a_renamed_quiz_keeps_its_attempts_and_question_bank(env: JobEnvironment) -> None:
    env.apply()
    site = env.site
    user = site.account("kim")
    site.finish(user, "stewardpath:path:check", grade=100.0)
    before = row_counts(site)
    renamed = milestone("begun", section("opening", page("hello"),
                                         quiz("test", "one", "two", previously="check"),
                                         previously="start"), previously="first")  # fmt: skip
    env.curricula = [edited(small(), 0, renamed)]
    (applied,) = env.apply()
    assert not applied.refused
    assert not applied.plan.blocked
    after = row_counts(site)
    assert after == before | {"question": before["question"] + 2}
    (attempts,) = site.rows(
        "SELECT count(*) FROM attempt a JOIN activity USING (cmid)"
        " WHERE activity.idnumber = 'stewardpath:path:test'"
    )
    assert attempts == (1,)
    assert env.apply()[0].plan == Plan()


def test_a_risky_plan_is_refused_without_force(env: JobEnvironment) -> None:
    env.apply()
    user = env.site.account("kim")
    env.site.finish(user, "stewardpath:path:check", grade=10.0)
    env.curricula = [edited(small(), 0, milestone("first", section("start", page("hello"))))]
    before = row_counts(env.site)
    env.site.faults.clear()
    with pytest.raises(PlanRefused, match="1 attempts"):
        env.apply()
    assert env.site.writes == []
    env.apply(force=True)
    assert row_counts(env.site) == before
    assert env.site.one("SELECT count(*) FROM attempt") == 1
    hidden = "SELECT visible FROM activity WHERE idnumber = 'stewardpath:path:check'"
    assert env.site.one(hidden) == 0


def test_only_the_plan_that_was_reviewed_is_applied(env: JobEnvironment) -> None:
    plan = make_plan(connect(env.moodle), small(), 1.0)
    with pytest.raises(PlanRefused, match=plan.fingerprint):
        env.apply(fingerprint="000000000000")
    assert env.site.one("SELECT count(*) FROM activity") == 0
    env.apply(fingerprint=plan.fingerprint)
    with pytest.raises(PlanRefused):
        env.apply(fingerprint=plan.fingerprint)


def test_language_packs_that_moodle_lacks_are_named(moodle: Moodle) -> None:
    site, path = connect(moodle), replace(small(), languages=("en", "fr", "de"))
    make_plan(site, path, 0.3)
    assert missing_language_packs(site, path) == ["de"]
    assert missing_language_packs(site, small()) == []


SECOND = "Milestone second · The path"
"""The short name of the second course."""


def test_a_refused_change_does_not_stop_the_others(env: JobEnvironment) -> None:
    site = env.site
    site.do("INSERT INTO course (category, fullname, shortname) VALUES (1, 'X', ?)", SECOND)
    (applied,) = env.apply()
    ((change, reason),) = applied.refused
    assert change.key == ("course", "stewardpath:path:second")
    assert "Rename that course's short name" in str(reason)
    assert {each.resource.course for each in applied.not_tried} == {"stewardpath:path:second"}
    assert run_detail([applied])["error"] == (
        f"{1 + len(applied.not_tried)} not made; the first: stewardpath:path:second: {reason}"
    )
    assert site.one("SELECT count(*) FROM activity") == 2
    site.do("UPDATE course SET shortname = 'other' WHERE fullname = 'X'")
    assert not env.apply()[0].refused
    assert env.apply()[0].plan == Plan()


def test_a_moodle_warning_counts_as_a_refusal(env: JobEnvironment) -> None:
    env.apply()
    site = env.site
    site.do("UPDATE course SET shortname = 'changed' WHERE idnumber = 'stewardpath:path:second'")
    site.do("INSERT INTO course (category, fullname, shortname) VALUES (1, 'X', ?)", SECOND)
    (applied,) = env.apply()
    ((_, reason),) = applied.refused
    assert "Short name is already used" in str(reason)


KINDS = ("error-500", "html", "cut", "close", "maintenance-503", "maintenance", "after-write")


@pytest.mark.parametrize("kind", KINDS)
def test_apply_converges_after_any_failure(kind: str, env: JobEnvironment) -> None:
    """One call of an apply fails. It ends well, or with our error and well the next time."""
    wanted = _wanted(env)
    calls = len(env.site.faults.log)
    for nth in range(1 + KINDS.index(kind) % 4, calls + 1, 4):
        _restore(env.site)
        env.site.faults.clear()
        env.site.fail(kind, nth=nth)
        try:
            env.apply()
        except (MoodleUnavailable, MoodleMisconfigured):
            env.apply()
        env.site.faults.clear()
        assert env.apply()[0].plan == Plan(), nth
        assert env.site.writes == []
        assert row_counts(env.site) == wanted, nth


def _wanted(env: JobEnvironment) -> dict[str, int]:
    env.curricula = [curriculum(small().milestones[0])]
    env.apply()
    return row_counts(env.site)


def _restore(site: SandboxServer) -> None:
    """Restore the site to its state before."""
    for table in (*TABLES, "templatecompetency"):
        keep = " WHERE id > 1" if table in ("category", "course") else ""
        site.do(f"DELETE FROM {table}{keep}")


def test_a_site_that_stays_down_is_one_error(env: JobEnvironment) -> None:
    env.site.fail("error-500", nth=1, times=1_000)
    with pytest.raises(MoodleUnavailable):
        env.apply()


def test_a_curriculum_with_a_new_key_is_a_question(env: JobEnvironment) -> None:
    env.apply()
    (old,) = env.curricula
    site, renamed = connect(env.moodle), replace(old, key="our-path")
    unchanged = make_plan(site, old, 0.3)
    update_caches(env.database, site, old)
    review = partial(ask_about_renames, env.database, renamed, [renamed])
    writes = len(env.site.writes)
    with pytest.raises(PlanRefused, match="under the key `path`, which no curriculum has now"):
        apply(site, renamed, max_share=0.3, review=review)
    assert len(env.site.writes) == writes
    plan = make_plan(site, renamed, 0.3)
    assert ask_about_renames(env.database, renamed, [old, renamed], plan).risks == ()
    assert ask_about_renames(env.database, old, [old], unchanged).risks == ()


def test_a_sign_off_with_a_new_key_is_a_question(env: JobEnvironment) -> None:
    env.apply()
    (old,) = env.curricula
    first, *others = old.milestones
    new = (*first.requirements, SignedOff("basic-course"))
    renamed = replace(old, milestones=(replace(first, requirements=new), *others))
    plan = make_plan(connect(env.moodle), renamed, 0.3)
    assert ask_about_renames(env.database, renamed, [renamed], plan).risks == ()
    env.sign_up(person(1))
    with env.database.transaction() as session:
        (member,) = session.scalars(select(Member.id)).all()
        done = CreditRecord(
            member_id=member, curriculum=old.key, kind="signoff", key="basic-courses",
            occurred_on=date(2026, 1, 5), source="committee", source_id="1", recorded_by="us",
        )  # fmt: skip
        record(session, done, datetime(2026, 1, 5, tzinfo=UTC))
    (risk,) = ask_about_renames(env.database, renamed, [renamed], plan).risks
    assert "`basic-courses` now, which was recorded 1 times, and `basic-course` is new" in risk
    both = (*new, SignedOff("basic-courses"))
    other = replace(old, key="other", milestones=(replace(first, requirements=both),))
    assert ask_about_renames(env.database, renamed, [renamed, other], plan).risks == ()
