"""A union with local servers of BigBlueButton and Zoom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.store.database import Database
from tests.sessions.conftest import db as db
from tests.sessions.conftest import url as url
from tests.sessions.environment import Union
from tests.sessions.providers.servers import BigBlueButtonServer, ZoomServer, config_for


@pytest.fixture
def bbb() -> Iterator[BigBlueButtonServer]:
    with BigBlueButtonServer() as server:
        yield server


@pytest.fixture
def zoom() -> Iterator[ZoomServer]:
    with ZoomServer() as server:
        yield server


@pytest.fixture
def union(db: Database, bbb: BigBlueButtonServer, zoom: ZoomServer) -> Union:
    return Union(db, config=config_for(bbb.url, zoom.url))
