"""Plans and applies requested on pages are carried out once, with a lock and progress reports."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.consultations import opening
from bridge.consultations.invitations import groups
from bridge.consultations.office import Office
from bridge.consultations.opening import Asked
from bridge.jobs.locks import run_locked
from bridge.jobs.plan_requests import run_plan_requests
from bridge.store.curricula import plan_requests
from bridge.store.operations import runs
from bridge.store.tables.operations import Run
from tests.support.job_environment import JobEnvironment
from tests.support.sample_curricula import (
    curriculum,
    edited,
    milestone,
    page,
    question,
    quiz,
    section,
)


def request(env: JobEnvironment, kind: str, **detail: object) -> None:
    with env.database.transaction() as session:
        plan_requests.request(
            session, kind, {"curriculum": env.curricula[0].key, **detail}, env.time
        )


def run_requests(env: JobEnvironment) -> Any:
    return run_plan_requests(
        env.database, lambda: nullcontext(env.moodle), env.config, env.curricula,
        env.clock,
    )  # fmt: skip


def newest(env: JobEnvironment, kind: str) -> Run:
    with env.database.reading() as session:
        run = plan_requests.newest(session, kind, env.curricula[0].key)
        session.expunge_all()
    assert run is not None
    return run


def make_plan(env: JobEnvironment) -> Run:
    request(env, plan_requests.PLAN)
    run_requests(env)
    return newest(env, plan_requests.PLAN)


def test_a_plan_changes_nothing_and_its_apply_does(env: JobEnvironment) -> None:
    plan = make_plan(env)
    assert plan.ok
    assert plan.detail["changes"]
    assert env.site.writes == []
    request(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    run_requests(env)
    done = newest(env, plan_requests.APPLY)
    assert done.ok, done.detail
    assert done.detail["made"] == sum(plan.detail["counts"].values())  # type: ignore[attr-defined]
    assert make_plan(env).detail["changes"] == []


def test_an_apply_records_that_renames_were_applied(applied: JobEnvironment) -> None:
    first = milestone("begun", section("start", page("hello")), previously="first")
    applied.curricula = [curriculum(first)]
    plan = make_plan(applied)
    assert applied.rows("SELECT former FROM former_key") == []
    request(applied, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=True)
    run_requests(applied)
    assert applied.rows("SELECT former, current, applied FROM former_key") == [
        ("first", "begun", 1)
    ]


def test_a_plan_shows_what_changes_in_a_question(applied: JobEnvironment) -> None:
    env = applied
    make_plan(env)
    asked = question("one", "Is it 28?")
    first = milestone("first", section("start", page("hello"), quiz("check", asked)))
    env.curricula = [edited(env.curricula[0], 0, first)]
    fields = [
        (each["old"], each["new"])
        for change in make_plan(env).detail["changes"]  # type: ignore[attr-defined]
        if change["kind"] == "question"
        for each in change["fields"]
    ]
    assert fields == [("Is it so?", "Is it 28?")]


def test_refusals_are_recorded_with_the_run(env: JobEnvironment) -> None:
    env.site.do("INSERT INTO course (category, fullname, shortname) VALUES (1, 'X', ?)",
                "Milestone second · The path")  # fmt: skip
    plan = make_plan(env)
    request(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    run_requests(env)
    done = newest(env, plan_requests.APPLY)
    assert done.ok is False
    assert [each["kind"] for each in done.detail["refused"]] == ["course"]  # type: ignore[attr-defined]
    assert done.detail["not_tried"]
    with env.database.reading() as session:
        job = runs.last_run(session, "apply")
        assert job is not None
        assert (job.ok, "not made; the first:" in str(job.detail["error"])) == (False, True)


def test_another_fingerprint_is_refused_with_the_reason(env: JobEnvironment) -> None:
    request(env, plan_requests.APPLY, fingerprint="0" * 12, force=False)
    run_requests(env)
    done = newest(env, plan_requests.APPLY)
    assert done.ok is False
    assert "the plan is" in str(done.detail["error"])
    assert env.site.writes == []


def test_a_risky_plan_needs_to_be_forced(applied: JobEnvironment) -> None:
    path = applied.curricula[0]
    applied.curricula = (replace(path, milestones=path.milestones[:1]),)
    applied.config = applied.config.model_copy(
        update={"sync": applied.config.sync.model_copy(update={"max_share": 0.0})}
    )
    plan = make_plan(applied)
    assert plan.detail["risks"]
    mark = plan.detail["fingerprint"]
    request(applied, plan_requests.APPLY, fingerprint=mark, force=False)
    run_requests(applied)
    assert newest(applied, plan_requests.APPLY).ok is False
    request(applied, plan_requests.APPLY, fingerprint=mark, force=True)
    run_requests(applied)
    assert newest(applied, plan_requests.APPLY).ok


def test_nothing_is_applied_while_another_process_applies(env: JobEnvironment) -> None:
    plan = make_plan(env)
    request(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    with run_locked(env.database, "apply", env.clock):
        run_requests(env)
    assert "another process" in str(newest(env, plan_requests.APPLY).detail["error"])
    assert env.site.writes == []


def test_a_request_is_carried_out_once_and_without_requests_moodle_is_not_called(
    env: JobEnvironment,
) -> None:
    make_plan(env)
    before = len(env.site.faults.log)
    assert run_requests(env) == {"requests": 0}
    assert len(env.site.faults.log) == before


def test_progress_is_reported_during_an_apply(env: JobEnvironment, monkeypatch: Any) -> None:
    reported: list[Any] = []
    real = plan_requests.record_progress

    def record_progress(session: Any, run: int, detail: Any, now: Any) -> None:
        reported.append((detail["place"], detail["count"]))
        real(session, run, detail, now)

    monkeypatch.setattr(plan_requests, "record_progress", record_progress)
    plan = make_plan(env)
    request(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)

    def clock() -> Any:
        env.time += timedelta(seconds=1)
        return env.time

    run_plan_requests(
        env.database, lambda: nullcontext(env.moodle), env.config, env.curricula, clock
    )
    assert len(reported) > 3
    assert reported == sorted(reported)


def test_an_unexpected_error_is_recorded_and_the_next_request_runs(env: JobEnvironment) -> None:
    with env.database.transaction() as session:
        broken = plan_requests.request(
            session, plan_requests.PLAN, {"curriculum": "no-such"}, env.time
        )
        session.connection().exec_driver_sql(
            "UPDATE run SET detail = '[1]' WHERE id = ?", (broken,)
        )
    assert make_plan(env).ok
    [(ok, detail)] = env.rows(f"SELECT ok, detail FROM run WHERE id = {broken}")
    assert not ok
    assert "TypeError, bridge.jobs.plan_requests:" in detail


def test_nothing_is_published_without_the_approval_of_those_who_decide(
    env: JobEnvironment,
) -> None:
    plan, path = make_plan(env), env.curricula[0]
    office = Office(env.config, env.curricula, "test", env.time)
    closes = (env.time + timedelta(days=9)).replace(tzinfo=None, microsecond=0)
    asked = Asked(path.key, "", "The path", "", closes, "UTC")
    with env.database.transaction() as session:
        number = opening.open_consultation(session, office, asked)
        groups.add_group(session, office, number, "Board", "decides", "page")
    request(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=True)
    run_requests(env)
    refused = newest(env, plan_requests.APPLY)
    assert not refused.ok
    assert "(Board)" in str(refused.detail["error"])
    assert env.site.writes == []
