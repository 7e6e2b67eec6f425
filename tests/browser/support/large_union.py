"""A union with 10,000 members, to count clicks in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert

from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.store.tables.members import Member
from tests.browser.support.sample_data import Crowd

MEMBERS = 10_000


def large(database: Database, path: Curriculum, clock: Callable[[], datetime]) -> Crowd:
    """Store the members, `M0000001` to `M0010000`."""
    now = clock()
    rows = [
        {"id": n, "number": f"M{n:07}", "number_key": f"m{n:07}", "email": f"m{n}@union.example",
         "email_key": f"m{n}@union.example", "first_name": "Kim", "last_name": f"Name{n}",
         "first_key": "kim", "last_key": f"name{n}", "region": "south" if n % 3 else "north",
         "language": "en", "source": "csv", "created_at": now, "updated_at": now}
        for n in range(1, MEMBERS + 1)
    ]  # fmt: skip
    with database.transaction() as session:
        session.execute(insert(Member), rows)
    return Crowd(1, path, "copy-0")
