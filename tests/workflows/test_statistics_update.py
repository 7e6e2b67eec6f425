"""Figures are counted beside the pages: often where that is quick, seldom where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.curriculum.model import Curriculum
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.statistics import summary
from bridge.store.statistics.summary import StatisticsSummary
from bridge.workflows import statistics as job
from bridge.workflows.statistics import EVERY, SHARE, update_statistics
from tests.support.job_environment import JobEnvironment, people


@pytest.fixture
def crowd(env: JobEnvironment) -> JobEnvironment:
    env.sign_up(*people(3))
    return env


def counted(env: JobEnvironment) -> bool:
    return update_statistics(env.database, env.curricula, env.clock)


def kept(env: JobEnvironment) -> StatisticsSummary:
    with env.database.reading() as session:
        known = summary.saved_summary(session)
    assert known is not None
    return known


def test_it_is_counted_at_once_and_then_every_fifteen_seconds(crowd: JobEnvironment) -> None:
    assert counted(crowd)
    assert kept(crowd).members(["north"]) == 3
    crowd.sign_up(*people(5))
    assert not counted(crowd)
    assert kept(crowd).members(["north"]) == 3
    crowd.time += timedelta(seconds=EVERY)
    assert counted(crowd)
    assert kept(crowd).members(["north"]) == 5


def test_what_takes_long_is_counted_seldom(crowd: JobEnvironment) -> None:
    began = crowd.time
    with crowd.database.transaction() as session:
        known = summary.count_summary(session, {}, crowd.clock)
        summary.save_summary(session, replace(known, seconds=6))
    crowd.time = began + timedelta(seconds=6 * SHARE - 1)
    assert not counted(crowd)
    crowd.time = began + timedelta(seconds=6 * SHARE)
    assert counted(crowd)
    assert kept(crowd).counted_at == crowd.time


def renamed(curriculum: Curriculum) -> Sequence[Curriculum]:
    first, *others = curriculum.milestones
    return [replace(curriculum, milestones=(replace(first, previously="begun"), *others))]


def test_a_renamed_milestone_is_counted_under_its_key_of_now(crowd: JobEnvironment) -> None:
    [path] = crowd.curricula
    with crowd.database.transaction() as session:
        grant(session, [AwardRecord(1, path.key, "begun", "r", {}, crowd.time)])
    crowd.curricula = renamed(path)
    assert counted(crowd)
    assert kept(crowd).awards == {(path.key, path.milestones[0].key): 1}


def test_a_stop_between_counting_and_keeping_leaves_the_former_figures(
    crowd: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counted(crowd)
    before = kept(crowd)
    crowd.sign_up(*people(5))
    crowd.time += timedelta(minutes=1)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(job.figures, "keep", stop)
        with pytest.raises(KeyboardInterrupt):
            counted(crowd)
    assert kept(crowd) == before
    assert counted(crowd)
