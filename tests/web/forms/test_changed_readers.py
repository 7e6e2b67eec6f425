"""Other readers than the page named: what was typed waits until its owner agrees."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.forms.form import Form
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.forms.tables import FormDraft, FormSubmission
from tests.foundations.files.sample_files import pdf
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers

SECRET = replace(FORM, readers="grievance")
NAMED = {**TYPED, "readers": "grievance"}
WARNING = "Other people can read this form than before"


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    """With a draft that only the grievance committee would have read."""
    users.shelf[:] = [path_with(SECRET)]
    member = users.client("member")
    assert 'name="readers" value="grievance"' in page(member)
    member.post(ADDRESS, data={**NAMED, "draft": "1"})
    users.shelf[:] = [path_with(FORM)]
    return member


def needs(users: SignedInUsers, table: type[FormDraft] | type[FormSubmission]) -> list[str]:
    with users.database.reading() as session:
        return list(session.scalars(select(table.needs)))


@pytest.mark.parametrize("typed", ["Because", ""])
def test_a_form_with_other_readers_is_sent_only_after_a_warning(
    users: SignedInUsers, member: FlaskClient, typed: str
) -> None:
    sent = {**NAMED, "field-why": typed, "version": "1", "send": "1"}
    answer = member.post(ADDRESS, data=sent)
    assert WARNING in answer.text
    assert "only the education committee and its auditors" in answer.text
    assert 'name="readers" value="committee"' in answer.text
    assert needs(users, FormSubmission) == []
    version = "2" if typed else "1"
    again = {**sent, "readers": "committee", "version": version}
    assert member.post(ADDRESS, data=again).location == "/forms/sent/1"
    assert needs(users, FormSubmission) == [""]


def test_a_page_that_is_still_open_saves_for_those_it_named(
    users: SignedInUsers, member: FlaskClient
) -> None:
    """The script saves while people type. A draft for the committee would be in its export."""
    file = (BytesIO(pdf()), "letter.pdf")
    more = {**NAMED, "field-why": "Because", "version": "1", "field-letter": file}
    member.post(ADDRESS, data=more, headers={"X-Requested-With": "fetch"})
    assert needs(users, FormDraft) == ["grievance-forms"]
    with users.database.reading() as session:
        assert session.scalars(select(StoredFile.purpose)).all() == ["grievance-forms"]
    assert WARNING in page(member)
    member.post(ADDRESS, data={**TYPED, "readers": "committee", "version": "2", "draft": "1"})
    assert needs(users, FormDraft) == [""]
    assert WARNING not in page(member)


@pytest.mark.parametrize(("readers", "form"), [("committee", SECRET), ("nobody", FORM)])
def test_the_warning_comes_whatever_the_page_named(
    users: SignedInUsers, readers: str, form: Form
) -> None:
    users.shelf[:] = [path_with(form)]
    answer = users.client("member").post(ADDRESS, data={**TYPED, "readers": readers, "send": "1"})
    assert WARNING in answer.text
    assert needs(users, FormSubmission) == []
