"""A database with consultations, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.config import Config
from bridge.store.database import Database, open_database
from tests.consultations.environment import Consultations
from tests.support.databases import with_tables
from tests.web.conftest import config_at
from tests.web.sample_site import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_at(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with with_tables(request.param, request, tmp_path) as address:
        database = open_database(address)
        yield database
        database.close()


@pytest.fixture
def consultations(config: Config, database: Database, clock: Clock) -> Consultations:
    return Consultations(config, database, clock)
