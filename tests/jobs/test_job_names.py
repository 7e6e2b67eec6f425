"""A job is documented, and `status` shows its failures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.cli.service.status import FAILURE_KINDS, RUN_KINDS
from bridge.jobs.scheduler import TRIGGERABLE_JOBS, UNRECORDED_JOBS, Scheduler
from tests.support.job_environment import JobEnvironment

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.fixture
def names(env: JobEnvironment) -> set[str]:
    """The names of the scheduler's jobs, none of which runs."""
    jobs = Scheduler(
        env.config, env.database, (), env.site.client, lambda: datetime.now(UTC) + timedelta(days=9)
    )
    jobs.start()
    found = {str(job.args[0]) for job in jobs._scheduler.get_jobs()}
    jobs.stop()
    return found


def test_status_shows_the_failures_of_every_job(names: set[str]) -> None:
    missing = names - set(FAILURE_KINDS)
    assert not missing, (
        f"`status` doesn't show that {sorted(missing)} failed: add it to FAILURE_KINDS "
        "in bridge/cli/service/status.py"
    )
    assert names - UNRECORDED_JOBS <= set(RUN_KINDS), (
        "a job whose runs are recorded belongs in RUN_KINDS in bridge/cli/service/status.py"
    )
    assert names >= UNRECORDED_JOBS | TRIGGERABLE_JOBS


def test_every_job_is_documented(names: set[str]) -> None:
    documented = set(re.findall(r"^\| ([a-z-]+) \|", OPERATIONS.read_text("utf-8"), re.MULTILINE))
    missing = names - documented
    assert not missing, f"add a row about {sorted(missing)} to the table of jobs in {OPERATIONS}"


def test_jobs_have_the_unions_time(env: JobEnvironment) -> None:
    config = env.config.model_copy(update={"timezone": "America/Vancouver"})
    evening = datetime(2026, 11, 28, 6, 17, tzinfo=UTC)
    jobs = Scheduler(config, env.database, (), env.site.client, lambda: evening)
    assert jobs._clock() == evening
    assert jobs._clock().day == 27
