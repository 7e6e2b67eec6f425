"""Importing members is tested on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.store.conftest import db as db
from tests.store.conftest import url as url
