"""Which forms a member may fill in: the audience is compared with what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bridge.curriculum.audience import Audience
from bridge.curriculum.requirements.facts import CreditKind
from bridge.foundations.forms.open_forms import is_open
from bridge.membership.roles import HeldRole
from bridge.store.database import Database
from bridge.store.learning import awards, credits
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.credits import CreditRecord
from bridge.store.members.roles import give_role
from bridge.store.tables.members import Member
from tests.store.sample_members import NOW
from tests.web.sample_site import PATH

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
FIRST = PATH.milestones[0]


class Setting:
    """Anna, who isn't in the audience yet."""

    def __init__(self, db: Database, anna: int) -> None:
        self.db = db
        self.anna = anna
        self.path = PATH

    def is_open(self, audience: Audience) -> bool:
        with self.db.reading() as session:
            form = replace(PATH.forms[0], audience=audience)
            return is_open(session, self.anna, self.path, form, TODAY)

    def credit(self, kind: CreditKind, key: str = "leadership", **other: object) -> None:
        record = CreditRecord(
            member_id=self.anna, curriculum=PATH.key, kind=kind, key=key, occurred_on=YESTERDAY,
            source="test", source_id=f"{kind}:{key}", recorded_by="test",
        )  # fmt: skip
        with self.db.transaction() as session:
            assert credits.record(session, replace(record, **other), NOW)  # type: ignore[arg-type]

    def role(self, **held: object) -> None:
        role = HeldRole("participant", **held)  # type: ignore[arg-type]
        with self.db.transaction() as session:
            give_role(session, self.anna, role, "test", NOW)

    def earn(self, milestone: str) -> None:
        with self.db.transaction() as session:
            awards.grant(session, [AwardRecord(self.anna, PATH.key, milestone, "1", {}, NOW)])


@pytest.fixture
def setting(db: Database, two_members: list[int]) -> Setting:
    return Setting(db, two_members[0])


def test_a_member_who_has_left_only_fills_in_what_is_for_everyone_or_for_them(
    setting: Setting,
) -> None:
    assert setting.is_open(Audience())
    with setting.db.transaction() as session:
        session.get_one(Member, setting.anna).status = "left"
    assert not setting.is_open(Audience())
    assert setting.is_open(Audience(everyone=True))
    assert setting.is_open(Audience(status="left"))


LEADERSHIP = Audience(program="leadership")


@pytest.mark.parametrize(
    ("kind", "key"), [("program", "leadership"), ("mentoring", "leadership/one")]
)
def test_a_form_for_a_program_is_open_for_those_with_a_credit(
    setting: Setting, kind: CreditKind, key: str
) -> None:
    assert not setting.is_open(LEADERSHIP)
    setting.credit(kind, key)
    assert setting.is_open(LEADERSHIP)
    assert not setting.is_open(Audience(program="other"))
    assert not setting.is_open(Audience(program="leadership", status="left"))


@pytest.mark.parametrize(
    "other", [{"valid_until": YESTERDAY}, {"curriculum": "b-path"}, {"key": "other"}]
)
def test_a_credit_that_does_not_count_opens_nothing(
    setting: Setting, other: Mapping[str, object]
) -> None:
    setting.credit("program", **{"key": "leadership", **other})
    setting.credit("session", "leadership")
    assert not setting.is_open(LEADERSHIP)


def test_a_credit_counts_on_its_last_day_until_it_is_withdrawn(setting: Setting) -> None:
    setting.credit("program", "leadership", valid_until=TODAY)
    assert setting.is_open(LEADERSHIP)
    with setting.db.transaction() as session:
        [row] = credits.credits_of(session, setting.anna)
        credits.withdraw(session, row.id, "A mistake", "test", NOW)
    assert not setting.is_open(LEADERSHIP)


def test_a_form_for_a_program_is_open_for_those_with_a_role_in_it(setting: Setting) -> None:
    setting.role(program="leadership")
    assert setting.is_open(LEADERSHIP)
    assert setting.is_open(Audience(role="participant", program="leadership"))
    assert not setting.is_open(Audience(program="other"))
    assert not setting.is_open(Audience(role="trustee", program="leadership"))


@pytest.mark.parametrize("days", [{"until": YESTERDAY}, {"since": TODAY + timedelta(days=1)}])
def test_a_role_opens_a_form_on_its_days_only(setting: Setting, days: Mapping[str, date]) -> None:
    setting.role(program="leadership", **days)
    assert not setting.is_open(LEADERSHIP)


def test_a_renamed_milestone_keeps_its_forms_open(setting: Setting) -> None:
    setting.earn(FIRST.key)
    assert setting.is_open(Audience(milestone=FIRST.key))
    renamed = replace(FIRST, key="newcomer", previously=FIRST.key)
    setting.path = replace(PATH, milestones=(renamed, *PATH.milestones[1:]))
    assert setting.is_open(Audience(milestone="newcomer"))
    assert not setting.is_open(Audience(milestone=PATH.milestones[1].key))


def test_an_award_that_was_withdrawn_closes_a_form(setting: Setting) -> None:
    setting.earn(FIRST.key)
    with setting.db.transaction() as session:
        [award] = awards.awards_of(session, setting.anna)
        awards.mark_withdrawn(session, award.id, "A mistake", "test", NOW)
    assert not setting.is_open(Audience(milestone=FIRST.key))
