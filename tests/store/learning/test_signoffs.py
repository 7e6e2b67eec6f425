"""Sign-offs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.errors import MemberError
from bridge.store.database import Database
from bridge.store.learning.signoffs import record_signoff, signoffs_of
from bridge.store.tables.operations import AuditEntry
from tests.store.sample_members import ANNA, LATER, NOW, add


def test_a_signoff_is_recorded_once(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        assert record_signoff(session, anna, "path", "basic", "Ben B.", "well done", "ben", NOW)
        assert not record_signoff(session, anna, "path", "basic", "Carol C.", "", "carol", LATER)
        with pytest.raises(MemberError):
            record_signoff(session, 999, "path", "basic", "Ben B.", "", "ben", NOW)
    with db.reading() as session:
        [signoff] = signoffs_of(session, anna)
        assert (signoff.evidence, signoff.recorded_at) == (
            {"by_name": "Ben B.", "note": "well done"},
            NOW,
        )
        assert len(session.scalars(select(AuditEntry)).all()) == 1
