"""Without the companion, Moodle's core services do what they can, and the rest is listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bridge.curriculum.images.image_file import ImageFile
from bridge.curriculum.model import Text
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.errors import MoodleMisconfigured, MoodleUnavailable
from bridge.moodle.schemas.core import SiteInfo
from bridge.moodle.site.connection import choose_site, connect
from bridge.store.delivery import delivery_queries, failed_deliveries
from bridge.store.delivery.delivery_queries import count_waiting_for_companion
from bridge.store.statistics import job_health
from bridge.workflows.delivery_check.replaced_objects import queue_after_apply
from bridge.workflows.manual_work import manual_steps, milestones_with_views, write_files
from bridge.workflows.site_sync import make_plan
from bridge.workflows.withdrawals import withdraw_award
from tests.support.job_environment import JobEnvironment, people
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section
from tests.support.sandbox_server import SandboxServer, running_sandbox

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
    assert manual_titles(bare) == ["link", "quiz"]


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
    files = write_files(applied.plan, bare.curricula[0], tmp_path / "xml")
    questions = {key: file for key, both in files.items() for file in both if file.suffix == ".xml"}
    assert sorted(questions) == ["stewardpath:path:check", "stewardpath:path:deep"]
    root = ElementTree.parse(questions["stewardpath:path:check"]).getroot()
    kinds = [question.get("type") for question in root.findall("question")]
    assert kinds == ["category", "truefalse", "truefalse"]


def test_texts_to_paste_are_written_in_all_languages(bare: JobEnvironment, tmp_path: Path) -> None:
    title = Text((("en", "Hello"), ("fr", "Bonjour")))
    asked = replace(quiz("check"), pass_mark=60)
    bare.curricula = [
        curriculum(milestone("first", section("start", replace(page("hello"), title=title), asked)))
    ]
    (applied,) = bare.apply()
    files = write_files(applied.plan, bare.curricula[0], tmp_path / "xml")
    (hello,) = files["stewardpath:path:hello"]
    text = hello.read_text("utf-8")
    both = (
        '<span lang="en" class="multilang">Hello</span>'
        '<span lang="fr" class="multilang">Bonjour</span>'
    )
    assert f"=== Name ===\n{both}\n" in text
    assert "=== Page content ===\n<p>" in text
    assert "=== ID number ===\nstewardpath:path:hello\n" in text
    assert "6 of 10" in files["stewardpath:path:check"][0].read_text("utf-8")


def test_titles_of_sections_show_whether_languages_are_filtered(bare: JobEnvironment) -> None:
    titled = replace(section("start", page("hello")), title=Text((("en", "Go"), ("fr", "Allez"))))
    bare.curricula = [curriculum(milestone("first", titled))]
    bare.apply()
    for shown, filtered in (("GoAllez", False), ("Go", True), ("Other", None)):
        bare.site.do(f"UPDATE section SET name = '{shown}' WHERE number > 0")
        site = connect(bare.moodle)
        make_plan(site, bare.curricula[0], 1.0)
        assert site.filters_languages is filtered, shown


def test_a_milestone_that_needs_a_page_is_named() -> None:
    read = milestone("first", section("start", page("hello"), quiz("check")))
    assert milestones_with_views(curriculum(read)) == []
    needs = (AtLeast(1, (ActivityDone("hello"), SignedOff("met"))), ActivityDone("check"))
    assert milestones_with_views(curriculum(replace(read, requirements=needs))) == []
    needs = (*needs, AtLeast(2, (ActivityDone("hello"), SignedOff("met"))))
    reads = replace(read, requirements=needs)
    assert milestones_with_views(curriculum(reads)) == [reads]


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
    with bare.database.transaction() as session:
        withdraw_award(session, bare.curricula, 1, "Why", "chair", bare.time)
    bare.deliver()
    assert bare.states("cohort-leave").keys() == {"done"}
    assert bare.states("badge-revoke") == {"owed": 1}
    assert bare.errors() == {}


def test_badges_wait_for_the_companion_without_an_error(
    bare: JobEnvironment,
) -> None:
    bare.curricula = [curriculum(milestone("first", section("start", quiz("check"))))]
    bare.apply()
    bare.sign_up(*people(25))
    bare.deliver()
    make_quiz(bare, "Quiz check")
    for number in range(1, 26):
        pass_quiz(bare, f"N{number}")
    bare.reconcile()
    for _ in range(3):
        resolutions = bare.deliver()
        assert set(resolutions) <= {"done", "companion"}
        bare.advance_time(days=2)
    assert bare.states("badge") == {"owed": 25}
    assert bare.errors() == {}
    with bare.database.reading() as session:
        assert count_waiting_for_companion(session) == 25
        assert delivery_queries.retry_summary(session) is None
        assert failed_deliveries.list_failed_deliveries(session, 10) == []
        assert job_health.problems(session, bare.time) == []
    bare.deliver()
    with running_sandbox(bare.site.file) as with_companion:
        bare.moodle = with_companion.client()
        bare.apply()
        queue_after_apply(bare.database, bare.moodle, bare.curricula[0], bare.clock)
        bare.deliver()
    assert bare.states("badge") == {"done": 25}


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


def test_a_text_to_paste_names_its_images(bare: JobEnvironment, tmp_path: Path) -> None:
    body = Text((("en", "![x](images/a.png)"),), (ImageFile("images/a.png", b"content"),))
    shown = replace(page("hello"), body=body)
    bare.curricula = [curriculum(milestone("first", section("start", shown, quiz("check"))))]
    (applied,) = bare.apply()
    files = write_files(applied.plan, bare.curricula[0], tmp_path / "xml")
    text = files["stewardpath:path:hello"][0].read_text("utf-8")
    assert "- A pasted text has no images: images/a.png." in text
    assert "no images" not in files["stewardpath:path:check"][0].read_text("utf-8")
