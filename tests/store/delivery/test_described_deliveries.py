"""What an email describes: the account, and the enrolments in the same curriculum."""

from __future__ import annotations

from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.delivery import deliveries, waiting
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.tables.delivery import MANY_ATTEMPTS, Delivery
from tests.store.sample_members import ANNA, NOW, add

KINDS = ("account", "enrol")


def test_only_the_same_curriculum_is_described(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        targets = {
            "welcome": "stewardpath:one:path", "account": "", "enrol": "stewardpath:two:first",
        }  # fmt: skip
        records = [DeliveryRecord(anna, kind, target, {}) for kind, target in targets.items()]  # type: ignore[arg-type]
        deliveries.enqueue(session, records, NOW)
        ids = {each.kind: each.id for each in session.scalars(select(Delivery))}
        assert waiting.pending_kinds(session, ids["welcome"], KINDS) == {"account"}
        waiting.list_for_person(session, [ids["welcome"]], KINDS)
    with db.reading() as session:
        tries = {each.kind: each.attempts for each in session.scalars(select(Delivery))}
    assert tries == {"welcome": 0, "account": MANY_ATTEMPTS, "enrol": 0}
