"""Plans and applies that pages ask for: taken once, shown, guarded, and told as they go."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.jobs.asked import run_asked
from bridge.jobs.guard import guarded
from bridge.store import asked
from bridge.store.tables import Run

from .house import House


def ask(house: House, kind: str, **detail: object) -> None:
    with house.database.transaction() as session:
        asked.ask(session, kind, {"curriculum": house.curricula[0].key, **detail}, house.time)


def work(house: House) -> Any:
    return run_asked(
        house.database, lambda: nullcontext(house.moodle), house.config, house.curricula,
        house.clock,
    )  # fmt: skip


def newest(house: House, kind: str) -> Run:
    with house.database.reading() as session:
        run = asked.newest(session, kind, house.curricula[0].key)
        session.expunge_all()
    assert run is not None
    return run


def planned(house: House) -> Run:
    ask(house, asked.PLAN)
    work(house)
    return newest(house, asked.PLAN)


def test_a_plan_changes_nothing_and_its_apply_does(house: House) -> None:
    plan = planned(house)
    assert plan.ok
    assert plan.detail["changes"]
    assert house.site.writes == []
    ask(house, asked.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    work(house)
    done = newest(house, asked.APPLY)
    assert done.ok, done.detail
    assert done.detail["made"] == sum(plan.detail["counts"].values())  # type: ignore[attr-defined]
    assert planned(house).detail["changes"] == []


def test_another_fingerprint_is_refused_with_its_sentence(house: House) -> None:
    ask(house, asked.APPLY, fingerprint="0" * 12, force=False)
    work(house)
    done = newest(house, asked.APPLY)
    assert done.ok is False
    assert "the plan is" in str(done.detail["error"])
    assert house.site.writes == []


def test_a_risky_plan_needs_to_be_forced(applied: House) -> None:
    path = applied.curricula[0]
    applied.curricula = (replace(path, milestones=path.milestones[:1]),)
    applied.config = applied.config.model_copy(
        update={"sync": applied.config.sync.model_copy(update={"max_share": 0.0})}
    )
    plan = planned(applied)
    assert plan.detail["risks"]
    mark = plan.detail["fingerprint"]
    ask(applied, asked.APPLY, fingerprint=mark, force=False)
    work(applied)
    assert newest(applied, asked.APPLY).ok is False
    ask(applied, asked.APPLY, fingerprint=mark, force=True)
    work(applied)
    assert newest(applied, asked.APPLY).ok


def test_nothing_is_applied_while_the_command_applies(house: House) -> None:
    plan = planned(house)
    ask(house, asked.APPLY, fingerprint=plan.detail["fingerprint"], force=False)
    with guarded(house.database, "apply", house.clock):
        work(house)
    assert "another process" in str(newest(house, asked.APPLY).detail["error"])
    assert house.site.writes == []


def test_it_is_done_once_and_moodle_is_left_alone_otherwise(house: House) -> None:
    planned(house)
    before = len(house.site.faults.log)
    assert work(house) == {"asked": 0}
    assert len(house.site.faults.log) == before


def test_what_is_far_is_told_on_the_way(house: House, monkeypatch: Any) -> None:
    told: list[Any] = []
    real = asked.progress

    def listening(session: Any, run: int, detail: Any, now: Any) -> None:
        told.append((detail["place"], detail["count"]))
        real(session, run, detail, now)

    monkeypatch.setattr(asked, "progress", listening)
    plan = planned(house)
    ask(house, asked.APPLY, fingerprint=plan.detail["fingerprint"], force=False)

    def clock() -> Any:
        house.time += timedelta(seconds=1)
        return house.time

    run_asked(
        house.database, lambda: nullcontext(house.moodle), house.config, house.curricula, clock
    )
    assert len(told) > 3
    assert told == sorted(told)


def test_one_that_fails_unexpectedly_says_so_and_the_next_is_done(house: House) -> None:
    with house.database.transaction() as session:
        broken = asked.ask(session, asked.PLAN, {"curriculum": "no-such"}, house.time)
        session.connection().exec_driver_sql(
            "UPDATE run SET detail = '[1]' WHERE id = ?", (broken,)
        )
    assert planned(house).ok
    [(ok, detail)] = house.rows(f"SELECT ok, detail FROM run WHERE id = {broken}")
    assert not ok
    assert "TypeError, bridge.jobs.asked:" in detail
