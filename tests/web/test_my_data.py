"""What is held about a member: shown, taken along, corrected, and deleted. Theirs alone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.store import outgoing, privacy
from bridge.store.first_tries import FirstTryRecord, keep_first
from bridge.store.members import members_by_ids
from bridge.store.tables import Audit, Member
from bridge.store.web_tables import OutgoingLetter, Signin, WebSession
from bridge.web.identity import COOKIE
from bridge.web.signin import NONCE

from .cast import ADDRESSES, MEMBER, OTHER, Cast
from .test_me import queries
from .world import NOON

DETAILS = {
    "first_name": "Mem", "last_name": "Ber", "email": MEMBER.email, "language": "en",
    "region": "north",
}  # fmt: skip
NEW = "new.address@union.example"


def save(browser: FlaskClient, **changes: str) -> int:
    return browser.post("/me/data/correct", data=DETAILS | changes).status_code


def stored(cast: Cast) -> Member:
    with cast.database.reading() as session:
        return members_by_ids(session, [cast.member])[cast.member]


def audited(cast: Cast) -> list[tuple[str, str, object]]:
    with cast.database.reading() as session:
        return [(row.who, row.action, row.after) for row in session.scalars(select(Audit))]


def link(cast: Cast) -> str:
    """The path of the link in the newest letter."""
    with cast.database.reading() as session:
        letters = session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id)).all()
    assert letters[-1].kind == "new-address"
    return urlsplit(str(letters[-1].payload["link"])).path


def test_it_is_all_there_in_words(cast: Cast) -> None:
    page = cast.client("member").get("/me/data").text
    for words in ("Mem Ber", MEMBER.email, "1001", "North", "Who you are", "Leave"):
        assert words in page
    assert OTHER.email not in page


def test_first_tries_are_shown_and_taken_along(cast: Cast) -> None:
    with cast.database.transaction() as session:
        tried = [FirstTryRecord(one, "a-path", "a-quiz", 40.0, NOON, 1)
                 for one in (cast.member, cast.other_member)]  # fmt: skip
        keep_first(session, tried)
    browser = cast.client("member")
    page = browser.get("/me/data").text
    assert re.search(r"<td>A quiz</td><td>40%</td>", page)
    assert page.count("<td>A quiz</td>") == 1
    answer = browser.get("/me/data/download")
    assert answer.json is not None
    assert [row["quiz"] for row in answer.json["first_try"]] == ["a-quiz"]


def test_it_can_be_taken_along_without_what_signs_in(cast: Cast) -> None:
    answer = cast.client("member").get("/me/data/download?member=2")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert answer.json["member"]["email"] == MEMBER.email
    assert answer.json["web_session"]
    assert "token" not in answer.json["web_session"][0]
    assert OTHER.email not in answer.text


def test_details_are_corrected_with_an_audit_line(cast: Cast) -> None:
    browser = cast.client("member")
    assert save(browser, first_name="Kim", language="fr", region="south") == 303
    member = stored(cast)
    assert (member.first_name, member.language, member.region) == ("Kim", "fr", "south")
    after = {"first_name": "Kim", "language": "fr", "region": "south"}
    assert audited(cast)[-1] == (f"member:{cast.member}", "member", after)
    assert "Mes données" in browser.get("/me/data").text
    lines = audited(cast)
    save(browser, first_name="Kim", language="fr", region="south")
    assert audited(cast) == lines


def test_what_is_no_name_or_region_is_refused(cast: Cast) -> None:
    browser = cast.client("member")
    for wrong in ({"first_name": ""}, {"region": "nowhere"}, {"email": "a@b\r\nBcc: x@y.example"},
                  {"language": "xx"}, {"last_name": "www.evil.example"}):  # fmt: skip
        page = browser.post("/me/data/correct", data=DETAILS | wrong)
        assert page.status_code == 200
        assert 'aria-invalid="true"' in page.text
    assert audited(cast) == []


def test_a_new_address_counts_when_it_is_proven(cast: Cast) -> None:
    browser, elsewhere = cast.client("member"), cast.client("nobody")
    elsewhere.post("/signin", data={"email": MEMBER.email})
    assert save(browser, email=NEW) == 303
    assert cast.woken == ["letters", "letters"]
    held = browser.get("/me/data/download").json
    assert held is not None
    assert NEW in {each["email"] for each in held["signin"]}
    assert stored(cast).email == MEMBER.email
    assert f"Your new address {NEW} waits" in browser.get("/me/data").text
    path = link(cast)
    assert browser.get(path).status_code == 200
    assert stored(cast).email == MEMBER.email
    before = browser.get_cookie(COOKIE)
    assert browser.post(path).status_code == 303
    after = browser.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert stored(cast).email == stored(cast).email_key == NEW
    assert audited(cast)[-1][2] == {"email": NEW}
    assert browser.get("/me/data").status_code == 200
    assert browser.post(path).status_code == 410
    with cast.database.reading() as session:
        assert [each.email for each in session.scalars(select(WebSession))] == [NEW]
        *former, warning = session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id))
        assert {each.email for each in former} == {NEW}
        assert (warning.kind, warning.email) == ("address-changed", MEMBER.email)
        assert warning.payload == {"first_name": "Mem", "contact": "chair@union.example"}
        assert MEMBER.email not in {each.email for each in session.scalars(select(Signin))}


def test_the_warning_to_the_former_address_goes_with_the_member(cast: Cast) -> None:
    browser = cast.client("member")
    save(browser, email=NEW, language="fr")
    browser.post(link(cast))
    with cast.database.reading() as session:
        newest = select(OutgoingLetter).order_by(OutgoingLetter.id.desc()).limit(1)
        assert session.scalars(newest).one().language == "fr"
    held = browser.get("/me/data/download").json
    assert held is not None
    assert MEMBER.email in [each["email"] for each in held["letter"]]
    browser.post("/me/data/leave", data={"sure": "y"})
    with cast.database.reading() as session:
        assert session.scalars(select(OutgoingLetter)).all() == []


def test_forgetting_takes_a_new_address_and_its_letter_along(cast: Cast) -> None:
    browser = cast.client("member")
    save(browser, email=NEW)
    with cast.database.transaction() as session:
        privacy.forget_member(session, cast.member, "somebody", NOON)
    with cast.database.reading() as session:
        for table in (OutgoingLetter, Signin, WebSession):
            assert session.scalars(select(table)).all() == []


def test_the_link_is_for_one_member_for_15_minutes_and_signs_nobody_in(cast: Cast) -> None:
    browser = cast.client("member")
    save(browser, email=NEW)
    path = link(cast)
    token = path.rpartition("/")[2]
    other, stranger = cast.client("other_member"), cast.client("nobody")
    assert other.get(path).status_code == other.post(path).status_code == 410
    assert stranger.post(path).status_code == 303
    stranger.set_cookie(NONCE, f"new-address/{cast.member}")
    for page in (
        f"/signin/{token}",
        f"/signin/new-address/{token}",
        f"/signin/new-address%2F{token}",
    ):
        assert stranger.post(page).status_code in (404, 410)
    cast.clock.forward(minutes=15)
    assert browser.get(path).status_code == browser.post(path).status_code == 410
    assert stored(cast).email == MEMBER.email


def test_anothers_address_is_never_given_and_nobody_learns_of_it(cast: Cast) -> None:
    browser = cast.client("member")
    taken = browser.post("/me/data/correct", data=DETAILS | {"email": OTHER.email})
    with cast.database.reading() as session:
        assert session.scalars(select(OutgoingLetter)).all() == []
    free = browser.post("/me/data/correct", data=DETAILS | {"email": NEW})
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    with cast.database.transaction() as session:
        rival = members_by_ids(session, [cast.other_member])[cast.other_member]
        rival.email = rival.email_key = NEW
    assert browser.post(link(cast)).status_code == 410
    assert stored(cast).email == MEMBER.email


def test_leaving_deletes_everything_and_ends_the_session(cast: Cast) -> None:
    browser = cast.client("member")
    save(browser, email=NEW)
    assert "your attempts and the badges" in browser.get("/me/data/leave").text
    assert browser.post("/me/data/leave").status_code == 200
    assert stored(cast).email == MEMBER.email
    answer = browser.post("/me/data/leave", data={"sure": "y"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/me").status_code == 303
    with cast.database.reading() as session:
        assert [each.email for each in session.scalars(select(Member))] == [OTHER.email]
        for table in (OutgoingLetter, Signin, WebSession):
            assert session.scalars(select(table)).all() == []
    mine = f"member:{cast.member}"
    assert audited(cast) == [(mine, "member", {}), (mine, "forgot", {})]
    assert ADDRESSES["other_member"] in cast.client("other_member").get("/me/data").text


def test_queries_do_not_grow_with_what_is_held(cast: Cast) -> None:
    browser = cast.client("member")
    browser.get("/me/data")
    with queries() as few:
        browser.get("/me/data")
    with cast.database.transaction() as session:
        for _ in range(20):
            outgoing.owe(session, "confirm", MEMBER.email, "en", {}, NOON)
    with queries() as many:
        assert "once sent: 20" in browser.get("/me/data").text
    assert len(few) == len(many)
