"""What is recorded about members, as facts and with dates."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

from sqlalchemy import update

from bridge.curriculum.requirements.facts import CreditFact
from bridge.curriculum.requirements.register import KIND_BY_EVIDENCE
from bridge.progress import NO_FACTS, Facts
from bridge.store.database import Database
from bridge.store.learning import awards, credits
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.credits import CreditRecord
from bridge.store.learning.member_progress import facts_of, read_member_progress
from bridge.store.learning.signoffs import record_signoff
from bridge.store.tables.members import Member
from tests.store.sample_members import NOW

PATH = "path"
TODAY = NOW.date()


def certificate(member: int, curriculum: str, n: int, until: date | None) -> CreditRecord:
    return CreditRecord(
        member_id=member, curriculum=curriculum, kind="certificate", key="aid", occurred_on=TODAY,
        valid_until=until, source="test", source_id=str(n), recorded_by="chair",
    )  # fmt: skip


def record_every_fact(db: Database, anna: int, ben: int) -> None:
    """Facts of two curricula. Ben's award was withdrawn."""
    done = [
        CompletionRecord(anna, PATH, "page", True, 90.0, NOW),
        CompletionRecord(anna, PATH, "quiz", False, 40.0, NOW),
        CompletionRecord(anna, "other", "elsewhere", True, None, NOW),
    ]
    with db.transaction() as session:
        upsert_completions(session, done)
        record_signoff(session, anna, PATH, "basic", "Chair", "", "chair", NOW)
        for n, path in enumerate((PATH, "other")):
            credits.record(session, certificate(anna, path, n, TODAY), NOW)
        given_ = [AwardRecord(anna, c, f"{c}-1", "r", {}, NOW) for c in (PATH, "other")]
        awards.grant(session, given_)
        [(withdrawn, _)] = awards.grant(session, [AwardRecord(ben, PATH, "path-1", "r", {}, NOW)])
        awards.mark_withdrawn(session, withdrawn, "a mistake", "chair", NOW)
        session.execute(update(Member).where(Member.id == ben).values(status="retired"))


def test_facts_are_those_of_one_curriculum(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    record_every_fact(db, anna, ben)
    with db.reading() as session:
        facts = facts_of(session, PATH, [anna, ben, 999], TODAY)
        progress = [read_member_progress(session, member, TODAY) for member in two_members]
    assert facts == {
        anna: replace(
            NO_FACTS,
            activities=frozenset({"page"}),
            signoffs=frozenset({"basic"}),
            awarded=frozenset({"path-1"}),
            credits=frozenset({CreditFact("certificate", "aid", TODAY, TODAY)}),
            today=TODAY,
        ),
        ben: replace(
            NO_FACTS,
            roles=frozenset({"steward"}),
            status="retired",
            withheld=frozenset({"path-1"}),
            today=TODAY,
        ),
    }
    assert [each.facts(PATH, TODAY) for each in progress if each] == [facts[anna], facts[ben]]
    unused = [
        field.name
        for field in fields(Facts)
        if not any(getattr(each, field.name) for each in facts.values())
    ]
    assert not unused, f"no member here has {unused}: record such a fact in record_every_fact"


def test_every_kind_of_fact_has_dates_or_is_known_to_have_none(
    db: Database, two_members: list[int]
) -> None:
    with db.reading() as session:
        progress = read_member_progress(session, two_members[0], NOW.date())
    assert progress is not None
    assert set(progress.dates(PATH)) == set(KIND_BY_EVIDENCE), (
        "add the kind to `dates` in bridge/store/learning/member_progress.py"
    )
