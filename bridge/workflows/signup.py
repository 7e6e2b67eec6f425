"""People sign up: by the membership system, a file, a form, or in Moodle itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum, idnumber
from bridge.desired_state import TEMPLATE_KEY
from bridge.member_records import MemberRecord
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.members.queries import members_by_ids
from bridge.store.members.upsert import UpsertResult, upsert_members
from bridge.workflows.awards import assess

SignupResult = UpsertResult
"""What became of the records; see `bridge.store.members.upsert.UpsertResult`."""


def sign_up(
    session: Session,
    curricula: Sequence[Curriculum],
    records: Sequence[MemberRecord],
    *,
    regions: Mapping[str, Region],
    actor: str,
    now: datetime,
) -> SignupResult:
    """Write members, the enrolments they may have and everything owed to them, in one transaction.

    At most 500 records. `who` goes into the audit log. New members are owed an account, a
    learning plan, the welcome and a notice to their region's chair; changed ones (a new role) may
    enter further milestones. The same records again change nothing.
    """
    curricula = tuple(curricula)  # a Library looks at its files whenever it is asked
    written = upsert_members(session, records, now, actor=actor)
    _welcome(session, curricula, written.created, regions, now)
    assess(session, curricula, [*written.created, *written.changed], now)
    return written


def _welcome(
    session: Session,
    curricula: Sequence[Curriculum],
    created: Collection[int],
    regions: Mapping[str, Region],
    now: datetime,
) -> None:
    chaired = {key for key, region in regions.items() if region.chair}
    owed = [DeliveryRecord(member, "account", "", {}) for member in created]
    for member, row in members_by_ids(session, created).items():
        if row.region in chaired:
            owed.append(DeliveryRecord(member, "notice", row.region, {}))
        owed += _into(curricula, member)
    deliveries.enqueue(session, owed, now)


def _into(curricula: Sequence[Curriculum], member: int) -> Iterator[DeliveryRecord]:
    for curriculum in curricula:
        about = {"curriculum": curriculum.key}
        yield DeliveryRecord(member, "plan", idnumber(curriculum.key, TEMPLATE_KEY), about)
        yield DeliveryRecord(member, "welcome", idnumber(curriculum.key, TEMPLATE_KEY), about)
