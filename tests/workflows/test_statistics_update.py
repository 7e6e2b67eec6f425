"""Statistics are counted by a job: often if that is quick, less often if it is slow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.curriculum.model import Curriculum
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.statistics import summary
from bridge.store.statistics.pace import PAUSE_FACTOR, UPDATE_INTERVAL_SECONDS
from bridge.store.statistics.summary import StatisticsSummary
from bridge.workflows import statistics as job
from bridge.workflows.statistics import update_statistics
from tests.support.job_environment import JobEnvironment, people


@pytest.fixture
def members(env: JobEnvironment) -> JobEnvironment:
    env.sign_up(*people(3))
    return env


def update(env: JobEnvironment) -> bool:
    return update_statistics(env.database, env.curricula, env.clock)


def saved(env: JobEnvironment) -> StatisticsSummary:
    with env.database.reading() as session:
        known = summary.saved_summary(session)
    assert known is not None
    return known


def test_statistics_are_counted_first_and_then_every_15_seconds(members: JobEnvironment) -> None:
    assert update(members)
    assert saved(members).members(["north"]) == 3
    members.sign_up(*people(5))
    assert not update(members)
    assert saved(members).members(["north"]) == 3
    members.time += timedelta(seconds=UPDATE_INTERVAL_SECONDS)
    assert update(members)
    assert saved(members).members(["north"]) == 5


def test_slow_counts_run_less_often(members: JobEnvironment) -> None:
    began = members.time
    with members.database.transaction() as session:
        known = summary.count_summary(session, {}, members.clock)
        summary.save_summary(session, replace(known, seconds=6))
    members.time = began + timedelta(seconds=6 * PAUSE_FACTOR - 1)
    assert not update(members)
    members.time = began + timedelta(seconds=6 * PAUSE_FACTOR)
    assert update(members)
    assert saved(members).counted_at == members.time


def renamed(curriculum: Curriculum) -> Sequence[Curriculum]:
    first, *others = curriculum.milestones
    return [replace(curriculum, milestones=(replace(first, previously="begun"), *others))]


def test_a_renamed_milestone_is_counted_under_its_current_key(members: JobEnvironment) -> None:
    [path] = members.curricula
    with members.database.transaction() as session:
        grant(session, [AwardRecord(1, path.key, "begun", "r", {}, members.time)])
    members.curricula = renamed(path)
    assert update(members)
    assert saved(members).awards == {(path.key, path.milestones[0].key): 1}


def test_a_stop_before_saving_keeps_the_old_statistics(
    members: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert update(members)
    before = saved(members)
    members.sign_up(*people(5))
    members.time += timedelta(minutes=1)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(job.summary, "save_summary", stop)
        with pytest.raises(KeyboardInterrupt):
            update(members)
    assert saved(members) == before
    assert update(members)
