"""What features give is tested on SQLite and on PostgreSQL where the database matters."""

from __future__ import annotations

from tests.store.conftest import db as db
from tests.store.conftest import queries as queries
from tests.store.conftest import two_members as two_members
from tests.store.conftest import url as url
