"""Signs members up: from the membership system, a file, a form, or Moodle itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.config import Region
from bridge.curriculum.model import Curriculum, idnumber
from bridge.desired_state import TEMPLATE_KEY
from bridge.member_records import MemberRecord
from bridge.membership.status import participation
from bridge.store.auth import team
from bridge.store.delivery import deliveries, profiles
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.members.matching import email_key
from bridge.store.members.queries import members_by_ids
from bridge.store.members.upsert import UpsertResult, upsert_members
from bridge.store.persons.proof import follow_members, link_by_email
from bridge.workflows.awards import assess

SignupResult = UpsertResult
"""The result for each record; see `bridge.store.members.upsert.UpsertResult`."""


def sign_up(
    session: Session,
    curricula: Sequence[Curriculum],
    records: Sequence[MemberRecord],
    *,
    regions: Mapping[str, Region],
    actor: str,
    now: datetime,
) -> SignupResult:
    """Create or update up to 500 members, in the caller's transaction.

    Queues for each new member an account, a learning plan, the welcome email and a notice to the
    region's chair, and the enrolments that members may now have (after a new role, for example).
    What a person's status doesn't allow isn't queued until it changes (see
    `bridge.membership.status`). `actor` goes into the audit log. Signing up the same records again
    changes nothing.
    """
    curricula = tuple(curricula)  # a Library checks its files each time it is iterated
    written = upsert_members(session, records, now, actor=actor)
    follow_members(session, written.changed, now)
    link_by_email(session, {email_key(record.email) for record in records}, now)
    returned = [m for m, old in written.former_statuses.items() if not participation(old).counted]
    profiles.enqueue_corrections(session, written.changed, now)
    welcome(session, curricula, [*written.created, *returned], regions, now)
    assess(session, curricula, [*written.created, *written.changed], now)
    return written


def welcome(
    session: Session,
    curricula: Sequence[Curriculum],
    people: Collection[int],
    regions: Mapping[str, Region],
    now: datetime,
) -> None:
    """Queue an account, a learning plan, the welcome email and the notice to the region's chair,
    each only once, as far as the status of these members allows it."""
    given = {each.region for each in team.holders(session, "chair")}
    chaired = {key for key, region in regions.items() if region.chair or key in given}
    records: list[DeliveryRecord] = []
    for member, row in members_by_ids(session, people).items():
        rights = participation(row.status)
        if not rights.served:
            continue
        records.append(DeliveryRecord(member, "account", "", {}))
        if row.region in chaired and rights.counted:
            records.append(DeliveryRecord(member, "notice", row.region, {}))
        records += _curriculum_deliveries(curricula, member)
    deliveries.enqueue(session, records, now)


def _curriculum_deliveries(
    curricula: Sequence[Curriculum], member: int
) -> Iterator[DeliveryRecord]:
    for curriculum in curricula:
        payload = {"curriculum": curriculum.key}
        yield DeliveryRecord(member, "plan", idnumber(curriculum.key, TEMPLATE_KEY), payload)
        yield DeliveryRecord(member, "welcome", idnumber(curriculum.key, TEMPLATE_KEY), payload)
