"""For all tests: Hypothesis tries the same examples every time, unless a profile is asked for;
and databases for whoever asks for one."""

from __future__ import annotations

import os

from databases import cluster as cluster
from databases import sqlite_template as sqlite_template
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("wild", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
