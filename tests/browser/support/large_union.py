"""A union with 10,000 members, to count clicks in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import insert

from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.store.learning.signoffs import record_signoff
from bridge.store.tables.learning import Enrolment
from bridge.store.tables.members import Member
from bridge.workflows.statistics import update_statistics
from tests.browser.support.sample_data import Crowd

MEMBERS = 10_000
WAITING = 300
"""How many of them need follow-up."""
SIGNED_OFF = 6_002
"""The ID of the member who has a sign-off."""


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
        session.execute(insert(Enrolment), _waiting(path, now))
        record_signoff(
            session, SIGNED_OFF, path.key, "helped-with-event", "Lee Example", "", "chair", now
        )
    update_statistics(database, [path], clock)
    return Crowd(1, path, "copy-0")


def _waiting(path: Curriculum, now: datetime) -> list[dict[str, object]]:
    """Enrolments of members who have done nothing for a year."""
    return [
        {"member_id": n, "curriculum": path.key, "milestone": path.milestones[0].key,
         "wanted_at": now - timedelta(days=400)}
        for n in range(1, WAITING + 1)
    ]  # fmt: skip
