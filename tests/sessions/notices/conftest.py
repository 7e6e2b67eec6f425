"""Databases for the tests of notices."""

import pytest

from bridge.store.database import Database
from tests.sessions.environment import Union
from tests.store.conftest import db as db
from tests.store.conftest import url as url


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)
