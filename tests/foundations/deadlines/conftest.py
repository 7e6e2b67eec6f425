"""The environment of the tests of deadlines."""

from __future__ import annotations

import pytest

from bridge.store.database import Database
from tests.foundations.deadlines.environment import Environment


@pytest.fixture
def env(db: Database) -> Environment:
    return Environment(db)
