"""A person without an account fills in a form through a personal link."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bridge.curriculum.audience import EVERYONE, Audience
from bridge.foundations.deadlines.queries import list_deadlines
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.drafts import Draft
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.member_records import MemberRecord
from bridge.privacy import erase_person
from bridge.store.auth import logins
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import member_links, proof, queries, records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person
from bridge.web.common.visitor import COOKIE
from bridge.web.forms import saving
from bridge.web.forms.filled_form import FilledForm, Place, from_page
from tests.curriculum.forms.sample_form import form
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import TYPED, page, path_with
from tests.web.sample_site import NOON
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

FORM = replace(form(), audience=EVERYONE)
ADDRESS = "/forms/a-path/mentor"
ASK = f"{ADDRESS}/link"
KIM = {"name": "Kim Stranger", "email": "kim@stranger.example"}
OTHER = "lee@stranger.example"
SENT = {**TYPED, "send": "1"}


@pytest.fixture(autouse=True)
def offered(users: SignedInUsers) -> None:
    users.shelf[:] = [path_with(FORM)]


@pytest.fixture
def browser(users: SignedInUsers) -> FlaskClient:
    return users.client("nobody")


def ask(users: SignedInUsers, browser: FlaskClient, **other: str) -> str:
    """Ask for a link; return the path of the one in the last email."""
    answer = browser.post(ASK, data={**KIM, **other})
    assert answer.location == f"{ASK}/sent"
    with users.database.reading() as session:
        last = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id.desc())).first()
    assert last
    return str(last.payload["link"]).removeprefix(users.config.service.url)


def count(users: SignedInUsers, table: type[FormDraft] | type[FormSubmission]) -> int:
    with users.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_stranger_asks_saves_resumes_sends_and_corrects(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    assert browser.get(ADDRESS).location == ASK
    link = ask(users, browser)
    assert re.fullmatch(r"/link/[\w-]{40,}/form", link)
    assert browser.post(link, data={**TYPED, "draft": "1"}).location == link
    elsewhere = users.client("nobody")
    assert "Law &amp; &lt;order&gt;" in page(elsewhere, link)
    version = {"version": "1"}
    assert elsewhere.post(link, data={**SENT, **version}).location == link
    html = page(browser, link)
    assert "Monday, Tuesday" in html
    assert f'action="{link}/withdraw"' in html
    assert count(users, FormDraft) == 0
    html = page(users.client("committee"), "/committee/forms/1")
    assert "Kim Stranger" in html
    assert KIM["email"] in html
    browser.post(f"{link}/withdraw")
    html = page(browser, link)
    assert "Law &amp; &lt;order&gt;" in html
    assert "<textarea" in html
    assert browser.post(link, data={**SENT, "version": "1", "field-topic": "Pay"}).location == link
    assert "Pay" in page(browser, link)
    assert count(users, FormSubmission) == 2


def test_opening_a_link_changes_nothing(users: SignedInUsers, browser: FlaskClient) -> None:
    link = ask(users, browser)
    with users.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    for _ in range(3):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
    assert browser.get(f"{link}/withdraw").status_code == 405
    with users.database.reading() as session:
        [kim] = queries.list_persons(session, 9, wanted=queries.PersonFilter("kim stranger"))
        assert kim.proof == ""
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
    browser.post(link, data=TYPED)
    with users.database.reading() as session:
        [kim] = queries.list_persons(session, 9, wanted=queries.PersonFilter("kim stranger"))
        assert kim.proof == "link"


def test_a_link_opens_one_form_of_one_person(users: SignedInUsers, browser: FlaskClient) -> None:
    other = replace(FORM, key="other")
    users.shelf[:] = [path_with(FORM, other)]
    kim = ask(users, browser)
    lee = ask(users, browser, email="lee@stranger.example")
    browser.post(kim, data={**TYPED, "field-why": "Private words of Kim"})
    assert "Private words" in page(browser, kim)
    assert "Private words" not in page(browser, lee)
    assert "Private words" not in page(users.client("member"), ADDRESS)
    answer = browser.post("/forms/a-path/other/link", data=KIM)
    assert answer.status_code == 303
    with users.database.reading() as session:
        last = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id.desc())).first()
    assert last
    second = str(last.payload["link"]).removeprefix(users.config.service.url)
    assert "Private words" not in page(browser, second)


def test_wrong_expired_and_foreign_links_keep_what_was_typed(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    link = ask(users, browser)
    users.clock.forward(days=30)
    for address in (link, "/link/no-such-token/form"):
        assert browser.get(address).status_code == 410
        answer = browser.post(address, data={**SENT, "field-why": "typed for an hour"})
        assert answer.status_code == 410
        assert "typed for an hour" in answer.text
        assert "does not work any more" in answer.text
        assert browser.post(f"{address}/withdraw").status_code == 410
        assert browser.get(f"{address}/files/1").status_code == 410
    assert count(users, FormSubmission) == count(users, FormDraft) == 0


def test_a_confirmation_link_does_not_open_a_form(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    from bridge.workflows.personal_links import request_confirmation

    with users.database.transaction() as session:
        request_confirmation(session, users.config, users.guest, users.clock())
        [email] = session.scalars(select(OutboxEmail))
    token = str(email.payload["link"]).rpartition("/")[2]
    assert browser.get(f"/link/{token}/form").status_code == 410
    assert browser.post(f"/link/{token}/form", data=SENT).status_code == 410
    link = ask(users, browser).removesuffix("/form")
    assert [browser.get(link).status_code, browser.post(link).status_code] == [410, 410]


def test_nobody_ends_the_link_of_another(users: SignedInUsers, browser: FlaskClient) -> None:
    first = ask(users, browser)
    second = ask(users, browser, name="Someone Else")
    assert first != second
    assert [browser.get(each).status_code for each in (first, second)] == [200, 200]
    with users.database.reading() as session:
        [person] = session.scalars(select(Person).where(Person.email == KIM["email"]))
        assert person.name == "Kim Stranger"


def test_the_answer_is_the_same_for_every_address(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    known = {**KIM, "email": ADDRESSES["member"]}
    answers = [browser.post(ASK, data=each, follow_redirects=True) for each in (KIM, known)]
    assert answers[0].text == answers[1].text
    with users.database.reading() as session:
        emails = {each.email: each for each in session.scalars(select(OutboxEmail))}
    assert emails[KIM["email"]].kind == "form-link"
    told = emails[ADDRESSES["member"]]
    assert told.kind == "form-member"
    assert str(told.payload["link"]).endswith(ADDRESS)
    assert "Mem" in str(told.payload["name"])


def test_an_address_gets_few_emails_an_hour(users: SignedInUsers) -> None:
    for number in range(5):
        for email in (KIM["email"], ADDRESSES["member"]):
            sent = users.app.test_client().post(
                ASK,
                data={**KIM, "email": email},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
            )
            assert sent.status_code == 303
    with users.database.reading() as session:
        kinds = [each.kind for each in session.scalars(select(OutboxEmail))]
    assert kinds.count("form-link") == 3
    assert kinds.count("form-member") == 1


@pytest.mark.usefixtures("stopped_time")
def test_a_browser_asks_for_few_links(browser: FlaskClient) -> None:
    answers = [browser.post(ASK, data={**KIM, "email": f"{n}@a.example"}) for n in range(6)]
    assert [each.status_code for each in answers] == [303] * 5 + [429]


def test_a_form_for_members_sends_no_links(users: SignedInUsers, browser: FlaskClient) -> None:
    link = ask(users, browser)
    users.shelf[:] = [path_with(replace(FORM, audience=Audience()))]
    assert browser.get(ASK).status_code == 404
    assert browser.post(ASK, data=KIM).status_code == 404
    assert browser.get(ADDRESS).location.startswith("/signin")
    assert browser.get(link).status_code == 404
    kept = browser.post(link, data={**SENT, "field-why": "typed before"})
    assert kept.status_code == 404
    assert "typed before" in kept.text
    assert count(users, FormSubmission) == 0


def test_a_member_fills_in_a_form_for_everyone(users: SignedInUsers) -> None:
    member = users.client("member")
    assert ADDRESS in page(member, "/forms")
    assert member.post(ADDRESS, data=SENT).location == "/forms/sent/1"


def become_a_member(users: SignedInUsers) -> int:
    kim = MemberRecord("1009", KIM["email"], "Kim", "Stranger", region="north")
    with users.database.transaction() as session:
        [member] = upsert_members(session, [kim], users.clock()).ids
        proof.link_by_email(session, [KIM["email"]], users.clock())
    assert member is not None
    return member


def test_a_person_who_becomes_a_member_keeps_their_forms(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    other = replace(FORM, key="other")
    users.shelf[:] = [path_with(FORM, other)]
    link = ask(users, browser)
    browser.post(link, data=SENT)
    member = become_a_member(users)
    with users.database.transaction() as session:
        logins.start(session, "kims-login", KIM["email"], member, users.clock())
    signed_in = users.client("nobody")
    signed_in.set_cookie(COOKIE, "kims-login")
    assert "/forms/sent/1" in page(signed_in, "/forms")
    assert "Monday, Tuesday" in page(signed_in, "/forms/sent/1")
    assert signed_in.get(ADDRESS).location == "/forms/sent/1"
    assert browser.get(link).location == ADDRESS
    again = browser.post(link, data={**SENT, "field-why": "words typed now"})
    assert again.status_code == 409
    assert "words typed now" in again.text
    signed_in.post("/forms/sent/1/withdraw")
    assert "Law &amp; &lt;order&gt;" in page(signed_in, ADDRESS)
    with users.database.transaction() as session:
        person = records.person_of_member(session, member, users.clock())
        member_links.unlink(session, person, (), "committee", users.clock())
    assert "/forms/sent/1" not in page(signed_in, "/forms")


def test_files_of_a_person(users: SignedInUsers, browser: FlaskClient) -> None:
    kim = ask(users, browser)
    lee = ask(users, browser, email="lee@stranger.example")
    letter = {**SENT, "field-letter": (BytesIO(pdf()), "cv.pdf")}
    answer = browser.post(kim, data=letter)
    assert answer.location == kim, answer.text
    with users.database.reading() as session:
        [file] = session.scalars(select(StoredFile))
    assert file.person_id
    assert file.member_id is None
    html = page(browser, kim)
    assert f"{kim}/files/{file.id}" in html
    got = browser.get(f"{kim}/files/{file.id}")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{lee}/files/{file.id}").status_code == 404
    assert browser.get(f"{kim}/files/99999999999999999999").status_code == 404
    assert users.client("member").get(f"/files/{file.id}").status_code == 404
    assert users.client("committee").get(f"/files/{file.id}").status_code == 200
    with users.database.reading() as session:
        reads = session.scalars(select(AuditEntry).where(AuditEntry.action == "file-read")).all()
    assert [each.actor for each in reads] == [
        f"person:{file.person_id}", "committee@union.example",
    ]  # fmt: skip
    assert {each.person_id for each in reads} == {file.person_id}


def test_a_form_through_a_link_closes_after_its_last_day_too(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    users.shelf[:] = [path_with(replace(FORM, closes=NOON.date()))]
    link, unused = ask(users, browser), ask(users, users.client("nobody"), email=OTHER)
    assert browser.post(link, data={**TYPED, "draft": "1"}).location == link
    assert browser.post(link, data={**SENT, "version": "1"}).location == link
    users.clock.forward(days=1)
    for address in (ASK, unused):
        closed = browser.get(address)
        assert (closed.status_code, "This form is closed" in closed.text) == (410, True)
    assert browser.post(ASK, data=KIM).status_code == 410
    kept = browser.post(unused, data=SENT)
    assert (kept.status_code, "Law &amp; &lt;order&gt;" in kept.text) == (410, True)
    assert count(users, FormSubmission) == 1
    assert browser.get(link).status_code == 200, "what was sent can still be seen"
    with users.database.reading() as session:
        assert list_deadlines(session, 5) == [], "only members get the reminder"


def test_withdrawing_after_the_closing_day_warns_first(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    users.shelf[:] = [path_with(replace(FORM, closes=NOON.date()))]
    link = ask(users, browser)
    browser.post(link, data=SENT)
    users.clock.forward(days=1)
    browser.post(f"{link}/withdraw")
    assert "Withdraw for good" in page(browser, link)
    assert browser.post(f"{link}/withdraw", data={"for_good": "1"}).location == link
    assert browser.get(link).status_code == 410


def test_a_link_to_a_form_is_not_used_up_by_the_page_of_others(
    users: SignedInUsers, browser: FlaskClient
) -> None:
    link = ask(users, browser)
    assert browser.post(link.removesuffix("/form")).status_code == 410
    assert browser.get(link).status_code == 200


@pytest.mark.parametrize("with_file", [False, True])
def test_a_person_who_is_erased_while_they_save_keeps_what_they_typed(
    users: SignedInUsers, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, with_file: bool
) -> None:
    link = ask(users, browser)

    def erase_then_read(place: Place, draft: Draft | None) -> FilledForm:
        with users.database.transaction() as session:
            erase_person(session, place.owner.person_id or 0, "committee", users.clock())
        return from_page(place, draft)

    monkeypatch.setattr(saving, "from_page", erase_then_read)
    more = {"field-letter": (BytesIO(pdf()), "cv.pdf")} if with_file else {}
    kept = browser.post(link, data={**SENT, "field-why": "words typed now", **more})
    assert kept.status_code == 410
    assert "words typed now" in kept.text
