"""Without the companion, Moodle's core services do what they can, and the rest is listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bridge.curriculum.model import Text
from bridge.errors import MoodleMisconfigured, MoodleUnavailable
from bridge.moodle.schemas.core import SiteInfo
from bridge.moodle.site.connection import choose_site, connect
from bridge.workflows.site_sync import make_plan, manual_steps, write_imports
from bridge.workflows.withdrawals import withdraw_award
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section
from tests.support.sandbox_server import SandboxServer

BY_HAND = ["link", "page", "quiz", "quiz"]


@pytest.fixture
def bare(build: BuildEnvironment, bare_sandbox_server: SandboxServer) -> JobEnvironment:
    return build(bare_sandbox_server)


def manual_titles(env: JobEnvironment) -> list[str]:
    plan = make_plan(connect(env.moodle), env.curricula[0], 1.0)
    assert not plan.steps
    return sorted(change.resource.kind for change in manual_steps(plan))


def test_apply_does_what_core_services_can(bare: JobEnvironment) -> None:
    (applied,) = bare.apply()
    assert not applied.refused
    site = bare.site
    ours = "SELECT idnumber FROM {} WHERE idnumber LIKE 'stewardpath:path:%' ORDER BY 1"
    for table in ("course", "cohort", "competency"):
        assert [i for (i,) in site.rows(ours.format(table))] == [
            "stewardpath:path:first",
            "stewardpath:path:second",
        ]
    assert site.rows("SELECT name FROM section WHERE number > 0 ORDER BY id") == [
        ("Section start",),
        ("Section on",),
    ]
    assert site.one("SELECT count(*) FROM templatecompetency") == 2
    assert manual_titles(bare) == BY_HAND


def test_a_second_apply_writes_nothing(bare: JobEnvironment) -> None:
    bare.apply()
    bare.site.faults.clear()
    bare.apply()
    assert bare.site.writes == []


def test_activities_made_by_hand_are_not_listed_again(bare: JobEnvironment) -> None:
    bare.apply()
    bare.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name, idnumber)"
        " SELECT 1, courseid, id, 0, 'quiz', 'Quiz check', '' FROM section WHERE name LIKE '%start'"
    )
    assert manual_titles(bare) == ["link", "page", "quiz"]
    bare.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name, idnumber)"
        " SELECT 1, courseid, id, 1, 'page', 'Other name', 'stewardpath:path:hello'"
        " FROM section WHERE name LIKE '%start'"
    )
    plan = make_plan(connect(bare.moodle), bare.curricula[0], 1.0)
    assert {(c.resource.kind, f.name) for c in manual_steps(plan) for f in c.fields if f.old} == {
        ("page", "name")
    }


@pytest.mark.parametrize("name", ["Check", "Contrôle", "CheckContrôle"])
def test_a_quiz_with_a_title_in_two_languages_is_found_by_each(
    bare: JobEnvironment, name: str
) -> None:
    asked = replace(quiz("check"), title=Text((("en", "Check"), ("fr", "Contrôle"))))
    bare.curricula = [curriculum(milestone("first", section("start", asked)))]
    bare.apply()
    assert manual_titles(bare) == ["quiz"]
    make_quiz(bare, name)
    assert manual_titles(bare) == []
    bare.sign_up(*people(1))
    bare.deliver()
    pass_quiz(bare, "N1")
    bare.reconcile()
    assert bare.awards() == [("N1", "first")]


def test_quizzes_are_written_as_files_to_import(bare: JobEnvironment, tmp_path: Path) -> None:
    (applied,) = bare.apply()
    files = write_imports(applied.plan, bare.curricula[0], tmp_path / "xml")
    assert sorted(files) == ["stewardpath:path:check", "stewardpath:path:deep"]
    root = ElementTree.parse(files["stewardpath:path:check"]).getroot()
    kinds = [question.get("type") for question in root.findall("question")]
    assert kinds == ["category", "truefalse", "truefalse"]


def test_an_empty_section_of_others_is_not_used(bare: JobEnvironment) -> None:
    bare.apply()
    course = "SELECT id FROM course WHERE idnumber = 'stewardpath:path:first'"
    bare.site.do(f"INSERT INTO section (courseid, number, name) VALUES (({course}), 7, 'Exam')")
    more = milestone("first", section("start", page("hello")), section("new", quiz("check")))
    bare.curricula = [curriculum(more)]
    bare.apply(force=True)
    names = bare.site.rows(f"SELECT name FROM section WHERE courseid = ({course}) ORDER BY number")
    assert names == [("",), ("Section start",), ("Exam",), ("Section new",)]


@pytest.mark.parametrize("kind", ["error-500", "close", "cut", "after-write"])
def test_a_core_apply_converges_after_any_failure(bare: JobEnvironment, kind: str) -> None:
    bare.apply()
    wanted = _row_counts(bare.site)
    calls = len(bare.site.faults.log)
    for nth in range(1 + len(kind) % 3, calls + 1, 3):
        for table in _TABLES:
            bare.site.do(f"DELETE FROM {table} WHERE {_OURS.get(table, 'TRUE')}")
        bare.site.faults.clear()
        bare.site.fail(kind, nth=nth)
        for _ in range(3):
            try:
                bare.apply()
            except (MoodleUnavailable, MoodleMisconfigured):
                continue
            break
        bare.site.faults.clear()
        assert manual_titles(bare) == BY_HAND
        assert _row_counts(bare.site) == wanted, nth


_TABLES = ("category", "course", "section", "cohort", "framework", "competency", "template",
           "templatecompetency")  # fmt: skip


_OURS = {"category": "id > 1", "course": "id > 1"}


def _row_counts(site: SandboxServer) -> dict[str, int]:
    return {table: site.one(f"SELECT count(*) FROM {table}") for table in _TABLES}


def test_deliveries_work_without_the_companion(bare: JobEnvironment) -> None:
    bare.apply()
    bare.sign_up(*people(3))
    bare.deliver()
    site = bare.site
    assert site.one("SELECT count(*) FROM enrolment") == 3
    assert site.one("SELECT count(*) FROM plan") == 3
    assert site.one("SELECT count(*) FROM plancompetency") == 6
    make_quiz(bare, "Quiz check")
    pass_quiz(bare, "N1")
    bare.reconcile()
    bare.deliver()
    assert site.one("SELECT count(*) FROM cohortmember") == 1
    assert site.one("SELECT count(*) FROM message") == 1
    assert site.one("SELECT count(*) FROM usercompetency WHERE proficiency = 1") == 1
    assert "companion" in bare.errors()["N1"]
    assert bare.states("badge") == {"failed": 1}
    with bare.database.transaction() as session:
        withdraw_award(session, bare.curricula, 1, "Why", "chair", bare.time)
    bare.deliver()
    assert bare.states("cohort-leave").keys() == {"done"}
    assert "Revoke it in Moodle by hand." in bare.errors()["N1"]


def make_quiz(env: JobEnvironment, name: str) -> None:
    env.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name)"
        " SELECT 1, courseid, id, 0, 'quiz', ? FROM section WHERE name LIKE '%start'", name,
    )  # fmt: skip


def pass_quiz(env: JobEnvironment, number: str) -> None:
    env.site.do(
        "INSERT INTO attempt (cmid, userid, number, state, timestart, grade, questions)"
        " SELECT cmid, ?, 1, 'finished', 0, 100, '[]' FROM activity", env.user(number),
    )  # fmt: skip


def test_an_email_in_capitals_is_found(bare: JobEnvironment) -> None:
    bare.apply()
    user = bare.site.account("one", "M1@Example.ORG")
    bare.sign_up(replace(people(1)[0], email="M1@Example.ORG"))
    bare.deliver()
    assert bare.user("N1") == user


def test_a_half_installed_companion_is_an_error(env: JobEnvironment) -> None:
    info = {"sitename": "x", "username": "u", "userid": 3, "siteurl": "x",
            "functions": [{"name": "local_stewardpath_get_changes"}]}  # fmt: skip
    with pytest.raises(MoodleMisconfigured, match="get_course_state"):
        choose_site(env.moodle, SiteInfo.model_validate(info))
