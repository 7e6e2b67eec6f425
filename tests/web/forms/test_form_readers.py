"""A form with `readers`: only they read what is sent. The committee doesn't."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.audience import EVERYONE
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.submissions import submit
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from bridge.foundations.owners import Owner
from bridge.privacy import export_person, export_person_for_committee
from bridge.store.delivery import outbox
from bridge.store.tables.delivery import OutboxEmail
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers, Who

SECRET = replace(FORM, readers="grievance", audience=EVERYONE)
OUTSIDERS: tuple[Who, ...] = ("committee", "auditor", "approver", "payroll", "reviewer")


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    users.shelf[:] = [path_with(SECRET)]
    return users.client("member")


def send(client: FlaskClient) -> None:
    file = (BytesIO(pdf()), "letter.pdf")
    client.post(ADDRESS, data={**TYPED, "field-letter": file, "send": "1"})


def test_the_form_says_who_reads_it(users: SignedInUsers, member: FlaskClient) -> None:
    text = "Only the grievance committee can read what you send."
    assert text in page(member)
    assert text in page(users.client("nobody"), f"{ADDRESS}/link")
    users.shelf[:] = [path_with(FORM)]
    assert "Only the education committee and its auditors can read" in page(member)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_others_find_it_nowhere(users: SignedInUsers, member: FlaskClient, who: Who) -> None:
    send(member)
    users.shelf[:] = [path_with(replace(SECRET, readers="committee"))]  # a later change of the YAML
    browser = users.client(who)
    assert browser.get("/committee/forms/1").status_code == 404
    assert browser.get("/files/1").status_code == 404
    for address in (
        "/committee/forms",
        "/committee/forms/list.csv",
        "/committee/forms?withdrawn=1",
    ):
        text = page(browser, address)
        assert "/committee/forms/1" not in text
        assert "member@union.example" not in text
        assert "3.5" not in text


def test_the_readers_read_it_with_its_file(users: SignedInUsers, member: FlaskClient) -> None:
    send(member)
    browser = users.client("grievance")
    assert "/committee/forms/1" in page(browser, "/committee/forms")
    assert "a-path/mentor" in page(browser, "/committee/forms/list.csv")
    assert "Monday, Tuesday" in page(browser, "/committee/forms/1")
    with users.database.reading() as session:
        [file] = session.scalars(select(StoredFile)).all()
    assert (file.purpose, file.subject) == ("grievance-forms", "submission:1")
    assert browser.get(f"/files/{file.id}").status_code == 200
    users.shelf[:] = [path_with(FORM)]
    member.post("/forms/sent/1/withdraw")
    member.post(ADDRESS, data={**TYPED, "remove-letter": "1", "version": "1", "send": "1"})
    with users.database.reading() as session:
        needs = session.scalars(select(FormSubmission.needs).order_by(FormSubmission.id)).all()
    assert list(needs) == ["grievance-forms", ""]
    assert "/committee/forms/2" not in page(browser, "/committee/forms")


def test_the_activity_log_hides_who_sent_and_who_read_it(
    users: SignedInUsers, member: FlaskClient
) -> None:
    send(member)
    users.client("grievance").get("/committee/forms/1")
    log = page(users.client("committee"), "/committee/audit")
    assert "Sent forms that only the grievance committee reads" in log
    assert "a-path/mentor" not in log
    assert f"/committee/members/{users.member}" not in log


def test_the_committees_export_of_a_person_leaves_drafts_and_submissions_out(
    users: SignedInUsers, member: FlaskClient
) -> None:
    now, owner = users.clock(), Owner(person_id=users.guest)
    typed = {key.removeprefix("field-"): [value] for key, value in TYPED.items() if "field" in key}
    typed["days"] = ["mon"]
    with users.database.transaction() as session:
        drafts.save(session, FormPlace(owner, ("p/x",), needs="grievance-forms"), typed, 0, now)
        submit(session, FormPlace(owner, ("p/y",)), replace(SECRET, fields=()), {}, "t" * 24, now)
        everything = export_person(session, users.guest)
        shown = export_person_for_committee(session, users.guest)
        assert session.scalars(select(FormDraft.needs)).all() == ["grievance-forms"]
    assert {"form_draft", "form_submission"} <= set(everything)
    assert not shown["form_draft"]
    assert not shown["form_submission"]
    assert "p/y" not in json.dumps(shown)


def test_the_email_with_a_link_is_confidential_too(
    users: SignedInUsers, member: FlaskClient
) -> None:
    guest = {"name": "Kim", "email": "chair@union.example"}
    users.client("nobody").post(f"{ADDRESS}/link", data=guest)
    users.client("nobody").post(f"{ADDRESS}/link", data=guest | {"email": "member@union.example"})
    with users.database.transaction() as session:
        kinds = session.execute(select(OutboxEmail.kind, OutboxEmail.needs).order_by("id")).all()
        [first, *_] = outbox.claim(session, "test", users.clock(), timedelta(hours=1), 9)
        outbox.mark_failed(session, first.id, "test", "refused")
    assert [tuple(row) for row in kinds] == [
        ("form-link", "grievance-forms"), ("form-member", "grievance-forms"),
    ]  # fmt: skip
    text = page(users.client("committee"), "/committee/failed-emails")
    assert "Confidential email" in text
    assert "chair@union.example" not in text


def test_a_draft_of_other_readers_keeps_its_file_only_if_it_is_chosen_again(
    users: SignedInUsers, member: FlaskClient
) -> None:
    users.shelf[:] = [path_with(FORM)]
    member.post(
        ADDRESS, data={**TYPED, "field-letter": (BytesIO(pdf()), "letter.pdf"), "draft": "1"}
    )
    users.shelf[:] = [path_with(SECRET)]
    html = member.post(ADDRESS, data={**TYPED, "version": "1", "send": "1"}).text
    assert "Choose it again." in html
    with users.database.reading() as session:
        assert submissions.list_submissions(session, 9) == []
