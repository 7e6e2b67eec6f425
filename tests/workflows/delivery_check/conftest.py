"""Members who have in Moodle everything that they earned."""

from __future__ import annotations

import pytest

from tests.support.job_environment import JobEnvironment, people


@pytest.fixture
def settled(applied: JobEnvironment) -> JobEnvironment:
    """Three members; the first has earned the first milestone. All deliveries are done."""
    applied.sign_up(*people(3))
    applied.deliver()
    applied.finish("N1", "check", 100.0)
    applied.pull()
    applied.deliver()
    applied.advance_time()
    assert applied.states().keys() == {"done"}
    return applied
