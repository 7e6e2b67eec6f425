"""Members: searching, viewing, signing off and changing roles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.member_records import MemberRecord
from bridge.store.learning.awards import AwardRecord, awards_of, grant
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.signoffs import signoffs_of
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_queries
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers, Who

SEEN = {"requirement": "a-path:walk", "by_name": "Lee", "note": "In May"}


@pytest.fixture
def users_with_signoff(users: SignedInUsers) -> SignedInUsers:
    """The same users, with a curriculum that requires a sign-off."""
    first = replace(PATH.milestones[0], requirements=(SignedOff("walk", english("A walk")),))
    path = replace(PATH, milestones=(replace(first, previously="begin"), PATH.milestones[1]))
    users.shelf[:] = [path]
    return users


def lines(users: SignedInUsers) -> list[tuple[str, str, int | None]]:
    """All audit entries, oldest first."""
    with users.database.reading() as session:
        found = audit_queries.entries(session, 100)
    return [(line.actor, line.action, line.member_id) for line in reversed(found)]


def searched(users: SignedInUsers, words: str, who: Who = "committee") -> str:
    search = {"words": words}
    answer = users.client(who).post("/committee/members", data=search, follow_redirects=True)
    return answer.get_data(as_text=True)


def shown(users: SignedInUsers, member: int, who: Who = "committee") -> str:
    return users.client(who).get(f"/committee/members/{member}").get_data(as_text=True)


@pytest.mark.parametrize("words", ["1001", "MEMBER@union.example", "mem", " ber  mem "])
def test_members_are_found_by_name_number_or_email(users: SignedInUsers, words: str) -> None:
    text = searched(users, words)
    assert "Mem Ber" in text
    assert "Oth Er" not in text


def live(users: SignedInUsers, words: str, who: Who = "committee", **more: str) -> str:
    """What the script of the search shows while someone types."""
    data = {"words": words, "live": "1", **more}
    return users.client(who).post("/committee/members", data=data).text


def test_results_while_typing_are_a_part_of_the_page(users: SignedInUsers) -> None:
    page = live(users, "em be")
    assert "Mem Ber" in page
    assert "Oth Er" not in page
    assert 'data-count="1 result"' in page
    assert "<html" not in page
    assert "No results." in live(users, "nobody")


def test_results_while_typing_keep_to_the_regions_and_the_filters(users: SignedInUsers) -> None:
    assert "Mem Ber" in live(users, "0", "chair")
    assert "Oth Er" not in live(users, "0", "chair")
    assert "Oth Er" in live(users, "0")
    assert "No results." in live(users, "0", status="left")
    assert users.client("member").post("/committee/members", data={"live": "1"}).status_code == 403


def test_results_while_typing_leave_no_trace_in_the_cookie(users: SignedInUsers) -> None:
    browser = users.client("committee")
    browser.post("/committee/members", data={"words": "mem", "live": "1"})
    with browser.session_transaction() as cookie:
        assert "searches" not in cookie


def test_more_results_have_a_page_with_the_words(users: SignedInUsers) -> None:
    crowd = [MemberRecord(f"{n}", f"{n}@u.example", "Many", "Ber") for n in range(5000, 5030)]
    with users.database.transaction() as session:
        upsert_members(session, crowd, users.clock())
    page = live(users, "any")
    assert 'data-count="More than 25 results"' in page
    assert 'name="words" value="any"' in page


def test_a_chair_finds_no_members_of_other_regions(users: SignedInUsers) -> None:
    assert "Mem Ber" in searched(users, "", "chair")
    assert "No results." in searched(users, "1002", "chair")
    assert "Oth Er" not in searched(users, "", "chair")


def test_members_are_found_by_status(users: SignedInUsers) -> None:
    gone = MemberRecord("7", "gone@u.example", "Al", "Bo", status="left")
    with users.database.transaction() as session:
        upsert_members(session, [gone], users.clock())
    text = users.client("committee").get("/committee/members?status=left").get_data(as_text=True)
    assert "Al Bo" in text
    assert "Mem Ber" not in text
    assert users.client("committee").get("/committee/members?status=away").status_code == 404


def test_search_words_are_never_in_a_url(users: SignedInUsers) -> None:
    crowd = [MemberRecord(f"{n}", f"{n}@u.example", "Many", "Ber") for n in range(5000, 5030)]
    with users.database.transaction() as session:
        upsert_members(session, crowd, users.clock())
    text = searched(users, "many")
    assert text.count("Many Ber") == 25
    assert "words=" not in text
    assert 'name="words" value="many"' in text
    ignored = users.client("committee").get("/committee/members?words=many")
    assert "Mem Ber" in ignored.get_data(as_text=True)


def test_the_csv_is_audited_and_has_no_formulas(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        upsert_members(session, [MemberRecord("7", "f@u.example", "=1+1", "@x")], users.clock())
    answer = users.client("auditor").post("/committee/members/list.csv")
    assert "7,'=1+1,'@x,f@u.example" in answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="members.csv"'
    assert lines(users) == [("auditor@union.example", "listed", None)]


def test_viewing_a_member_is_audited(users: SignedInUsers) -> None:
    assert "member@union.example" in shown(users, users.member, "chair")
    assert shown(users, users.member, "other_chair").count("member@union.example") == 0
    assert lines(users) == [("chair@union.example", "looked", users.member)]


def test_history_shows_evidence_under_a_previous_key(users_with_signoff: SignedInUsers) -> None:
    users = users_with_signoff
    evidence = {"activities": ["a-quiz"], "signoffs": ["walk"], "role": []}
    with users.database.transaction() as session:
        grant(
            session, [AwardRecord(users.member, PATH.key, "begin", "abc", evidence, users.clock())]
        )
        record = CompletionRecord(users.member, PATH.key, "a-quiz", True, 80.0, users.clock())
        upsert_completions(session, [record])
    text = shown(users, users.member, "auditor")
    assert "Reached on Mar 1, 2026" in text
    assert "<li>A quiz</li><li>A walk</li>" in text
    assert "80%" in text
    assert "Also reached" not in text
    assert "Role in the union: steward" in text, "what the second milestone still lacks"


def test_what_is_missing_is_in_the_visitors_language(users: SignedInUsers) -> None:
    wanted = AtLeast(1, (SignedOff("x", english("Tea & <cake>")), HasRole("steward")))
    first = replace(PATH.milestones[0], requirements=(wanted,))
    users.shelf[:] = [replace(PATH, milestones=(first,))]
    browser, address = users.client("committee"), f"/committee/members/{users.member}"
    french = {"Accept-Language": "fr"}
    words = "Attestation\u00a0: {}\u202f; Rôle au syndicat\u00a0: délégué·e"
    page = browser.get(address, headers=french).text
    assert "L’un de ces éléments\u00a0: " + words.format("Tea &amp; &lt;cake&gt;") in page
    table = browser.get(f"{address}/history.csv", headers=french).text
    assert words.format("Tea & <cake>") in table


def test_only_the_committee_sees_the_forms(users_with_signoff: SignedInUsers) -> None:
    offered = [
        "Record a sign-off" in shown(users_with_signoff, users_with_signoff.member, who)
        for who in ("committee", "chair", "auditor")  # type: ignore[arg-type]
    ]
    assert offered == [True, False, False]


def test_a_sign_off_earns_its_milestone(users_with_signoff: SignedInUsers) -> None:
    users = users_with_signoff
    address = f"/committee/members/{users.member}/signoff"
    assert users.client("committee").post(address, data=SEEN).status_code == 303
    with users.database.reading() as session:
        [signed] = signoffs_of(session, users.member)
        [award] = awards_of(session, users.member)
    assert (signed.curriculum, signed.key) == (PATH.key, "walk")
    assert signed.evidence == {"by_name": "Lee", "note": "In May"}
    assert award.milestone == "first"
    assert lines(users) == [("committee@union.example", "sign-off", users.member)]
    assert users.rung == [None]


@pytest.mark.parametrize("wrong", [{"requirement": "other"}, {"by_name": " "}])
def test_an_invalid_sign_off_is_not_recorded(
    users_with_signoff: SignedInUsers, wrong: dict[str, str]
) -> None:
    address = f"/committee/members/{users_with_signoff.member}/signoff"
    answer = users_with_signoff.client("committee").post(address, data=SEEN | wrong)
    assert "Please fix the following" in answer.get_data(as_text=True)
    assert lines(users_with_signoff) == []


def test_a_new_role_earns_the_milestones_that_require_it(users: SignedInUsers) -> None:
    users.client("committee").post(
        f"/committee/members/{users.member}/role", data={"role": "steward"}
    )
    with users.database.reading() as session:
        assert [award.milestone for award in awards_of(session, users.member)] == [
            "first", "second",
        ]  # fmt: skip


def test_a_role_with_invalid_characters_is_refused(users: SignedInUsers) -> None:
    address = f"/committee/members/{users.member}/role"
    answer = users.client("committee").post(address, data={"role": "<b>"})
    assert "Use only letters, digits, spaces and hyphens." in answer.get_data(as_text=True)
    assert lines(users) == []
