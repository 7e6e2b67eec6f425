"""The report “Who is where”: the furthest milestone, filters, what a chair sees, and the CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bridge.config import Config
from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.tables.learning import Award, Completion, Credit
from bridge.store.tables.members import Member, MemberRole
from tests.web.sample_site import NOON, PATH, Clock, english
from tests.web.signed_in_users import SignedInUsers, Who

PAGE = "/committee/who-is-where"
SHEET = "/committee/who-is-where/list.csv"
EARLIER = NOON - timedelta(days=30)


@pytest.fixture
def filled(users: SignedInUsers) -> SignedInUsers:
    """Mem reached the second milestone, after the first; Oth the first one, and is a steward."""
    with users.database.transaction() as session:
        earned = [
            (users.member, "second", NOON),
            (users.member, "first", EARLIER),
            (users.other_member, "first", EARLIER),
        ]
        grant(session, [AwardRecord(m, PATH.key, key, "r", {}, at) for m, key, at in earned])
        session.add(_completion(users.member, NOON - timedelta(days=2)))
        session.add(_credit(users.member, (NOON - timedelta(days=1)).date()))
        session.add(
            MemberRole(member_id=users.other_member, role="steward", region="", unit="",
                       program="", source="csv")
        )  # fmt: skip
    return users


def _completion(member: int, at: datetime) -> Completion:
    return Completion(
        member_id=member, curriculum=PATH.key, activity="a", done=True, at=at, change_id=0
    )


def _credit(member: int, day: date) -> Credit:
    return Credit(
        member_id=member, curriculum=PATH.key, kind="signoff", key="k", occurred_on=day,
        source="page", source_id="1", evidence={}, recorded_by="x", recorded_at=NOON,
        withdrawn_by="", withdrawn_reason="",
    )  # fmt: skip


def rows(users: SignedInUsers, query: str = "", who: Who = "committee") -> list[list[str]]:
    page = users.client(who).get(f"{PAGE}{query}")
    assert page.status_code == 200
    table = page.text.partition("<tbody")[2].partition("</tbody>")[0]
    return [
        [" ".join(html.unescape(re.sub("<[^>]+>", " ", cell)).split()) for cell in cells]
        for row in table.split("</tr>")
        if (cells := re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL))
    ]


def names(users: SignedInUsers, query: str, who: Who = "committee") -> list[str]:
    return [row[0].split()[0] for row in rows(users, query, who)]


def test_each_member_has_their_furthest_milestone_and_last_activity(filled: SignedInUsers) -> None:
    assert rows(filled) == [
        ["Mem Ber 1001", "North", "Second", "Mar 1, 2026", "Feb 28, 2026"],
        ["Oth Er 1002", "South", "First", "Jan 30, 2026", "nothing yet"],
    ]


def test_a_member_who_has_reached_nothing_is_listed(users: SignedInUsers) -> None:
    assert rows(users)[0][2:] == ["none yet", "—", "nothing yet"]


def test_dates_are_in_the_readers_format(filled: SignedInUsers) -> None:
    page = filled.client("committee").get(PAGE, headers={"Accept-Language": "fr"}).text
    assert "1 mars 2026" in html.unescape(page).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?milestone=a-path:second", ["Mem"]),
        ("?milestone=a-path:first", ["Oth"]),
        ("?region=south", ["Oth"]),
        ("?role=steward", ["Oth"]),
        ("?since=2026-03-01", ["Mem"]),
        ("?since=2026-03-02", []),
        ("?until=2026-01-30", ["Oth"]),
        ("?until=2026-01-29", []),
        ("?since=2026-01-30&until=2026-03-01", ["Mem", "Oth"]),
        ("?role=steward&milestone=a-path:second", []),
    ],
)
def test_filters(filled: SignedInUsers, query: str, found: list[str]) -> None:
    assert names(filled, query) == found


@pytest.mark.parametrize("query", ["?since=yesterday", "?role=nothing", "?until=2026-02-30"])
def test_a_filter_that_is_not_valid(filled: SignedInUsers, query: str) -> None:
    assert filled.client("committee").get(f"{PAGE}{query}").status_code == 404


def test_a_role_that_has_ended_does_not_count(filled: SignedInUsers) -> None:
    with filled.database.transaction() as session:
        session.query(MemberRole).update({"until": NOON.date() - timedelta(days=1)})
    assert names(filled, "?role=steward") == []


def test_a_withdrawn_award_does_not_count(filled: SignedInUsers) -> None:
    with filled.database.transaction() as session:
        session.query(Award).where(Award.milestone == "second").update({"withdrawn_at": NOON})
    assert rows(filled)[0][2] == "First"
    assert names(filled, "?milestone=a-path:first") == ["Mem", "Oth"]


def test_people_who_left_are_not_listed(filled: SignedInUsers) -> None:
    with filled.database.transaction() as session:
        session.get_one(Member, filled.member).status = "left"
    assert names(filled, "") == ["Oth"]


def test_a_chair_sees_their_own_regions(filled: SignedInUsers) -> None:
    assert names(filled, "", "chair") == ["Mem"]
    assert filled.client("chair").get(f"{PAGE}?region=south").status_code == 404


def test_the_csv_has_what_the_page_shows(filled: SignedInUsers) -> None:
    answer = filled.client("chair").get(f"{SHEET}?milestone=a-path:second")
    header, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert header[-3:] == ["Milestone", "Reached on", "Last activity"]
    assert lines == [
        ["1001", "Mem", "Ber", "North", "Second", "2026-03-01T12:00:00+00:00", "2026-02-28"]
    ]


@pytest.fixture
def two_paths(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    """Mem reached the first milestone of one path, and lately the second of another."""
    other = replace(PATH, key="b-path", title=english("B Path"))
    users = SignedInUsers(config, database, clock, shelf=[PATH, other])
    earned = (("a-path", "first", EARLIER), ("b-path", "second", NOON))
    with database.transaction() as session:
        grant(session, [AwardRecord(users.member, path, key, "r", {}, at)
                        for path, key, at in earned])  # fmt: skip
    return users


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["First (A Path & More); Second (B Path)", "Mar 1, 2026"]),
        ("?until=2026-02-15", ["First (A Path & More)", "Jan 30, 2026"]),
        ("?milestone=a-path:first", ["First (A Path & More)", "Jan 30, 2026"]),
        ("?since=2026-02-15", ["Second (B Path)", "Mar 1, 2026"]),
    ],
)
def test_a_row_shows_what_the_filters_mean(
    two_paths: SignedInUsers, query: str, shown: list[str]
) -> None:
    assert rows(two_paths, query)[0][2:4] == shown


def test_days_are_those_of_the_union(config: Config, database: Database, clock: Clock) -> None:
    toronto = config.model_copy(update={"timezone": "America/Toronto"})
    users = SignedInUsers(toronto, database, clock)
    late = datetime(2026, 3, 1, 3, tzinfo=UTC)
    with database.transaction() as session:
        grant(session, [AwardRecord(users.member, PATH.key, "first", "r", {}, late)])
        session.add(_completion(users.member, late))
    assert rows(users)[0][3:] == ["Feb 28, 2026", "Feb 28, 2026"]
    sheet = users.client("committee").get(SHEET).text.splitlines()[1]
    assert sheet.endswith(",2026-02-28")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Toronto"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?until=9999-12-31", ["Mem"]),
        ("?since=0001-01-01", ["Mem"]),
        ("?since=9999-12-31", []),
        ("?until=0001-01-01", []),
    ],
)
def test_the_first_and_the_last_day_there_is(
    config: Config, database: Database, clock: Clock, zone: str, query: str, found: list[str]
) -> None:
    users = SignedInUsers(config.model_copy(update={"timezone": zone}), database, clock)
    with database.transaction() as session:
        grant(session, [AwardRecord(users.member, PATH.key, "first", "r", {}, NOON)])
    assert names(users, query) == found
    sheet = users.client("committee").get(f"{SHEET}{query}").text.splitlines()
    assert len(sheet) == 1 + len(found)
