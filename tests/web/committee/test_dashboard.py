"""The dashboard: statistics, follow-up, filters, and what chairs see."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bridge.member_records import MemberRecord
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.statistics import SavedStatistics
from bridge.web.committee import charts
from bridge.web.lists.csv_export import escape_formula
from tests.web.committee.test_csv_export import expected_cell
from tests.web.sample_site import PATH
from tests.web.signed_in_users import SignedInUsers, Who

FILTERED = "/committee?region=north&milestone=a-path:first"


def award(users: SignedInUsers, member: int, milestone: str = "first", weeks: int = 0) -> None:
    at = users.clock() - timedelta(weeks=weeks, hours=1)
    with users.database.transaction() as session:
        grant(session, [AwardRecord(member, PATH.key, milestone, "r", {}, at)])
    users.count()


def page(users: SignedInUsers, address: str, who: Who = "committee") -> str:
    return users.client(who).get(address).get_data(as_text=True)


def table(users: SignedInUsers, address: str, who: Who = "committee") -> list[list[str]]:
    text = users.client(who).get(address).get_data(as_text=True)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_progress_by_region_as_csv(users: SignedInUsers) -> None:
    award(users, users.member)
    award(users, users.member, "second", weeks=8)
    award(users, users.other_member, weeks=50)
    assert table(users, "/committee/overview.csv") == [
        ["Region", "Members", "Milestone", "Reached", "Share", "Last six weeks",
         "Previous six weeks"],
        ["North", "1", "First", "1", "1.0", "1", "0"],
        ["North", "1", "Second", "1", "1.0", "0", "1"],
        ["South", "1", "First", "1", "1.0", "0", "0"],
        ["South", "1", "Second", "0", "0.0", "0", "0"],
    ]  # fmt: skip


def test_a_chair_sees_only_their_region(users: SignedInUsers) -> None:
    rows = table(users, "/committee/overview.csv", "chair")
    assert {row[0] for row in rows[1:]} == {"North"}
    assert "South" not in page(users, "/committee", "chair")
    assert "North" not in page(users, "/committee", "other_chair")


def test_lists_are_filtered_by_region_and_milestone(users: SignedInUsers) -> None:
    rows = table(users, FILTERED.replace("?", "/overview.csv?"))
    assert [row[:3] for row in rows[1:]] == [["North", "1", "First"]]
    assert users.client("committee").get("/committee?region=nowhere").status_code == 404


def test_an_award_counts_for_the_current_milestone_key(users: SignedInUsers) -> None:
    first, second = PATH.milestones
    users.shelf[:] = [
        replace(PATH, milestones=(replace(first, previously="begun"), second)),
    ]
    award(users, users.member, "begun")
    award(users, users.other_member)
    rows = table(users, "/committee/overview.csv")
    assert [row[3] for row in rows[1:]] == ["1", "0", "1", "0"]
    assert page(users, "/", "nobody").count("2 people have reached it") == 1
    assert 'stewardpath_awards{curriculum="a-path",milestone="first"} 2.0' in page(
        users, "/metrics"
    )


def test_the_dashboard_shows_saved_statistics_and_their_age(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        grant(session, [AwardRecord(users.member, PATH.key, "first", "r", {}, users.clock())])
    users.clock.forward(minutes=3)
    assert table(users, "/committee/overview.csv")[1][3] == "0"
    assert "Updated 3 minutes ago." in page(users, "/committee")
    users.count()
    assert table(users, "/committee/overview.csv")[1][3] == "1"
    assert "Updated 0 seconds ago." in page(users, "/committee")


def test_without_statistics_the_dashboard_says_so(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        session.execute(delete(SavedStatistics))
    assert "being calculated for the first time" in page(users, "/committee")
    answer = users.client("committee").get("/committee/overview.csv?region=north")
    assert answer.status_code == 303
    assert answer.location == "/committee?region=north"
    assert "reached it" not in page(users, "/", "nobody")
    assert "stewardpath_members" not in page(users, "/metrics")


def test_follow_up_is_paginated(users: SignedInUsers) -> None:
    crowd = [MemberRecord(f"{n}", f"{n}@u.example", "A", f"B{n}") for n in range(5000, 5030)]
    with users.database.transaction() as session:
        ids = [one for one in upsert_members(session, crowd, users.clock()).ids if one]
        request_enrolments(session, [(one, PATH.key, "first") for one in ids], users.clock())
    users.clock.forward(days=14)
    first = page(users, "/committee/follow-up")
    address = re.search(r'rel="next" href="([^"]+)"', first)
    assert address is not None
    second = page(users, address[1].replace("&amp;", "&"))
    shown = [re.findall(r"A (B\d+)</a>", each) for each in (first, second)]
    assert [len(each) for each in shown] == [25, 5]
    assert len(set(shown[0] + shown[1])) == 30
    assert len(table(users, "/committee/follow-up.csv")) == 31
    assert len(table(users, "/committee/follow-up.csv", "chair")) == 1


def test_nobody_needs_follow_up_in_the_first_two_weeks(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        request_enrolments(session, [(users.member, PATH.key, "second")], users.clock())
    users.clock.forward(days=14, seconds=-1)
    rows = table(users, "/committee/follow-up.csv")
    users.clock.forward(seconds=1)
    assert len(table(users, "/committee/follow-up.csv")) == len(rows) + 1
    assert "14 days" in page(users, "/committee/follow-up")


def test_charts_describe_their_numbers_and_have_no_style_or_script(users: SignedInUsers) -> None:
    award(users, users.member)
    text = page(users, "/committee")
    [funnel, signups] = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]*)"', text)
    assert "All members: 2; 1. First: 1" in funnel
    assert signups.endswith("March 2026: 2")
    assert "style=" not in text
    assert "<style" not in text
    assert "<script" not in text[: text.index("</main>")]


def test_chart_labels_are_escaped() -> None:
    plot = charts.bars([("<script>x</script>", 3)], '"><script>')
    assert "<script" not in plot
    assert charts.sparkline_points([0, 0]) == "0.0,15.0 60.0,15.0"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert escape_formula(text) == expected_cell(text)


def test_plain_cells_are_not_changed(users: SignedInUsers) -> None:
    assert [escape_formula(each) for each in (None, -3, 0.5, "a=b")] == ["", "-3", "0.5", "a=b"]
    assert escape_formula(users.clock()) == "2026-03-01T12:00:00+00:00"
