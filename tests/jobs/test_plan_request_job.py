"""Plans and applies that pages ask for: taken once, shown, guarded, and told as they go."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.jobs.locks import run_locked
from bridge.jobs.plan_requests import run_plan_requests
from bridge.store.curricula import plan_requests
from bridge.store.tables.operations import Run
from tests.support.job_environment import JobEnvironment


def ask(env: JobEnvironment, kind: str, **detail: object) -> None:
    with env.database.transaction() as session:
        plan_requests.request(
            session, kind, {"curriculum": env.curricula[0].key, **detail}, env.time
        )


def work(env: JobEnvironment) -> Any:
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


def planned(env: JobEnvironment) -> Run:
    ask(env, plan_requests.PLAN)
    work(env)
    return newest(env, plan_requests.PLAN)


def test_a_plan_changes_nothing_and_its_apply_does(env: JobEnvironment) -> None:
    plan = planned(env)
    assert plan.ok
    assert plan.detail["changes"]
    assert env.site.writes == []
    ask(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    work(env)
    done = newest(env, plan_requests.APPLY)
    assert done.ok, done.detail
    assert done.detail["made"] == sum(plan.detail["counts"].values())  # type: ignore[attr-defined]
    assert planned(env).detail["changes"] == []


def test_another_fingerprint_is_refused_with_its_sentence(env: JobEnvironment) -> None:
    ask(env, plan_requests.APPLY, fingerprint="0" * 12, force=False)
    work(env)
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
    plan = planned(applied)
    assert plan.detail["risks"]
    mark = plan.detail["fingerprint"]
    ask(applied, plan_requests.APPLY, fingerprint=mark, force=False)
    work(applied)
    assert newest(applied, plan_requests.APPLY).ok is False
    ask(applied, plan_requests.APPLY, fingerprint=mark, force=True)
    work(applied)
    assert newest(applied, plan_requests.APPLY).ok


def test_nothing_is_applied_while_the_command_applies(env: JobEnvironment) -> None:
    plan = planned(env)
    ask(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    with run_locked(env.database, "apply", env.clock):
        work(env)
    assert "another process" in str(newest(env, plan_requests.APPLY).detail["error"])
    assert env.site.writes == []


def test_it_is_done_once_and_moodle_is_left_alone_otherwise(env: JobEnvironment) -> None:
    planned(env)
    before = len(env.site.faults.log)
    assert work(env) == {"requests": 0}
    assert len(env.site.faults.log) == before


def test_what_is_far_is_told_on_the_way(env: JobEnvironment, monkeypatch: Any) -> None:
    told: list[Any] = []
    real = plan_requests.progress

    def listening(session: Any, run: int, detail: Any, now: Any) -> None:
        told.append((detail["place"], detail["count"]))
        real(session, run, detail, now)

    monkeypatch.setattr(plan_requests, "progress", listening)
    plan = planned(env)
    ask(env, plan_requests.APPLY, fingerprint=plan.detail["fingerprint"], force=False)

    def clock() -> Any:
        env.time += timedelta(seconds=1)
        return env.time

    run_plan_requests(
        env.database, lambda: nullcontext(env.moodle), env.config, env.curricula, clock
    )
    assert len(told) > 3
    assert told == sorted(told)


def test_one_that_fails_unexpectedly_says_so_and_the_next_is_done(env: JobEnvironment) -> None:
    with env.database.transaction() as session:
        broken = plan_requests.request(
            session, plan_requests.PLAN, {"curriculum": "no-such"}, env.time
        )
        session.connection().exec_driver_sql(
            "UPDATE run SET detail = '[1]' WHERE id = ?", (broken,)
        )
    assert planned(env).ok
    [(ok, detail)] = env.rows(f"SELECT ok, detail FROM run WHERE id = {broken}")
    assert not ok
    assert "TypeError, bridge.jobs.plan_requests:" in detail
