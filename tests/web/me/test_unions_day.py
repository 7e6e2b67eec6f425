"""Everything that depends on the day uses the union's day: 27 November in Vancouver is not over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bridge.config import Config
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.membership.roles import HeldRole
from bridge.store.database import Database
from bridge.store.learning.awards import awards_of
from bridge.store.learning.credits import CreditRecord, credits_of, record
from bridge.store.members.roles import give_role, roles_of
from tests.web.sample_site import PATH, Clock, english
from tests.web.signed_in_users import SignedInUsers

EVENING = datetime(2026, 11, 28, 6, 17, tzinfo=UTC)
TODAY = date(2026, 11, 27)


@pytest.fixture
def evening(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    """22:17 on 27 November in Vancouver; a certificate is valid until that day."""
    clock.time = EVENING
    local = config.model_copy(update={"timezone": "America/Vancouver"})
    needed = (Credited("first-aid", "certificate"), SignedOff("walk", english("A walk")))
    first = replace(PATH.milestones[0], requirements=needed)
    path = replace(PATH, milestones=(first, PATH.milestones[1]))
    users = SignedInUsers(local, database, clock, shelf=[path])
    credit = CreditRecord(
        member_id=users.member, curriculum=PATH.key, kind="certificate", key="first-aid",
        occurred_on=date(2024, 1, 1), valid_until=TODAY, source="s", source_id="1",
        recorded_by="x",
    )  # fmt: skip
    with users.database.transaction() as session:
        record(session, credit, EVENING)
    return users


def test_a_certificate_counts_until_the_end_of_its_last_day(evening: SignedInUsers) -> None:
    form = {"requirement": f"{PATH.key}:walk", "by_name": "Lee"}
    address = f"/committee/members/{evening.member}/signoff"
    assert evening.client("committee").post(address, data=form).status_code == 303
    with evening.database.reading() as session:
        signed = [each for each in credits_of(session, evening.member) if each.kind == "signoff"]
        assert [each.occurred_on for each in signed] == [TODAY]
        assert [each.milestone for each in awards_of(session, evening.member)] == [
            PATH.milestones[0].key
        ]


def test_a_role_given_now_begins_today(evening: SignedInUsers) -> None:
    address = f"/committee/members/{evening.member}/role"
    evening.client("committee").post(address, data={"role": "trustee", "reason": "x"})
    with evening.database.transaction() as session:
        [role] = [r for r in roles_of(session, [evening.member])[evening.member]
                  if r.held.role == "trustee"]  # fmt: skip
        assert role.held.since == TODAY
        give_role(session, evening.member, HeldRole("mentor", until=TODAY), "x", EVENING)
    page = evening.client("committee").get(f"/committee/members/{evening.member}").text
    assert re.search("<dt>Roles</dt><dd>[^<]*(?i:mentor)", page), "held until the end of the day"
