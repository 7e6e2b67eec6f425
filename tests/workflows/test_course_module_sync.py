"""Course module ids are saved after a plan or apply, so that pages can link to activities."""

from __future__ import annotations

from dataclasses import replace

from bridge.jobs.tasks import run_drift
from bridge.moodle.site.connection import connect
from bridge.store.curricula import course_modules
from bridge.workflows.site_sync import apply, update_caches
from tests.support.job_environment import JobEnvironment
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section
from tests.support.sandbox_server import SandboxServer


def saved(env: JobEnvironment) -> dict[str, int]:
    with env.database.reading() as session:
        return {activity: cmid for (_, activity), cmid in course_modules.cmids_of(session).items()}


def in_moodle(env: JobEnvironment) -> dict[str, int]:
    """The activities that a learner can open."""
    found = env.site.rows("SELECT idnumber, cmid FROM activity WHERE visible")
    return {idnumber.rpartition(":")[2]: cmid for idnumber, cmid in found}


def apply_and_save(env: JobEnvironment) -> None:
    site = connect(env.moodle)
    for path in env.curricula:
        apply(site, path, max_share=1.0)
        update_caches(env.database, site, path)


def test_new_activities_are_saved_after_apply(env: JobEnvironment) -> None:
    apply_and_save(env)
    assert saved(env) == in_moodle(env)
    assert sorted(saved(env)) == ["agreement", "check", "deep", "hello"]


def test_a_plan_saves_them_without_another_call(applied: JobEnvironment) -> None:
    applied.site.faults.clear()
    run_drift(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    calls = len(applied.site.faults.log)
    assert saved(applied) == in_moodle(applied)
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


def test_hidden_activities_are_removed(env: JobEnvironment) -> None:
    apply_and_save(env)
    first = milestone("first", section("start", quiz("check")))
    env.curricula = [replace(env.curricula[0], milestones=(first,), revision="b" * 64)]
    apply_and_save(env)
    assert "hello" not in saved(env)
    assert saved(env) == in_moodle(env)
    run_drift(env.database, env.moodle, env.config, env.curricula, env.clock)
    assert saved(env) == in_moodle(env)


def test_renamed_activities_are_saved_by_their_new_key(env: JobEnvironment) -> None:
    apply_and_save(env)
    before = saved(env)
    first = milestone("first", section("start", page("hello"), quiz("exam", previously="check")))
    second = env.curricula[0].milestones[1]
    env.curricula = [curriculum(first, second, revision="b" * 64)]
    apply_and_save(env)
    assert saved(env)["exam"] == before["check"]
    assert saved(env) == in_moodle(env)


def test_a_deleted_course_leaves_nothing(env: JobEnvironment) -> None:
    apply_and_save(env)
    env.site.do("DELETE FROM activity")
    run_drift(env.database, env.moodle, env.config, env.curricula, env.clock)
    assert saved(env) == {}


def test_without_the_companion_a_quiz_made_by_hand_is_saved(
    build: BuildEnvironment, bare_sandbox_server: SandboxServer
) -> None:
    env = build(bare_sandbox_server)
    apply_and_save(env)
    assert saved(env) == {}
    env.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name, idnumber)"
        " SELECT 1, courseid, id, 0, 'quiz', 'Quiz check', '' FROM section WHERE name LIKE '%start'"
    )
    run_drift(env.database, env.moodle, env.config, env.curricula, env.clock)
    assert saved(env) == {"check": env.site.one("SELECT cmid FROM activity")}
