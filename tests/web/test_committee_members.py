"""Members as the committee finds, looks at and corrects them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.model import SignedOff
from bridge.roster import MemberRecord
from bridge.store import logbook
from bridge.store.awards import AwardRecord, awards_of, grant
from bridge.store.completions import CompletionRecord, upsert_completions
from bridge.store.intake import upsert_members
from bridge.store.members import find, signoffs_of

from .cast import Cast, Who
from .world import PATH, english

SEEN = {"requirement": "walk", "by_name": "Lee", "note": "In May"}


@pytest.fixture
def walking(cast: Cast) -> Cast:
    """The same cast, with a curriculum that asks for a sign-off."""
    first = replace(PATH.milestones[0], requirements=(SignedOff("walk", english("A walk")),))
    path = replace(PATH, milestones=(replace(first, previously="begin"), PATH.milestones[1]))
    cast.shelf[:] = [path]
    return cast


def lines(cast: Cast) -> list[tuple[str, str, int | None]]:
    """The audit log from its beginning."""
    with cast.database.reading() as session:
        found = logbook.entries(session, 100)
    return [(line.who, line.action, line.member_id) for line in reversed(found)]


def searched(cast: Cast, words: str, who: Who = "committee") -> str:
    answer = cast.client(who).post("/committee/members", data={"words": words})
    return answer.get_data(as_text=True)


def shown(cast: Cast, member: int, who: Who = "committee") -> str:
    return cast.client(who).get(f"/committee/members/{member}").get_data(as_text=True)


@pytest.mark.parametrize("words", ["1001", "MEMBER@union.example", "mem", " ber  mem "])
def test_a_member_is_found(cast: Cast, words: str) -> None:
    text = searched(cast, words)
    assert "Mem Ber" in text
    assert "Oth Er" not in text


def test_a_chair_finds_nobody_of_another_region(cast: Cast) -> None:
    assert "Mem Ber" in searched(cast, "", "chair")
    assert "Nobody was found" in searched(cast, "1002", "chair")
    assert "Oth Er" not in searched(cast, "", "chair")


def test_what_is_searched_for_stands_in_no_address(cast: Cast) -> None:
    crowd = [MemberRecord(f"{n}", f"{n}@u.example", "Many", "Ber") for n in range(5000, 5030)]
    with cast.database.transaction() as session:
        upsert_members(session, crowd, cast.clock())
    text = searched(cast, "many")
    assert text.count("Many Ber") == 25
    assert "words=" not in text
    assert 'name="words" value="many"' in text
    ignored = cast.client("committee").get("/committee/members?words=many")
    assert "Mem Ber" in ignored.get_data(as_text=True)


def test_the_list_as_a_sheet_is_noted_and_cannot_calculate(cast: Cast) -> None:
    with cast.database.transaction() as session:
        upsert_members(session, [MemberRecord("7", "f@u.example", "=1+1", "@x")], cast.clock())
    answer = cast.client("auditor").post("/committee/members/list.csv")
    assert "7,'=1+1,'@x,f@u.example" in answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="members.csv"'
    assert lines(cast) == [("auditor@union.example", "listed", None)]


def test_whoever_looks_is_noted(cast: Cast) -> None:
    assert "member@union.example" in shown(cast, cast.member, "chair")
    assert shown(cast, cast.member, "other_chair").count("member@union.example") == 0
    assert lines(cast) == [("chair@union.example", "looked", cast.member)]


def test_a_history_shows_evidence_also_under_a_former_key(walking: Cast) -> None:
    cast = walking
    evidence = {"activities": ["a-quiz"], "signoffs": ["walk"], "role": []}
    with cast.database.transaction() as session:
        grant(session, [AwardRecord(cast.member, PATH.key, "begin", "abc", evidence, cast.clock())])
        record = CompletionRecord(cast.member, PATH.key, "a-quiz", True, 80.0, cast.clock())
        upsert_completions(session, [record])
    text = shown(cast, cast.member, "auditor")
    assert "Reached on Mar 1, 2026" in text
    assert "<li>A quiz</li><li>A walk</li>" in text
    assert "80%" in text
    assert "Also reached" not in text
    assert "the role steward" in text, "what the second milestone still lacks"


def test_only_the_committee_is_offered_changes(walking: Cast) -> None:
    offered = [
        "Record a sign-off" in shown(walking, walking.member, who)
        for who in ("committee", "chair", "auditor")  # type: ignore[arg-type]
    ]
    assert offered == [True, False, False]


def test_a_sign_off_earns_its_milestone(walking: Cast) -> None:
    cast = walking
    address = f"/committee/members/{cast.member}/signoff"
    assert cast.client("committee").post(address, data=SEEN).status_code == 303
    with cast.database.reading() as session:
        [signed] = signoffs_of(session, cast.member)
        [award] = awards_of(session, cast.member)
    assert (signed.requirement, signed.by_name, signed.note) == ("walk", "Lee", "In May")
    assert award.milestone == "first"
    assert lines(cast) == [("committee@union.example", "sign-off", cast.member)]
    assert cast.rung == [None]


@pytest.mark.parametrize("wrong", [{"requirement": "other"}, {"by_name": " "}])
def test_a_wrong_sign_off_is_not_recorded(walking: Cast, wrong: dict[str, str]) -> None:
    address = f"/committee/members/{walking.member}/signoff"
    answer = walking.client("committee").post(address, data=SEEN | wrong)
    assert "Please correct this" in answer.get_data(as_text=True)
    assert lines(walking) == []


def test_a_role_is_corrected_and_taken_away(cast: Cast) -> None:
    browser, address = cast.client("committee"), f"/committee/members/{cast.member}/role"
    browser.post(address, data={"role": "Chief  Steward", "since": "2026-02-01"})
    with cast.database.reading() as session:
        member = find(session, cast.member)
    assert member is not None
    assert (member.role, str(member.role_since)) == ("chief-steward", "2026-02-01")
    browser.post(address, data={"role": ""})
    with cast.database.reading() as session:
        member = find(session, cast.member)
        newest = logbook.entries(session, 1)[0]
    assert member is not None
    assert (member.role, member.role_since) == ("", None)
    assert newest.before == {"role": "chief-steward", "role_since": "2026-02-01"}
    assert newest.after == {"role": "", "role_since": None}


def test_the_role_of_a_steward_earns_what_waits_for_it(cast: Cast) -> None:
    cast.client("committee").post(
        f"/committee/members/{cast.member}/role", data={"role": "steward"}
    )
    with cast.database.reading() as session:
        assert [award.milestone for award in awards_of(session, cast.member)] == [
            "first", "second",
        ]  # fmt: skip


def test_a_role_of_signs_is_refused(cast: Cast) -> None:
    address = f"/committee/members/{cast.member}/role"
    answer = cast.client("committee").post(address, data={"role": "<b>"})
    assert "Write letters, digits and hyphens." in answer.get_data(as_text=True)
    assert lines(cast) == []
