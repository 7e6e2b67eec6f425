"""A curriculum with sign-offs, and members to sign off."""

from __future__ import annotations

from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.store.database import Database
from bridge.store.learning.signoff_batches import SignoffDetails
from bridge.workflows.signoffs.recording import Recorded, record_list
from tests.store.sample_members import NOW, add, many_members
from tests.support.sample_curricula import curriculum, milestone, section

PATH = curriculum(
    milestone("walker", section("a"), requirements=[SignedOff("walk")]),
    milestone(
        "talker", section("b"),
        requirements=[SignedOff("talk", signed_off_by=frozenset({"chair"})), HasRole("steward")],
    ),
)  # fmt: skip
WALK = SignoffDetails(PATH.key, "walk", NOW.date(), "Lee", "In the hall")
TALK = SignoffDetails(PATH.key, "talk", NOW.date(), "Lee")
ACTOR = "committee@union.example"


def members(db: Database, count: int) -> list[int]:
    with db.transaction() as session:
        return sorted(add(session, many_members(count)))


def record(db: Database, ids: list[int], key: str = "k", what: SignoffDetails = WALK) -> Recorded:
    with db.transaction() as session:
        return record_list(session, [PATH], what, ids, key, ACTOR, NOW)
