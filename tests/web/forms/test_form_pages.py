"""Filling in a form: drafts, files, mistakes, sending and withdrawing."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.audience import Audience
from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum
from bridge.foundations.forms import submissions
from bridge.store.tables.operations import AuditEntry
from tests.curriculum.forms.sample_form import form
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers

ADDRESS = "/forms/a-path/mentor"
FORM = replace(form(), audience=Audience())
TYPED = {
    "field-topic": "Law & <order>", "field-rules": "agreed", "field-days": ["mon", "tue"],
    "field-hours": "3,5", "version": "0", "token": "a-token-of-twenty-letters",
}  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>"


def path_with(*forms: Form) -> Curriculum:
    return replace(PATH, forms=forms)


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    users.shelf[:] = [path_with(FORM)]
    return users.client("member")


def page(client: FlaskClient, address: str = ADDRESS) -> str:
    return client.get(address, follow_redirects=True).get_data(as_text=True)


def test_every_type_of_field_is_shown_with_its_label(member: FlaskClient) -> None:
    html = page(member)
    for field in FORM.fields:
        assert f'id="field-{field.key}"' in html
        assert field.label.pick() in html
    assert "Thank you <em>very</em> much." in html


def test_a_draft_is_saved_without_javascript_and_resumed(
    users: SignedInUsers, member: FlaskClient
) -> None:
    answer = member.post(ADDRESS, data={**TYPED, "field-why": "é" * 10_000, "draft": "1"})
    assert answer.status_code == 303
    html = page(users.client("member"))
    assert "é" * 10_000 in html
    assert "Law &amp; &lt;order&gt;" in html
    assert re.search('value="mon" checked', html)
    assert "é" * 10_000 not in page(users.client("other_member"))


def test_the_script_gets_the_next_version(member: FlaskClient) -> None:
    fetch = {"X-Requested-With": "fetch"}
    first = member.post(ADDRESS, data=TYPED, headers=fetch)
    assert first.get_data(as_text=True) == "1"
    changed = {**TYPED, "version": "1", "field-topic": "Pay"}
    assert member.post(ADDRESS, data=changed, headers=fetch).get_data(as_text=True) == "2"


def test_two_tabs_show_both_texts(member: FlaskClient) -> None:
    member.post(ADDRESS, data={**TYPED, "field-why": "In one tab"})
    other = {**TYPED, "field-why": "In another", "send": "1"}
    conflict = member.post(ADDRESS, data=other)
    html = conflict.get_data(as_text=True)
    assert conflict.status_code == 409
    assert "In one tab" in html
    assert "In another" in html
    assert 'name="version" value="1"' in html
    assert member.post(ADDRESS, data={**other, "version": "1"}).status_code == 303


def test_a_form_is_sent_once_and_shown(users: SignedInUsers, member: FlaskClient) -> None:
    for _ in range(2):
        sent = member.post(ADDRESS, data={**TYPED, "send": "1"})
        assert sent.location.startswith("/forms/sent/")
    users.shelf[:] = [path_with(replace(FORM, fields=FORM.fields[:1]))]
    html = page(member, sent.location)
    for words in ("Law &amp; &lt;order&gt;", "Monday, Tuesday", "3.5", "No answer"):
        assert words in html
    with users.database.reading() as session:
        assert len(submissions.of_member(session, users.member)) == 1
    assert users.client("other_member").get(sent.location).status_code == 404


def test_mistakes_keep_everything_that_was_typed(member: FlaskClient) -> None:
    wrong = {**TYPED, "field-from": "2027-02-30", "field-place": "moon", "field-rules": "",
             "field-hours": "1,234", "field-why": "typed\0 text", "send": "1"}  # fmt: skip
    html = member.post(ADDRESS, data=wrong).get_data(as_text=True)
    for words in ("There is no such date", "listed any more", "Tick this box", "1234 or 1.234",
                  "typed\ufffd text", "2027-02-30"):  # fmt: skip
        assert words in html
    assert "typed\ufffd text" in page(member)


def test_unknown_fields_are_not_saved(member: FlaskClient) -> None:
    member.post(ADDRESS, data={**TYPED, "field-admin": "Let me in", "field-letter": "7"})
    assert "Let me in" not in page(member)


def test_a_required_file(users: SignedInUsers, member: FlaskClient) -> None:
    needed = form("label: A letter", "label: A letter\n        required: yes")
    users.shelf[:] = [path_with(replace(needed, audience=Audience()))]
    html = member.post(ADDRESS, data={**TYPED, "send": "1"}).get_data(as_text=True)
    assert "Choose a file." in html
    sent = {**TYPED, "version": "1", "send": "1", "field-letter": (BytesIO(b"no PDF"), "a.pdf")}
    html = member.post(ADDRESS, data=sent).get_data(as_text=True)
    assert "This is not a PDF, PNG or JPEG file." in html
    assert "Law &amp; &lt;order&gt;" in html


def test_a_renamed_and_a_removed_field(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data={**TYPED, "field-why": "Because of us"})
    renamed = form("field: why", "field: reason\n        previously: why")
    kept = tuple(each for each in renamed.fields if each.key != "topic")
    users.shelf[:] = [path_with(replace(renamed, fields=kept, audience=Audience()))]
    html = page(member)
    assert 'name="field-reason"' in html
    assert "Because of us</textarea>" in html
    assert "No longer asked" in html
    assert "Law &amp; &lt;order&gt;" in html


def test_a_deleted_form_still_shows_its_draft(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data=TYPED)
    users.shelf[:] = [path_with()]
    assert member.get(ADDRESS).status_code == 404
    assert "Law &amp; &lt;order&gt;" in page(member, "/forms")


def test_a_second_submission_needs_a_withdrawal(member: FlaskClient) -> None:
    sent = member.post(ADDRESS, data={**TYPED, "send": "1"}).location
    assert member.get(ADDRESS).location == sent
    second = {**TYPED, "token": "another-token-of-twenty", "send": "1", "field-topic": "Pay"}
    assert "You have sent this form before" in page_after(member, second)
    assert "withdrawn" in page_after(member, {}, f"{sent}/withdraw")
    assert "Pay" in page(member)


def page_after(client: FlaskClient, data: dict[str, object], address: str = ADDRESS) -> str:
    return client.post(address, data=data, follow_redirects=True).get_data(as_text=True)


def test_a_form_is_only_for_its_audience(users: SignedInUsers, member: FlaskClient) -> None:
    users.shelf[:] = [path_with(replace(FORM, audience=Audience(stewards=True)))]
    assert member.get(ADDRESS).status_code == 403
    assert member.post(ADDRESS, data=TYPED).status_code == 403
    assert ADDRESS not in page(member, "/forms")
    users.shelf[:] = [path_with(replace(FORM, audience=Audience(region="north")))]
    assert member.get(ADDRESS).status_code == 200
    assert users.client("other_member").get(ADDRESS).status_code == 403


def test_too_much_text_is_not_saved_but_shown_again(member: FlaskClient) -> None:
    html = member.post(ADDRESS, data={**TYPED, "field-why": "x" * 300_001})
    assert "too much text" in html.get_data(as_text=True)
    assert "x" * 300_001 in html.get_data(as_text=True)


def test_the_committee_reads_what_was_sent(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data={**TYPED, "send": "1"})
    committee = users.client("committee")
    assert "/committee/forms/1" in page(committee, "/committee/forms")
    html = page(committee, "/committee/forms/1")
    assert "Monday, Tuesday" in html
    assert "member@union.example" in html
    table = page(committee, "/committee/forms/list.csv")
    assert "a-path/mentor" in table
    assert "3.5" in table
    page_after(member, {}, "/forms/sent/1/withdraw")
    assert "/committee/forms/1" not in page(committee, "/committee/forms")
    assert "/committee/forms/1" in page(committee, "/committee/forms?withdrawn=1")


def test_the_committee_filters_by_form(users: SignedInUsers, member: FlaskClient) -> None:
    users.shelf[:] = [path_with(FORM, replace(FORM, key="other"))]
    for address in (ADDRESS, "/forms/a-path/other"):
        member.post(address, data={**TYPED, "token": f"{address:_<24}", "send": "1"})
    users.shelf[:] = [path_with(FORM)]
    committee = users.client("committee")
    html = page(committee, "/committee/forms?form=a-path/other")
    assert "/committee/forms/2" in html
    assert "/committee/forms/1" not in html
    assert '<option value="a-path/mentor">' in html
    assert "a-path/mentor" not in page(committee, "/committee/forms/list.csv?form=a-path/other")
    assert committee.get("/committee/forms?form=no-such").status_code == 404
    actions = [line for line in audit(users) if line[0] in ("listed", "form-read")]
    assert actions == [("listed", "a-path/other")]
    page(committee, "/committee/forms/2")
    assert audit(users)[-1] == ("form-read", "a-path/other")


def audit(users: SignedInUsers) -> list[tuple[str, object]]:
    """The actions of the log, and the form each is about."""
    with users.database.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(each.action, each.after.get("form")) for each in rows]


def test_dates_are_in_the_readers_language(users: SignedInUsers, member: FlaskClient) -> None:
    member.post(ADDRESS, data={**TYPED, "field-from": "2027-02-28", "send": "1"})
    assert "February 28, 2027" in page(member, "/forms/sent/1")
    committee = users.client("committee")
    committee.set_cookie("language", "fr")
    html = page(committee, "/committee/forms/1")
    assert re.search(r"28\s+février\s+2027", html)


def test_the_menu_has_forms_only_if_there_are_any(users: SignedInUsers) -> None:
    member, committee = users.client("member"), users.client("committee")
    assert 'href="/forms"' in page(member, "/me")
    assert 'href="/committee/forms"' in page(committee, "/committee")
    users.shelf[:] = [path_with()]
    assert 'href="/forms"' not in page(member, "/me")
    assert 'href="/committee/forms"' not in page(committee, "/committee")
    users.shelf[:] = [path_with(FORM)]
    member.post(ADDRESS, data={**TYPED, "send": "1"})
    users.shelf[:] = [path_with()]
    assert 'href="/forms"' in page(member, "/me")
