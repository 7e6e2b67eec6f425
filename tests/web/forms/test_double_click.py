"""A form that is sent twice at the same moment is one submission, and leaves no draft."""

from __future__ import annotations

import pytest

from bridge.foundations.forms import drafts, submissions
from tests.store.conftest import url as url
from tests.store.parallel import WORKERS, run_in_threads
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers

SENT = {**TYPED, "send": "1"}


@pytest.fixture(autouse=True)
def offered(users: SignedInUsers) -> None:
    users.shelf[:] = [path_with(FORM)]


def stored(users: SignedInUsers) -> tuple[int, int]:
    """How many submissions and drafts the member has."""
    with users.database.reading() as session:
        sent = submissions.of_member(session, users.member)
        return len(sent), len(drafts.list_drafts(session, users.member))


def test_several_clicks_at_the_same_moment(users: SignedInUsers) -> None:
    browsers = [users.client("member") for _ in range(WORKERS)]
    answers = run_in_threads(lambda n: browsers[n].post(ADDRESS, data=SENT).location)
    assert set(answers) == {"/forms/sent/1"}
    assert stored(users) == (1, 0)


def test_a_draft_saved_after_sending(users: SignedInUsers) -> None:
    member = users.client("member")
    member.post(ADDRESS, data=SENT)
    fetch = {"X-Requested-With": "fetch"}
    assert member.post(ADDRESS, data=TYPED, headers=fetch).location == "/forms/sent/1"
    assert stored(users) == (1, 0)
    changed = {**SENT, "field-topic": "Something new"}
    assert member.post(ADDRESS, data=changed).location == "/forms"
    assert stored(users) == (1, 1)


def test_an_old_page_after_a_withdrawal_sends_a_new_form(users: SignedInUsers) -> None:
    member = users.client("member")
    member.post(ADDRESS, data=SENT)
    member.post("/forms/sent/1/withdraw")
    assert member.post(ADDRESS, data={**SENT, "version": "1"}).location == "/forms/sent/2"
    assert "Withdrawn" not in page(member, "/forms/sent/2")
    assert stored(users) == (2, 0)
