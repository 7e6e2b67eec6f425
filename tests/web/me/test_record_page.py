"""A member's record: the page, its CSV and its JSON, for the member and for the committee."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bridge.store.learning import awards, credits
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.signoffs import record_signoff
from bridge.store.operations import audit_queries
from tests.support.query_lists import added
from tests.web.query_counter import counted
from tests.web.sample_site import NOON
from tests.web.signed_in_users import SignedInUsers, Who

DAY = timedelta(days=1)


@pytest.fixture
def recorded(users: SignedInUsers) -> SignedInUsers:
    """A quiz, a milestone and a withdrawn sign-off of one member; a quiz of another."""
    member = users.member
    with users.database.transaction() as session:
        record_signoff(session, member, "a-path", "helped", "Lee", "=1+1", "me", NOON - 3 * DAY)
        credits.withdraw(session, credits.credits_of(session, member)[0].id, "A typo", "me", NOON)
        awards.grant(session, [AwardRecord(member, "a-path", "first", "0" * 64, {}, NOON - DAY)])
        quiz = CompletionRecord(member, "a-path", "a-quiz", True, 85.0, NOON)
        upsert_completions(
            session,
            [quiz, CompletionRecord(users.other_member, "a-path", "read-me", True, None, NOON)],
        )
    return users


def place(users: SignedInUsers, who: Who) -> str:
    return "/me/record" if who == "member" else f"/committee/members/{users.member}/record"


def last_audit(users: SignedInUsers) -> list[tuple[str, str, int | None]]:
    with users.database.reading() as session:
        return [(e.actor, e.action, e.member_id) for e in audit_queries.entries(session, 9)]


@pytest.mark.parametrize("who", ["member", "committee", "auditor", "chair"])
def test_everyone_who_may_see_it_sees_the_same_lines(recorded: SignedInUsers, who: Who) -> None:
    html = recorded.client(who).get(place(recorded, who)).text
    seen = [html.index(each) for each in ("A quiz", "First", "helped")]
    assert seen == sorted(seen)
    assert "passed · 85%" in html
    assert "A typo" in html
    assert "Read me" not in html, "that is another member's"


def test_the_filter_is_in_every_format(recorded: SignedInUsers) -> None:
    browser = recorded.client("member")
    for form in ("", ".csv", ".json"):
        shown = browser.get(f"/me/record{form}?kind=completion").text
        assert "A quiz" in shown
        assert "helped" not in shown


def test_the_csv_has_every_column(recorded: SignedInUsers) -> None:
    text = recorded.client("member").get("/me/record.csv").text
    header, quiz, award, signoff = text.lstrip("\ufeff").splitlines()
    assert header == (
        "When,Kind,What,Result,Result in %,Valid until,Signed off by,Note,Withdrawn on,Reason,"
        "Course,Key"
    )
    assert quiz.startswith("2026-03-01T12:00:00+00:00,Quizzes and other activities,A quiz,passed")
    assert award.startswith("2026-02-28T12:00:00+00:00,Milestones,First,reached")
    assert signoff == (
        "2026-02-26,Sign-offs,helped,withdrawn,,,Lee,'=1+1,2026-03-01T12:00:00+00:00,A typo,"
        "a-path,helped"
    )


def test_the_json_has_the_same_lines(recorded: SignedInUsers) -> None:
    found = recorded.client("member").get("/me/record.json").json
    assert found is not None
    assert [line["kind"] for line in found["lines"]] == ["completion", "award", "signoff"]
    assert found["lines"][2]["withdrawn_reason"] == "A typo"
    assert found["next"] is None


def test_it_is_in_french(recorded: SignedInUsers) -> None:
    french = {"Accept-Language": "fr"}
    html = recorded.client("member").get("/me/record", headers=french).text
    for words in ("Mon dossier", "réussi", "First (fr)", "Attestations", "retiré"):
        assert words in html


@pytest.mark.parametrize("who", ["member", "committee"])
def test_long_records_have_pages(recorded: SignedInUsers, who: Who) -> None:
    results = [
        CompletionRecord(recorded.member, "a-path", f"q-{n}", True, None, NOON - n * DAY)
        for n in range(60)
    ]
    with recorded.database.transaction() as session:
        upsert_completions(session, results)
    browser, address, seen = recorded.client(who), place(recorded, who), []
    while address:
        assert len(seen) <= 63, "the same page again"
        html = browser.get(address).text
        seen += [each.split("<br>")[0] for each in re.split('<th scope="row"[^>]*>', html)[1:]]
        following = html.rpartition('rel="next" href="')[2].partition('"')[0]
        address = following.replace("&amp;", "&") if 'rel="next"' in html else ""
    assert len(seen) == len(set(seen)) == 63


def test_the_queries_do_not_grow_with_the_record(recorded: SignedInUsers) -> None:
    for who in ("member", "committee"):
        browser, address = recorded.client(who), place(recorded, who)  # type: ignore[arg-type]
        with counted(recorded.database) as few:
            browser.get(address)
        results = [
            CompletionRecord(recorded.member, "a-path", f"{who}-{n}", True, None, NOON - n * DAY)
            for n in range(60)
        ]
        with recorded.database.transaction() as session:
            upsert_completions(session, results)
        with counted(recorded.database) as many:
            browser.get(address)
        assert len(few) == len(many), added(few, many)


def test_a_look_and_a_download_are_audited(recorded: SignedInUsers) -> None:
    address = place(recorded, "chair")
    browser, chair, member = recorded.client("chair"), "chair@union.example", recorded.member
    browser.get(address)
    assert last_audit(recorded)[0] == (chair, "looked", member)
    for form in (".csv", ".json"):
        browser.get(f"{address}{form}?kind=award")
        assert last_audit(recorded)[0] == (chair, "listed", member)
    with recorded.database.reading() as session:
        [entry] = audit_queries.entries(session, 1)
    assert entry.after == {"list": "record", "kind": "award"}


def test_members_are_not_audited_on_their_own_page(recorded: SignedInUsers) -> None:
    before = last_audit(recorded)
    for form in ("", ".csv", ".json"):
        recorded.client("member").get(f"/me/record{form}")
    assert last_audit(recorded) == before


def test_a_chair_of_another_region_leaves_no_trace(recorded: SignedInUsers) -> None:
    before = last_audit(recorded)
    for form in ("", ".csv", ".json"):
        answer = recorded.client("other_chair").get(place(recorded, "other_chair") + form)
        assert answer.status_code == 404
    assert last_audit(recorded) == before


def test_the_pages_link_to_it(recorded: SignedInUsers) -> None:
    assert 'href="/me/record"' in recorded.client("member").get("/me").text
    address = place(recorded, "committee")
    page = recorded.client("committee").get(f"/committee/members/{recorded.member}").text
    assert f'href="{address}"' in page
    html = recorded.client("committee").get(address).text
    assert "Mem Ber" in html
    assert f'href="/committee/members/{recorded.member}"' in html
