"""Files that a form no longer has are deleted, and don't count any more."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.foundations.files.tables import DELETED, STORED, StoredFile
from bridge.foundations.forms.attached_files import attach_to_draft, attach_to_submission
from bridge.foundations.owners import Owner
from tests.foundations.files.sample_files import pdf, stream
from tests.web.forms.test_form_pages import ADDRESS, FORM, TYPED, page, path_with
from tests.web.signed_in_users import SignedInUsers

LARGE = pdf("", stream(b" " * 10_000))
QUOTA_MB = 1 / 64
"""Less than two of the files. Larger ones would leave temporary files of the test's browser."""
FULL = "Your files would take more than"


@pytest.fixture(autouse=True)
def offered(users: SignedInUsers) -> None:
    users.shelf[:] = [path_with(FORM)]
    small = users.config.files.model_copy(update={"quota": QUOTA_MB})
    object.__setattr__(users.config, "files", small)


@pytest.fixture
def member(users: SignedInUsers) -> FlaskClient:
    return users.client("member")


def post(member: FlaskClient, version: int, name: str = "", **more: str) -> str:
    """Save the draft, with a file of this name if any; return the page."""
    files = {"field-letter": (BytesIO(LARGE), name)} if name else {}
    data = {**TYPED, "version": str(version), "draft": "1", **more, **files}
    return member.post(ADDRESS, data=data, follow_redirects=True).text


def states(users: SignedInUsers) -> list[tuple[str, str]]:
    """State and subject of each file."""
    with users.database.reading() as session:
        rows = session.scalars(select(StoredFile).order_by(StoredFile.id))
        return [(row.state, row.subject) for row in rows]


def test_a_removed_file_makes_room_for_another(users: SignedInUsers, member: FlaskClient) -> None:
    post(member, 0, "first.pdf")
    post(member, 1, **{"remove-letter": "1"})
    assert states(users) == [(DELETED, "")]
    html = post(member, 2, "second.pdf")
    assert FULL not in html
    assert "second.pdf" in html
    assert states(users) == [(DELETED, ""), (STORED, "draft:1")]


@pytest.mark.parametrize("removed", [{}, {"remove-letter": "1"}])
def test_a_file_is_replaced_in_the_room_that_it_takes(
    users: SignedInUsers, member: FlaskClient, removed: dict[str, str]
) -> None:
    post(member, 0, "first.pdf")
    html = post(member, 1, "second.pdf", **removed)
    assert FULL not in html
    assert ("first.pdf" in html, "second.pdf" in html) == (False, True)
    assert states(users) == [(DELETED, ""), (STORED, "draft:1")]


def test_a_file_that_is_still_there_counts(users: SignedInUsers, member: FlaskClient) -> None:
    """What a page says about another file changes nothing."""
    post(member, 0, "first.pdf")
    other = users.client("member")
    html = post(other, 1, "second.pdf", **{"remove-other": "1"})
    assert "second.pdf" in html
    assert len([each for each in states(users) if each[0] == STORED]) == 1


def test_a_file_of_a_withdrawn_form_is_kept_and_counts(
    users: SignedInUsers, member: FlaskClient
) -> None:
    post(member, 0, "first.pdf")
    post(member, 1, send="1")
    member.post("/forms/sent/1/withdraw")
    html = post(member, 1, "second.pdf")
    assert FULL in html
    assert "Files of forms that you have withdrawn count until they are deleted." in html
    assert states(users) == [(STORED, "submission:1")]


def test_a_file_that_must_be_chosen_again_is_not_kept(
    users: SignedInUsers, member: FlaskClient
) -> None:
    post(member, 0)
    assert "Choose this file again." in post(member, 0, "late.pdf", **{"field-topic": "Other"})
    assert states(users) == [(DELETED, "")]
    long = {"field-why": "x" * 300_001}
    assert "too much text" in post(member, 1, "long.pdf", **long)
    assert states(users) == [(DELETED, "")] * 2
    assert "fits.pdf" in post(member, 1, "fits.pdf")


def test_a_second_click_leaves_no_second_file(users: SignedInUsers, member: FlaskClient) -> None:
    token = {"token": "t" * 30, "send": "1"}
    object.__setattr__(users.config.files, "quota", 2 * QUOTA_MB)
    for _ in range(2):
        post(member, 0, "first.pdf", **token)
    assert states(users) == [(STORED, "submission:1"), (DELETED, "")]
    assert "first.pdf" in page(member, "/forms/sent/1")


def test_a_withdrawn_form_is_sent_again_with_its_file(
    users: SignedInUsers, member: FlaskClient
) -> None:
    post(member, 0, "first.pdf")
    post(member, 1, send="1")
    member.post("/forms/sent/1/withdraw")
    assert "first.pdf" in page(member, ADDRESS)
    post(member, 1, send="1")
    assert states(users) == [(STORED, "submission:2")]
    with users.database.reading() as session:
        assert session.scalars(select(StoredFile.keep_until)).all() == [None]


def test_a_file_that_was_sent_does_not_become_part_of_another_form(
    users: SignedInUsers, member: FlaskClient
) -> None:
    post(member, 0, "first.pdf")
    post(member, 1, send="1")
    owner = Owner(users.member)
    with users.database.transaction() as session:
        assert not attach_to_submission(session, 1, owner, 2, None, users.clock())
        assert not attach_to_draft(session, 1, owner, 1, users.clock(), users.clock())
