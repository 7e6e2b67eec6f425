"""Deliveries that need attention."""

from __future__ import annotations

from datetime import timedelta

from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.failed_deliveries import by_ids, list_failed_deliveries
from tests.store.sample_members import LATER, NOW
from tests.support.query_lists import listed

WEEK = timedelta(weeks=1)


def test_failed_deliveries_are_listed_by_region_and_target(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        records = [
            DeliveryRecord(one, kind, "t", {}) for one in two_members for kind in ("badge", "mail")
        ]
        deliveries.enqueue(session, records, NOW)
        claimed = deliveries.claim(session, "badge", "me", NOW, WEEK, 10)
        deliveries.mark_failed(session, claimed[0].id, "me", "no")
        deliveries.retry_later(session, claimed[1].id, "me", "set it", LATER, "configuration")
        ids = [each.id for each in deliveries.claim(session, "mail", "me", NOW, WEEK, 10)]
        deliveries.retry_later(session, ids[0], "me", "busy", LATER)
    queries.clear()
    with db.reading() as session:
        found = list_failed_deliveries(session, 10)
        assert len(queries) == 1, listed(queries)
        assert [(one.member_id, one.reason, one.last_error) for one in found] == [
            (anna, "never", "no"), (ben, "configuration", "set it"),
        ]  # fmt: skip
        assert list_failed_deliveries(session, 10, found[0].id) == found[1:]
        assert list_failed_deliveries(session, 10, regions=["east"], targets=["t"]) == found[1:]
        assert list_failed_deliveries(session, 10, targets=["other"]) == []
        assert [one.id for one in by_ids(session, [*ids, found[0].id])] == [found[0].id]
