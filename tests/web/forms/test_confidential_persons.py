"""Changing a person's entry doesn't show what they wrote in confidence."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.forms.form import Form
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.tables import FormSubmission
from bridge.store.auth import logins
from bridge.store.persons import proof, records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import Person
from bridge.web.common.visitor import COOKIE
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import TYPED, page, path_with
from tests.web.forms.test_forms_by_link import FORM, become_a_member
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

OPEN = replace(FORM, key="open")
SECRET = replace(FORM, key="secret", readers="grievance")
KIM = {"name": "Kim Stranger", "email": "kim@stranger.example"}
SENT = {**TYPED, "field-why": "What the foreman did", "send": "1"}


@pytest.fixture
def guest(users: SignedInUsers) -> FlaskClient:
    users.shelf[:] = [path_with(OPEN, SECRET)]
    return users.client("nobody")


def ask(users: SignedInUsers, guest: FlaskClient, form: Form, email: str = KIM["email"]) -> str:
    """Ask for a link to a form; return its path, or the one of the page to sign in."""
    guest.post(f"/forms/a-path/{form.key}/link", data={**KIM, "email": email})
    with users.database.reading() as session:
        last = session.scalars(select(OutboxEmail).order_by(OutboxEmail.id.desc())).first()
    assert last
    return str(last.payload["link"]).removeprefix(users.config.service.url)


def send(users: SignedInUsers, guest: FlaskClient, form: Form) -> str:
    """Send a form with a file, through a link; return the link."""
    link = ask(users, guest, form)
    file = (BytesIO(pdf()), f"{form.key}.pdf")
    assert guest.post(link, data={**SENT, "field-letter": file}).location == link
    return link


def person_of(users: SignedInUsers, email: str = KIM["email"]) -> int:
    with users.database.reading() as session:
        person = records.find(session, email)
    assert person
    return person.id


def change(users: SignedInUsers, person: int, what: str, **data: object) -> str:
    """Change an entry as the committee; return the page that follows."""
    address = f"/committee/people/{person}/{what}"
    return users.client("committee").post(address, data=data, follow_redirects=True).text


def signed_in(users: SignedInUsers, member: int) -> FlaskClient:
    """A browser in which Kim is signed in, as a member."""
    with users.database.transaction() as session:
        logins.start(session, "kims-login", KIM["email"], member, users.clock())
    browser = users.client("nobody")
    browser.set_cookie(COOKIE, "kims-login")
    return browser


def download(browser: FlaskClient) -> str:
    """What a member downloads about themselves."""
    answer = browser.get("/me/data/download")
    assert answer.status_code == 200
    return answer.text


def senders_address(users: SignedInUsers) -> str | None:
    with users.database.reading() as session:
        query = select(Person.email).join(FormSubmission, FormSubmission.person_id == Person.id)
        return session.scalar(query)


def test_a_link_opens_the_files_of_its_own_form_only(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    secret, other = send(users, guest, SECRET), ask(users, guest, OPEN)
    draft = {**TYPED, "field-letter": (BytesIO(pdf()), "open.pdf"), "draft": "1"}
    guest.post(other, data=draft)
    statuses = {
        (link, number): guest.get(f"{link}/files/{number}").status_code
        for link in (secret, other)
        for number in (1, 2)
    }
    assert statuses == {(secret, 1): 200, (secret, 2): 404, (other, 1): 404, (other, 2): 200}


def test_a_forged_answer_takes_no_file_from_another_draft(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    users.shelf[:] = [path_with(OPEN, replace(OPEN, key="second"))]
    first, second = ask(users, guest, OPEN), ask(users, guest, replace(OPEN, key="second"))
    draft = {**TYPED, "draft": "1"}
    guest.post(first, data={**draft, "field-letter": (BytesIO(pdf()), "first.pdf")})
    guest.post(second, data={**draft, "field-days": ["1", "first.pdf"]})
    assert guest.get(f"{second}/files/1").status_code == 404
    assert guest.get(f"{first}/files/1").status_code == 200


@pytest.mark.parametrize("as_member", [False, True])
def test_the_activity_log_never_names_the_sender(
    users: SignedInUsers, guest: FlaskClient, as_member: bool
) -> None:
    link = send(users, guest, SECRET)
    person = person_of(users)
    if as_member:
        assert signed_in(users, become_a_member(users)).get("/files/1").status_code == 200
    else:
        assert guest.get(f"{link}/files/1").status_code == 200
    confidential = ("form-sent", "file-stored", "file-read")
    watchers: tuple[Who, ...] = ("committee", "auditor")
    for who in watchers:
        browser = users.client(who)
        lines = browser.get("/committee/audit/list.csv").text.splitlines()
        hidden = [line for line in lines if line.split(",")[2] in confidential]
        assert len(hidden) == 3
        assert not [line for line in hidden if f"person:{person}" in line or KIM["email"] in line]
        assert "someone without an account" in page(browser, "/committee/audit")


@pytest.mark.parametrize("address", ["committee", "member"])
def test_correcting_the_address_is_refused(
    users: SignedInUsers, guest: FlaskClient, address: str
) -> None:
    """Neither an own address nor an accomplice's gets the answers."""
    send(users, guest, SECRET)
    email = {"committee": "mallory@example.org", "member": ADDRESSES["member"]}[address]
    text = change(users, person_of(users), "details", **{**KIM, "email": email, "language": ""})
    assert "something that you may not read" in text
    link = ask(users, guest, SECRET, email)
    assert "What the foreman did" not in page(guest, link)
    member = users.client("member")
    assert "What the foreman did" not in download(member)
    assert senders_address(users) == KIM["email"]


