"""A member's data: shown, downloaded, edited and erased, and visible to them only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bridge import privacy
from bridge.store.delivery import outbox
from bridge.store.members.queries import members_by_ids
from bridge.store.persons.queries import PersonRow, get_person
from bridge.store.statistics.first_attempts import FirstAttemptRecord, save_first_attempts
from bridge.store.tables.auth import Login, SigninLink
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import Member
from bridge.store.tables.operations import AuditEntry
from bridge.web.common.visitor import COOKIE
from bridge.web.signin.pages import NONCE
from tests.support.databases import write_ahead_log
from tests.support.query_lists import added
from tests.web.query_counter import counted
from tests.web.sample_site import NOON
from tests.web.signed_in_users import ADDRESSES, MEMBER, OTHER, SignedInUsers

DETAILS = {
    "first_name": "Mem", "last_name": "Ber", "email": MEMBER.email, "language": "en",
    "region": "north",
}  # fmt: skip
NEW = "new.address@union.example"


def save(browser: FlaskClient, **changes: str) -> int:
    return browser.post("/me/data/edit", data=DETAILS | changes).status_code


def stored(users: SignedInUsers) -> Member:
    with users.database.reading() as session:
        return members_by_ids(session, [users.member])[users.member]


def person_of(users: SignedInUsers) -> PersonRow:
    with users.database.reading() as session:
        found = get_person(session, users.person)
    assert found is not None
    return found


def audited(users: SignedInUsers) -> list[tuple[str, str, object]]:
    with users.database.reading() as session:
        return [(row.actor, row.action, row.after) for row in session.scalars(select(AuditEntry))]


def link(users: SignedInUsers) -> str:
    """The path of the link in the newest letter."""
    with users.database.reading() as session:
        letters = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)).all()
    assert letters[-1].kind == "new-address"
    return urlsplit(str(letters[-1].payload["link"])).path


def test_the_page_shows_all_data(users: SignedInUsers) -> None:
    page = users.client("member").get("/me/data").text
    for words in ("Mem Ber", MEMBER.email, "1001", "North", "Your details", "Delete my data"):
        assert words in page
    assert OTHER.email not in page


def test_first_attempts_are_shown_and_downloaded(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        tried = [FirstAttemptRecord(one, "a-path", "a-quiz", 40.0, NOON, 1)
                 for one in (users.member, users.other_member)]  # fmt: skip
        save_first_attempts(session, tried)
    browser = users.client("member")
    page = browser.get("/me/data").text
    assert re.search(r"<td[^>]*>A quiz</td><td[^>]*>40%</td>", page)
    assert len(re.findall("<td[^>]*>A quiz</td>", page)) == 1
    answer = browser.get("/me/data/download")
    assert answer.json is not None
    assert [row["quiz"] for row in answer.json["first_try"]] == ["a-quiz"]


def test_the_download_has_no_login_secrets(users: SignedInUsers) -> None:
    answer = users.client("member").get("/me/data/download?member=2")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    assert answer.json["member"]["email"] == MEMBER.email
    assert answer.json["web_session"]
    assert "token" not in answer.json["web_session"][0]
    assert OTHER.email not in answer.text


def test_edited_details_are_audited(users: SignedInUsers) -> None:
    browser = users.client("member")
    assert save(browser, first_name="Kim", language="fr", region="south") == 303
    member = stored(users)
    assert (member.first_name, member.language, member.region) == ("Kim", "fr", "south")
    after = {"first_name": "Kim", "language": "fr", "region": "south"}
    assert audited(users)[-2] == (f"member:{users.member}", "member", after)
    assert person_of(users).name == f"Kim {MEMBER.last_name}"
    assert "Mon compte" in browser.get("/me/data").text
    lines = audited(users)
    save(browser, first_name="Kim", language="fr", region="south")
    assert audited(users) == lines


def test_invalid_names_and_regions_are_refused(users: SignedInUsers) -> None:
    browser = users.client("member")
    for wrong in ({"first_name": "", "last_name": ""}, {"region": "nowhere"},
                  {"email": "a@b\r\nBcc: x@y.example"}, {"language": "xx"},
                  {"last_name": "www.evil.example"}):  # fmt: skip
        page = browser.post("/me/data/edit", data=DETAILS | wrong)
        assert page.status_code == 200
        assert 'aria-invalid="true"' in page.text
    assert audited(users) == []


def test_a_new_address_takes_effect_once_confirmed(users: SignedInUsers) -> None:
    browser, elsewhere = users.client("member"), users.client("nobody")
    elsewhere.post("/signin", data={"email": MEMBER.email})
    assert save(browser, email=NEW) == 303
    assert users.woken == ["outbox", "outbox"]
    held = browser.get("/me/data/download").json
    assert held is not None
    assert NEW in {each["email"] for each in held["signin"]}
    assert stored(users).email == MEMBER.email
    assert f"To confirm your new address {NEW}" in browser.get("/me/data").text
    path = link(users)
    assert path.rpartition("/")[2] not in browser.get("/me/data/download").text
    assert browser.get(path).status_code == 200
    assert stored(users).email == MEMBER.email
    before = browser.get_cookie(COOKIE)
    assert browser.post(path).status_code == 303
    after = browser.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert stored(users).email == stored(users).email_key == NEW
    assert (person_of(users).email, person_of(users).proof) == (NEW, "link")
    assert audited(users)[-2][2] == {"email": NEW}
    assert browser.get("/me/data").status_code == 200
    assert browser.post(path).status_code == 410
    with users.database.reading() as session:
        assert [each.email for each in session.scalars(select(Login))] == [NEW]
        *former, warning = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id))
        assert {each.email for each in former} == {NEW}
        assert (warning.kind, warning.email) == ("address-changed", MEMBER.email)
        assert warning.payload == {"first_name": "Mem", "contact": "chair@union.example"}
        assert MEMBER.email not in {each.email for each in session.scalars(select(SigninLink))}


def test_erasing_deletes_the_warning_to_the_previous_address(users: SignedInUsers) -> None:
    browser = users.client("member")
    save(browser, email=NEW, language="fr")
    browser.post(link(users))
    with users.database.reading() as session:
        newest = select(OutboxEmail).order_by(OutboxEmail.id.desc()).limit(1)
        assert session.scalars(newest).one().language == "fr"
    held = browser.get("/me/data/download").json
    assert held is not None
    assert MEMBER.email in [each["email"] for each in held["letter"]]
    browser.post("/me/data/erase", data={"sure": "y"})
    with users.database.reading() as session:
        assert session.scalars(select(OutboxEmail)).all() == []


def test_erasing_deletes_a_pending_email_change(users: SignedInUsers) -> None:
    browser = users.client("member")
    save(browser, email=NEW)
    with users.database.transaction() as session:
        privacy.erase_member(session, users.member, "somebody", NOON)
    with users.database.reading() as session:
        for table in (OutboxEmail, SigninLink, Login):
            assert session.scalars(select(table)).all() == []


def test_the_link_works_for_one_member_for_15_minutes(
    users: SignedInUsers,
) -> None:
    browser = users.client("member")
    save(browser, email=NEW)
    path = link(users)
    token = path.rpartition("/")[2]
    other, stranger = users.client("other_member"), users.client("nobody")
    assert other.get(path).status_code == other.post(path).status_code == 410
    assert stranger.post(path).status_code == 303
    stranger.set_cookie(NONCE, f"new-address/{users.member}")
    for page in (
        f"/signin/{token}",
        f"/signin/new-address/{token}",
        f"/signin/new-address%2F{token}",
    ):
        assert stranger.post(page).status_code in (404, 410)
    users.clock.forward(minutes=15)
    assert browser.get(path).status_code == browser.post(path).status_code == 410
    assert stored(users).email == MEMBER.email


def test_another_members_address_is_refused_without_revealing_it(users: SignedInUsers) -> None:
    browser = users.client("member")
    taken = browser.post("/me/data/edit", data=DETAILS | {"email": OTHER.email})
    with users.database.reading() as session:
        assert session.scalars(select(OutboxEmail)).all() == []
    free = browser.post("/me/data/edit", data=DETAILS | {"email": NEW})
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    with users.database.transaction() as session:
        rival = members_by_ids(session, [users.other_member])[users.other_member]
        rival.email = rival.email_key = NEW
    assert browser.post(link(users)).status_code == 410
    assert stored(users).email == MEMBER.email


def test_erasing_deletes_everything_and_ends_the_login(users: SignedInUsers) -> None:
    browser = users.client("member")
    save(browser, email=NEW)
    assert "your attempts and the badges" in browser.get("/me/data/erase").text
    assert browser.post("/me/data/erase").status_code == 200
    assert stored(users).email == MEMBER.email
    assert write_ahead_log(users.database)
    answer = browser.post("/me/data/erase", data={"sure": "y"})
    assert write_ahead_log(users.database) == b""
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/me").status_code == 303
    with users.database.reading() as session:
        assert [each.email for each in session.scalars(select(Member))] == [OTHER.email]
        for table in (OutboxEmail, SigninLink, Login):
            assert session.scalars(select(table)).all() == []
    mine = f"member:{users.member}"
    assert audited(users) == [(mine, "member", {}), (mine, "forgot", {})]
    assert ADDRESSES["other_member"] in users.client("other_member").get("/me/data").text


def test_queries_do_not_grow_with_the_data(users: SignedInUsers) -> None:
    browser = users.client("member")
    browser.get("/me/data")
    with counted(users.database) as few:
        browser.get("/me/data")
    with users.database.transaction() as session:
        for _ in range(20):
            outbox.enqueue(session, "confirm", MEMBER.email, "en", {}, NOON)
    with counted(users.database) as many:
        assert "once sent): 20" in browser.get("/me/data").text
    assert len(few) == len(many), added(few, many)


@pytest.mark.parametrize(("stored_language", "selected"), [("fr-ca", "fr"), ("de", "de")])
def test_editing_details_keeps_a_language_that_pages_do_not_have(
    users: SignedInUsers, stored_language: str, selected: str
) -> None:
    with users.database.transaction() as session:
        session.execute(update(Member).values(language=stored_language))
    browser = users.client("member")
    assert f'<option selected value="{selected}">' in browser.get("/me/data/edit").text
    assert save(browser, language=selected) == 303
    assert stored(users).language == selected
