"""A form that is renamed under drafts, and drafts of two owners who are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.forms.tables import FormDraft
from bridge.foundations.owners import Owner, owner_of_member
from bridge.jobs.deadlines import run_deadlines
from bridge.store.tables.delivery import OutboxEmail
from tests.web.forms.test_form_pages import FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers

OLD, NEW = replace(FORM, key="old"), replace(FORM, key="new")
RENAMED = replace(FORM, key="new", previously="old")
ADDRESS = "/forms/a-path/new"
OLDER = {**TYPED, "field-why": "Typed first"}
NEWER = {**TYPED, "field-why": "Typed last"}


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    users.shelf[:] = [path_with(OLD, NEW)]
    return users.client("member")


def forms_of_drafts(users: SignedInUsers) -> list[str]:
    with users.database.reading() as session:
        return list(session.scalars(select(FormDraft.form)))


@pytest.mark.parametrize("send", [{}, {"send": "1"}])
def test_drafts_of_two_forms_that_became_one(
    users: SignedInUsers, member: FlaskClient, send: dict[str, str]
) -> None:
    member.post(ADDRESS, data=OLDER)
    users.clock.forward(minutes=1)
    member.post("/forms/a-path/old", data=NEWER)
    users.shelf[:] = [path_with(RENAMED)]
    assert "Typed last" in page(member, ADDRESS)
    answer = member.post(ADDRESS, data={**NEWER, "field-topic": "Pay", "version": "1", **send})
    assert answer.status_code == 303
    assert forms_of_drafts(users) == ([] if send else ["a-path/new"])
    if not send:
        assert "Typed last" in page(member, ADDRESS)


def test_a_withdrawn_form_leaves_a_newer_draft_under_its_new_name(
    users: SignedInUsers, member: FlaskClient
) -> None:
    assert member.post("/forms/a-path/old", data={**OLDER, "send": "1"}).status_code == 303
    users.shelf[:] = [path_with(RENAMED)]
    assert "already" not in member.post(ADDRESS, data={**NEWER, "send": "1"}).text
    assert member.post("/forms/sent/1/withdraw").status_code == 303
    assert forms_of_drafts(users) == ["a-path/new"]
    assert "Typed last" in page(member, ADDRESS)
    again = {**NEWER, "version": "1", "send": "1"}
    assert member.post(ADDRESS, data=again).location == "/forms/sent/2"


def test_a_renamed_form_reminds_once(users: SignedInUsers, member: FlaskClient) -> None:
    closes = date(2026, 3, 20)
    users.shelf[:] = [path_with(replace(OLD, closes=closes))]
    member.post("/forms/a-path/old", data=OLDER)
    run_deadlines(users.database, users.config, users.shelf, users.clock)
    users.shelf[:] = [path_with(replace(RENAMED, closes=closes))]
    member.post(ADDRESS, data={**NEWER, "version": "1"})
    run_deadlines(users.database, users.config, users.shelf, users.clock)
    users.clock.time = datetime(2026, 3, 17, 9, tzinfo=UTC)
    run_deadlines(users.database, users.config, users.shelf, users.clock)
    with users.database.reading() as session:
        kinds = session.scalars(select(OutboxEmail.kind)).all()
    assert list(kinds) == ["form-closing"]


def test_sending_ends_the_draft_from_before_they_were_a_member(
    users: SignedInUsers, member: FlaskClient
) -> None:
    person = FormPlace(Owner(person_id=users.person), ("a-path/new",))
    with users.database.transaction() as session:
        drafts.save(session, person, {"why": ["As a guest"]}, 0, users.clock())
        assert owner_of_member(session, users.member).person_id == users.person
    users.clock.forward(minutes=1)
    with users.database.transaction() as session:
        own = FormPlace(Owner(users.member), ("a-path/new",))
        drafts.save(session, own, {"why": ["As a member"]}, 0, users.clock())
    answer = member.post(ADDRESS, data={**NEWER, "version": "1", "send": "1"})
    assert answer.location == "/forms/sent/1"
    assert forms_of_drafts(users) == []
    with users.database.reading() as session:
        assert len(submissions.of_member(session, users.member)) == 1