def test_the_name_can_still_be_corrected(users: SignedInUsers, guest: FlaskClient) -> None:
    send(users, guest, SECRET)
    text = change(users, person_of(users), "details", **{**KIM, "name": "Kim K.", "language": ""})
    assert "The details were changed." in text


def test_linking_to_another_member_is_refused(users: SignedInUsers, guest: FlaskClient) -> None:
    send(users, guest, SECRET)
    text = change(users, person_of(users), "member", member=ADDRESSES["other_member"])
    assert "something that you may not read" in text
    accomplice = users.client("other_member")
    assert accomplice.get("/forms/sent/1").status_code == 404
    assert accomplice.get("/files/1").status_code == 404


@pytest.mark.parametrize("keeps_kim", [False, True])
@pytest.mark.parametrize("of_member", [False, True])
def test_merging_into_another_address_is_refused(
    users: SignedInUsers, guest: FlaskClient, keeps_kim: bool, of_member: bool
) -> None:
    send(users, guest, SECRET)
    kim, other = person_of(users), users.person if of_member else users.guest
    with users.database.transaction() as session:
        proof.confirm_email(session, other, users.clock())
    kept, gone = (kim, other) if keeps_kim else (other, kim)
    text = change(users, kept, "merge", other=gone)
    safe = keeps_kim and not of_member
    assert ("The two entries are one now." if safe else "you may not read") in text
    assert senders_address(users) == KIM["email"]


def test_who_may_read_it_may_make_the_change(users: SignedInUsers, guest: FlaskClient) -> None:
    send(users, guest, SECRET)
    both = users.config.model_copy(update={"grievance": (ADDRESSES["committee"],)})
    object.__setattr__(users.config, "grievance", both.grievance)
    details = {**KIM, "email": "kim@new.example", "language": ""}
    assert "The details were changed." in change(users, person_of(users), "details", **details)


def test_what_the_committee_may_read_moves_with_the_entry(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, OPEN)
    details = {**KIM, "email": "kim@new.example", "language": ""}
    assert "The details were changed." in change(users, person_of(users), "details", **details)
    assert "What the foreman did" in page(guest, ask(users, guest, OPEN, "kim@new.example"))


def test_a_link_that_was_wrong_takes_nothing_from_the_guest(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, OPEN)
    kim = person_of(users)
    assert "was linked" in change(users, kim, "member", member=ADDRESSES["other_member"])
    member = users.client("other_member")
    assert member.get("/forms/sent/1").status_code == 200
    assert "What the foreman did" in download(member)
    change(users, kim, "member/remove")
    member.post("/me/calendar")
    assert "What the foreman did" not in download(member)
    assert member.get("/forms/sent/1").status_code == 404
    assert "What the foreman did" in page(guest, ask(users, guest, OPEN))
    assert person_of(users) == kim


def test_removing_a_link_gives_nothing_confidential_to_the_former_address(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, SECRET)
    kim, former = person_of(users), users.config.grievance
    object.__setattr__(users.config, "grievance", (ADDRESSES["committee"],))
    assert "was linked" in change(users, kim, "member", member=ADDRESSES["other_member"])
    object.__setattr__(users.config, "grievance", former)
    assert "something that you may not read" in change(users, kim, "member/remove")
    assert senders_address(users) == ADDRESSES["other_member"]


def test_removing_the_link_of_an_address_that_is_shared_keeps_them_apart(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    """Both have confirmed the address, and the committee knows that they are two people."""
    send(users, guest, SECRET)
    kim, member = person_of(users), become_a_member(users)
    change(users, kim, "member/remove")
    with users.database.transaction() as session:
        other = records.person_of_member(session, member, users.clock())
        proof.confirm_email(session, kim, users.clock())
        assert records.find_of_member(session, member) == other != kim


def test_a_guest_who_came_back_meanwhile_has_one_entry(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    send(users, guest, OPEN)
    kim = person_of(users)
    change(users, kim, "member", member=ADDRESSES["other_member"])
    ask(users, guest, OPEN)
    assert person_of(users) != kim
    assert "The link was removed." in change(users, kim, "member/remove")
    assert "What the foreman did" in page(guest, ask(users, guest, OPEN))
    with users.database.reading() as session:
        assert session.get(Person, kim) is None


def test_the_committees_export_says_nothing_about_the_form(
    users: SignedInUsers, guest: FlaskClient
) -> None:
    ask(users, guest, SECRET)
    send(users, guest, SECRET)
    browser = users.client("committee")
    data = browser.get(f"/committee/people/{person_of(users)}/data.json").text
    assert "a-path/secret" not in data
    assert json.loads(data)["left_out"] > 0
    with users.database.reading() as session:
        assert session.scalar(select(StoredFile.purpose)) == "grievance-forms"
