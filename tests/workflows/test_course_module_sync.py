"""Where Moodle keeps each activity is kept with what is read and made, so that pages can link."""

from __future__ import annotations

from dataclasses import replace

from bridge.jobs.tasks import run_drift
from bridge.moodle.site.connection import connect
from bridge.store.curricula import course_modules
from bridge.workflows.site_sync import apply, save_course_modules
from tests.support.job_environment import JobEnvironment
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section
from tests.support.sandbox_server import SandboxServer


def kept(env: JobEnvironment) -> dict[str, int]:
    with env.database.reading() as session:
        return {activity: cmid for (_, activity), cmid in course_modules.cmids_of(session).items()}


def in_moodle(env: JobEnvironment) -> dict[str, int]:
    """What a learner can open there."""
    found = env.site.rows("SELECT idnumber, cmid FROM activity WHERE visible")
    return {idnumber.rpartition(":")[2]: cmid for idnumber, cmid in found}


def make(env: JobEnvironment) -> None:
    site = connect(env.moodle)
    for path in env.curricula:
        apply(site, path, max_share=1.0)
        save_course_modules(env.database, site, path)


def test_what_is_made_is_known_at_once(env: JobEnvironment) -> None:
    make(env)
    assert kept(env) == in_moodle(env)
    assert sorted(kept(env)) == ["agreement", "check", "deep", "hello"]


def test_what_is_read_is_known_without_a_call_more(applied: JobEnvironment) -> None:
    applied.site.faults.clear()
    run_drift(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    calls = len(applied.site.faults.log)
    assert kept(applied) == in_moodle(applied)
    assert applied.site.faults.log == (
        "core_webservice_get_site_info",
        "local_stewardpath_get_site_state",
        "local_stewardpath_get_course_state",
        "local_stewardpath_get_course_state",
    )
    before = applied.rows("SELECT * FROM course_module")
    run_drift(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    assert applied.rows("SELECT * FROM course_module") == before
    assert len(applied.site.faults.log) == 2 * calls


def test_what_is_hidden_is_known_no_more(env: JobEnvironment) -> None:
    make(env)
    first = milestone("first", section("start", quiz("check")))
    env.curricula = [replace(env.curricula[0], milestones=(first,), revision="b" * 64)]
    make(env)
    assert "hello" not in kept(env)
    assert kept(env) == in_moodle(env)
    run_drift(env.database, env.moodle, env.config, env.curricula, env.clock)
    assert kept(env) == in_moodle(env)


def test_what_is_renamed_is_known_by_its_new_key(env: JobEnvironment) -> None:
    make(env)
    before = kept(env)
    first = milestone("first", section("start", page("hello"), quiz("exam", previously="check")))
    second = env.curricula[0].milestones[1]
    env.curricula = [curriculum(first, second, revision="b" * 64)]
    make(env)
    assert kept(env)["exam"] == before["check"]
    assert kept(env) == in_moodle(env)


def test_a_course_that_is_gone_leaves_nothing(env: JobEnvironment) -> None:
    make(env)
    env.site.do("DELETE FROM activity")
    run_drift(env.database, env.moodle, env.config, env.curricula, env.clock)
    assert kept(env) == {}


def test_without_the_companion_a_quiz_made_by_hand_is_known(
    build: BuildEnvironment, bare_sandbox_server: SandboxServer
) -> None:
    env = build(bare_sandbox_server)
    make(env)
    assert kept(env) == {}
    env.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name, idnumber)"
        " SELECT 1, courseid, id, 0, 'quiz', 'Quiz check', '' FROM section WHERE name LIKE '%start'"
    )
    run_drift(env.database, env.moodle, env.config, env.curricula, env.clock)
    assert kept(env) == {"check": env.site.one("SELECT cmid FROM activity")}
