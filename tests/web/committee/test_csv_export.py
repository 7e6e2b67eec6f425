"""CSV exports: audited with their filters, limited to a chair's region, without formulas."""

from __future__ import annotations

import json

import pytest
from flask import Response

from bridge.access.rights import RIGHTS
from bridge.store.operations import audit_queries
from bridge.web.lists.csv_export import csv_response
from tests.web.lists.declared_lists import declared_lists
from tests.web.signed_in_users import SignedInUsers

EXPORTED = {
    page.export.audit_name or page.export.file_name: page
    for page in declared_lists()
    if page.export
}
LISTS = {name: page.csv_address for name, page in EXPORTED.items()} | {
    "history": "/committee/members/{member}/history.csv",
    "record": "/committee/members/{member}/record.csv",
}
OWN = {"/me/record.csv"}
"""What members download about themselves."""
COUNTS = {
    "/committee/overview.csv",
    "/committee/signups.csv",
    "/committee/quizzes/list.csv",
    "/committee/coverage.csv",
}
"""CSV files with counts only, without personal data."""
WITH_THEIR_PAGES = {
    "/committee/sessions/<int:session>/history.csv",
    "/committee/consultations/<int:number>/answers.csv",
    "/committee/members/import/<int:batch>/refused.csv",
}
"""Tested with the pages that they belong to: there must be a session, and so on."""


def test_every_csv_is_tested(users: SignedInUsers) -> None:
    rules = [r for r in users.app.url_map.iter_rules() if not r.endpoint.startswith("moved")]
    found = {rule.rule for rule in rules if rule.rule.endswith(".csv")}
    known = {each.replace("{member}", "<int:member>") for each in LISTS.values()}
    assert found - COUNTS - OWN - WITH_THEIR_PAGES == known, (
        "Add a CSV with personal data to LISTS in this file."
    )


@pytest.mark.parametrize("name", LISTS)
def test_an_export_is_audited_without_search_words(users: SignedInUsers, name: str) -> None:
    address = LISTS[name].format(member=users.member)
    page = EXPORTED.get(name)
    who = "auditor" if page is None or "auditor" in RIGHTS[page.access].cells else "committee"
    browser = users.client(who)
    asked = {"region": "north", "milestone": "a-path:first", "words": "Mem Ber"}
    if page and page.is_search:
        answer = browser.post(address, data=asked)
    else:
        del asked["words"]
        answer = browser.get(address, query_string=asked)
    assert answer.mimetype == "text/csv"
    with users.database.reading() as session:
        [line] = audit_queries.entries(session, 5)
    assert (line.actor, line.action) == (f"{who}@union.example", "listed")
    assert line.after["list"] == name
    for field in page.fields if page else ():
        if field.name in ("region", "milestone"):
            assert line.after[field.name] == asked[field.name]
    said = json.dumps(line.after)
    assert not [word for word in ("Mem", "Ber", "1001", "member@") if word in said]


def test_exports_of_counts_are_not_audited(users: SignedInUsers) -> None:
    for address in COUNTS:
        assert users.client("chair").get(address).status_code == 200
    with users.database.reading() as session:
        assert audit_queries.entries(session, 5) == []


def test_sign_ups_are_exported_by_region_and_month(users: SignedInUsers) -> None:
    text = users.client("chair").get("/committee/signups.csv").get_data(as_text=True)
    lines = text.splitlines()
    assert len(lines) == 1 + 12
    assert lines[-1] == "North,2026-03,1"
    assert "South" in users.client("auditor").get("/committee/signups.csv").text


def test_a_chair_exports_only_their_region(users: SignedInUsers) -> None:
    text = users.client("chair").post("/committee/members/list.csv").get_data(as_text=True)
    assert "member@union.example" in text
    assert "other@union.example" not in text
    for name in ("failed-deliveries", "follow-up", "contact-requests"):
        answer = users.client("chair").get(LISTS[name], query_string={"region": "south"})
        assert answer.status_code == 404


def expected_cell(cell: str) -> str:
    """With a quote at the start, and another after a character that may separate cells or rows."""
    return f"'{cell[0]}'{cell[1:]}" if cell[0] in "\t\r\n" else f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]
)
def test_no_cell_is_a_formula(users: SignedInUsers, cell: str) -> None:
    with users.app.test_request_context():
        answer: Response = csv_response("x", ["a"], [[cell]])
        body = answer.get_data(as_text=True)
    assert expected_cell(cell) in body
