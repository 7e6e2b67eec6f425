"""People sign up: by the membership system, a file, a form, or in Moodle itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum, idnumber
from bridge.desired import TOP
from bridge.jobs.award import assess
from bridge.roster import MemberRecord
from bridge.store import deliveries
from bridge.store.deliveries import DeliveryRecord
from bridge.store.intake import Upserted, upsert_members
from bridge.store.members import members_by_ids

SignedUp = Upserted
"""What became of the records; see `bridge.store.intake.Upserted`."""


def sign_up(
    session: Session,
    curricula: Sequence[Curriculum],
    records: Sequence[MemberRecord],
    *,
    regions: Mapping[str, Region],
    who: str,
    now: datetime,
) -> SignedUp:
    """Write members, the enrolments they may have and everything owed to them, in one transaction.

    At most 500 records. `who` goes into the audit log. New members are owed an account, a
    learning plan, the welcome and a notice to their region's chair; changed ones (a new role) may
    enter further milestones. The same records again change nothing.
    """
    curricula = tuple(curricula)  # a Library looks at its files whenever it is asked
    written = upsert_members(session, records, now, who=who)
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
    deliveries.owe(session, owed, now)


def _into(curricula: Sequence[Curriculum], member: int) -> Iterator[DeliveryRecord]:
    for curriculum in curricula:
        about = {"curriculum": curriculum.key}
        yield DeliveryRecord(member, "plan", idnumber(curriculum.key, TOP), about)
        yield DeliveryRecord(member, "welcome", idnumber(curriculum.key, TOP), about)
