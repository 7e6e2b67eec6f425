"""Both databases."""

from __future__ import annotations

from tests.store.conftest import db as db
from tests.store.conftest import queries as queries
from tests.store.conftest import url as url
