"""Importing members on a page: upload, look, record, undo."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from bridge.member_imports import reading
from bridge.store.tables.member_imports import MemberImport
from bridge.store.tables.members import Member
from tests.web.committee.members.confidential import write_in_confidence
from tests.web.committee.signoffs.test_sign_off_page import hidden
from tests.web.query_counter import counted
from tests.web.signed_in_users import SignedInUsers

PAGE = "/committee/members/import"
HEAD = "number;email;first_name;last_name;region;role;payroll_number"
ROWS = (
    "N1;n1@union.example;Ann;Ber;north;steward;P-1",
    "N2;n2@union.example;Bo;Roy;nowhere;;",
    "N3;no;Cy;Roy;north;;",
)


def upload(
    users: SignedInUsers, *rows: str, who: str = "committee", key: str = "k", **form: str
) -> TestResponse:
    content = "\n".join((HEAD, *rows)).encode()
    data = {"file": (BytesIO(content), "members.csv"), "key": key, **form}
    return users.client(who).post(PAGE, data=data, follow_redirects=True)


def press(users: SignedInUsers, page: str, button: str, **data: str) -> str:
    [address] = re.findall(rf'action="([^"]+/{button})"', page)
    return users.client("committee").post(address, data=data, follow_redirects=True).text


def member(users: SignedInUsers, number: str) -> Member | None:
    with users.database.reading() as session:
        return session.scalar(select(Member).where(Member.number == number))


def test_a_file_is_looked_at_recorded_and_undone(users: SignedInUsers) -> None:
    page = upload(users, *ROWS).text
    assert "1 new, 2 refused" in page
    assert "steward" in page
    assert member(users, "N1") is None
    page = press(users, page, "record")
    assert "1 member was imported." in page
    assert member(users, "N1") is not None
    assert "You can undo it until" in page
    assert "Enter a reason." in press(users, page, "undo", reason=" ")
    page = press(users, page, "undo", reason="Wrong file")
    assert "1 row was undone." in page
    assert "Reason: Wrong file" in page
    assert member(users, "N1") is None
    assert "/undo" not in page


def test_rows_are_pasted_as_from_a_spreadsheet(users: SignedInUsers) -> None:
    text = "\r\n".join((HEAD, *ROWS)).replace(";", "\t")
    page = users.client("committee").post(PAGE, data={"rows": text}, follow_redirects=True).text
    assert "1 new, 2 refused" in page
    assert "Pasted rows" in page


def test_changes_are_shown_field_by_field_without_private_values(users: SignedInUsers) -> None:
    press(users, upload(users, ROWS[0]).text, "record")
    page = upload(users, "N1;n1@union.example;Anna;Ber;south;;P-9", key="b").text
    assert "1 changed" in page
    assert "Ann → Anna" in page
    assert "P-9" not in page
    assert "Payroll number" in page
    assert "changed (not shown)" in page


def test_refused_rows_are_downloaded_with_line_and_reason(users: SignedInUsers) -> None:
    page = upload(users, *ROWS, "=1;=cmd;Dy;Roy;north;;").text
    [address] = re.findall(r'href="([^"]+/refused.csv)"', page)
    answer = users.client("committee").get(address)
    lines = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert lines[0] == ["Line", "Reason", *HEAD.split(";")]
    assert [(line[0], line[2]) for line in lines[1:]] == [("3", "N2"), ("4", "N3"), ("5", "'=1")]
    assert "region" in lines[1][1]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a,b\n1,2", "does not name these columns"), (b"", "Choose a file, or paste rows.")],
)
def test_what_is_no_list_of_members_is_refused(
    users: SignedInUsers, content: bytes, said: str
) -> None:
    data = {"rows": content.decode()}
    page = users.client("committee").post(PAGE, data=data).text
    assert said in page
    assert content.decode().partition("\n")[0] in page


def test_a_file_that_is_too_long_is_refused(
    users: SignedInUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    assert "The file has more than 1 rows." in upload(users, *ROWS).text


def test_pressing_twice_does_it_once(users: SignedInUsers) -> None:
    first, again = upload(users, *ROWS), upload(users, *ROWS)
    assert first.request.path == again.request.path
    page = press(users, first.text, "record")
    again_pressed = press(users, first.text, "record")
    assert "1 member was imported." in page
    assert "1 member was imported." in again_pressed
    with users.database.reading() as session:
        assert len(session.scalars(select(Member).where(Member.number == "N1")).all()) == 1


def test_going_back_and_correcting_the_rows_shows_the_corrected_ones(users: SignedInUsers) -> None:
    first = upload(users, "N1;n1@union.example;Ann;Ber;south;;").request.path
    page = upload(users, "N1;n1@union.example;Ann;Ber;north;;")
    assert page.request.path != first
    press(users, page.text, "record")
    found = member(users, "N1")
    assert found is not None
    assert found.region == "north"


def test_the_same_form_after_an_undo_is_another_import(users: SignedInUsers) -> None:
    first = upload(users, *ROWS)
    press(users, press(users, first.text, "record"), "undo", reason="Wrong file")
    again = upload(users, *ROWS)
    assert again.request.path != first.request.path
    assert "/record" in again.text


def test_what_was_not_undone_can_be_tried_again_within_the_hour(users: SignedInUsers) -> None:
    press(users, upload(users, ROWS[0]).text, "record")
    change = "N1;n1@union.example;Anna;Ber;;;"
    page = press(users, upload(users, change, key="b").text, "record")
    with users.database.transaction() as session:
        session.execute(update(Member).where(Member.number == "N1").values(first_name="Zo"))
    page = press(users, page, "undo", reason="Wrong file")
    assert "it can be undone again" in page
    with users.database.transaction() as session:
        session.execute(update(Member).where(Member.number == "N1").values(first_name="Anna"))
    page = press(users, page, "undo", reason="Wrong file")
    assert "1 row was undone." in page
    assert "/undo" not in page
    found = member(users, "N1")
    assert found is not None
    assert found.first_name == "Ann"


def test_deleting_a_file_that_was_recorded_says_so(users: SignedInUsers) -> None:
    page = upload(users, *ROWS).text
    press(users, page, "record")
    told = press(users, page, "discard")
    assert "Nothing was imported" not in told
    assert "this file was imported" in told.lower()
    assert "You can undo it until" in told
    assert member(users, "N1") is not None


def test_only_who_uploaded_a_file_deletes_it(users: SignedInUsers) -> None:
    page = upload(users, *ROWS).text
    with users.database.transaction() as session:
        session.execute(update(MemberImport).values(sent_by="second@union.example"))
    told = press(users, page, "discard")
    assert "someone else uploaded this file" in told.lower()
    assert "/discard" not in told
    with users.database.reading() as session:
        assert len(session.scalars(select(MemberImport)).all()) == 1


@pytest.mark.parametrize("number", ["77", "9" * 23])
def test_deleting_a_file_that_is_gone_says_so(users: SignedInUsers, number: str) -> None:
    answer = users.client("committee").post(f"{PAGE}/{number}/discard", follow_redirects=True)
    assert answer.status_code == 200
    assert "no such file" in answer.text
    assert "The file was deleted." not in answer.text


def test_a_file_and_pasted_rows_together_are_refused(users: SignedInUsers) -> None:
    pasted = f"{HEAD}\nN5;n5@union.example;Pat;Roy;north;;"
    page = upload(users, *ROWS, rows=pasted).text
    assert "Choose a file or paste rows, not both." in page
    assert "n5@union.example" in page


def test_backticks_in_cells_are_not_marks(users: SignedInUsers) -> None:
    page = upload(users, "N2;n2@union.example;Bo;Roy;`<b>x</b>`;;").text
    assert "<code>&#39;&lt;b&gt;x&lt;/b&gt;&#39;</code>" in page


def test_what_changed_since_is_said(users: SignedInUsers) -> None:
    press(users, upload(users, ROWS[0]).text, "record")
    page = upload(users, "N1;n1@union.example;Anna;Ber;;;", key="b").text
    with users.database.transaction() as session:
        session.execute(update(Member).where(Member.number == "N1").values(first_name="Zo"))
    page = press(users, page, "record")
    assert "1 row was not recorded" in page
    assert "was changed since you looked at it" in page
    found = member(users, "N1")
    assert found is not None
    assert found.first_name == "Zo"


def test_a_file_is_deleted_instead_of_recorded(users: SignedInUsers) -> None:
    page = press(users, upload(users, *ROWS).text, "discard")
    assert "Nothing was imported." in page
    with users.database.reading() as session:
        assert session.scalars(select(MemberImport)).all() == []


def test_nobody_imports_a_record_with_their_own_address(users: SignedInUsers) -> None:
    page = upload(users, "N5;committee@union.example;Me;Me;north;steward;").text
    assert "someone else must import it" in page
    assert "/record" not in page


def test_after_an_hour_the_page_says_so(users: SignedInUsers) -> None:
    page = press(users, upload(users, *ROWS).text, "record")
    with users.database.transaction() as session:
        before = users.clock() - timedelta(hours=2)
        session.execute(update(MemberImport).values(recorded_at=before))
    assert "more than an hour old" in press(users, page, "undo", reason="Wrong file")
    assert member(users, "N1") is not None


def test_imports_are_listed(users: SignedInUsers) -> None:
    press(users, upload(users, *ROWS).text, "record")
    page = users.client("committee").get(PAGE).text
    assert "members.csv" in page
    assert "1 new, 2 refused" in page
    assert hidden(page, "key")


def test_the_page_of_many_rows_takes_as_many_queries(users: SignedInUsers) -> None:
    counts = []
    for number, key in ((1, "a"), (300, "b")):
        rows = [f"N{n};n{n}@union.example;Ann;Ber;north;;" for n in range(number)]
        address = upload(users, *rows, key=key).request.path
        with counted(users.database) as statements:
            users.client("committee").get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_in_french(users: SignedInUsers) -> None:
    browser = users.client("committee")
    browser.set_cookie("language", "fr")
    assert "Importer des membres" in browser.get(PAGE).text


def test_an_address_is_not_imported_where_others_read_what_the_member_wrote(
    users: SignedInUsers,
) -> None:
    write_in_confidence(users)
    with users.database.reading() as session:
        found = session.scalar(select(Member).where(Member.id == users.member))
    assert found is not None
    row = f"{found.number};%s;{found.first_name};{found.last_name};;;"
    page = upload(users, row % "emma@union.example").text
    assert "something that you may not read" in page
    assert "/record" not in page
    assert "may not read" not in upload(users, row % found.email, key="b").text
