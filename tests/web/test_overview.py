"""The overview: figures, who waits, filters, and what chairs see of it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bridge.roster import MemberRecord
from bridge.store.awards import AwardRecord, grant
from bridge.store.enrolments import want
from bridge.store.intake import upsert_members
from bridge.store.tables import KeptFigures
from bridge.web.committee import plots
from bridge.web.committee.sheet import safe

from .cast import Cast, Who
from .world import PATH

FILTERED = "/committee?region=north&milestone=a-path:first"


def award(cast: Cast, member: int, milestone: str = "first", weeks: int = 0) -> None:
    at = cast.clock() - timedelta(weeks=weeks, hours=1)
    with cast.database.transaction() as session:
        grant(session, [AwardRecord(member, PATH.key, milestone, "r", {}, at)])
    cast.count()


def page(cast: Cast, address: str, who: Who = "committee") -> str:
    return cast.client(who).get(address).get_data(as_text=True)


def table(cast: Cast, address: str, who: Who = "committee") -> list[list[str]]:
    text = cast.client(who).get(address).get_data(as_text=True)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_gap_map_as_a_table(cast: Cast) -> None:
    award(cast, cast.member)
    award(cast, cast.member, "second", weeks=8)
    award(cast, cast.other_member, weeks=50)
    assert table(cast, "/committee/overview.csv") == [
        ["Region", "Members", "Milestone", "Reached", "Share", "Last six weeks",
         "The six weeks before"],
        ["North", "1", "First", "1", "1.0", "1", "0"],
        ["North", "1", "Second", "1", "1.0", "0", "1"],
        ["South", "1", "First", "1", "1.0", "0", "0"],
        ["South", "1", "Second", "0", "0.0", "0", "0"],
    ]  # fmt: skip


def test_a_chair_sees_their_region_alone(cast: Cast) -> None:
    rows = table(cast, "/committee/overview.csv", "chair")
    assert {row[0] for row in rows[1:]} == {"North"}
    assert "South" not in page(cast, "/committee", "chair")
    assert "North" not in page(cast, "/committee", "other_chair")


def test_lists_keep_to_the_region_and_milestone_chosen(cast: Cast) -> None:
    rows = table(cast, FILTERED.replace("?", "/overview.csv?"))
    assert [row[:3] for row in rows[1:]] == [["North", "1", "First"]]
    assert cast.client("committee").get("/committee?region=nowhere").status_code == 404


def test_an_award_counts_under_the_key_of_now(cast: Cast) -> None:
    first, second = PATH.milestones
    cast.shelf[:] = [
        replace(PATH, milestones=(replace(first, previously="begun"), second)),
    ]
    award(cast, cast.member, "begun")
    award(cast, cast.other_member)
    rows = table(cast, "/committee/overview.csv")
    assert [row[3] for row in rows[1:]] == ["1", "0", "1", "0"]
    assert page(cast, "/", "nobody").count("2 people have reached it") == 1
    assert 'stewardpath_awards{curriculum="a-path",milestone="first"} 2.0' in page(cast, "/metrics")


def test_figures_are_those_of_the_last_count_and_say_how_old_they_are(cast: Cast) -> None:
    with cast.database.transaction() as session:
        grant(session, [AwardRecord(cast.member, PATH.key, "first", "r", {}, cast.clock())])
    cast.clock.forward(minutes=3)
    assert table(cast, "/committee/overview.csv")[1][3] == "0"
    assert "Counted 3 minutes ago." in page(cast, "/committee")
    cast.count()
    assert table(cast, "/committee/overview.csv")[1][3] == "1"
    assert "Counted 0 seconds ago." in page(cast, "/committee")


def test_before_the_first_count_nobody_waits_for_it(cast: Cast) -> None:
    with cast.database.transaction() as session:
        session.execute(delete(KeptFigures))
    assert "being counted for the first time" in page(cast, "/committee")
    answer = cast.client("committee").get("/committee/overview.csv?region=north")
    assert answer.status_code == 303
    assert answer.location == "/committee?region=north"
    assert "reached it" not in page(cast, "/", "nobody")
    assert "stewardpath_members" not in page(cast, "/metrics")


def test_whoever_waits_is_listed_page_by_page(cast: Cast) -> None:
    crowd = [MemberRecord(f"{n}", f"{n}@u.example", "A", f"B{n}") for n in range(5000, 5030)]
    with cast.database.transaction() as session:
        ids = [one for one in upsert_members(session, crowd, cast.clock()).ids if one]
        want(session, [(one, PATH.key, "first") for one in ids], cast.clock())
    first = page(cast, "/committee/stuck")
    address = re.search(r'rel="next" href="([^"]+)"', first)
    assert address is not None
    second = page(cast, address[1].replace("&amp;", "&"))
    shown = [re.findall(r"A (B\d+)</a>", each) for each in (first, second)]
    assert [len(each) for each in shown] == [25, 5]
    assert len(set(shown[0] + shown[1])) == 30
    assert len(table(cast, "/committee/stuck.csv")) == 31
    assert len(table(cast, "/committee/stuck.csv", "chair")) == 1


def test_plots_say_their_numbers_and_bring_no_style_or_script(cast: Cast) -> None:
    award(cast, cast.member)
    text = page(cast, "/committee")
    [funnel, signups] = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]*)"', text)
    assert "All members: 2; 1. First: 1" in funnel
    assert signups.endswith("March 2026: 2")
    assert "style=" not in text
    assert "<style" not in text
    assert "<script" not in text


def test_a_label_cannot_become_markup() -> None:
    plot = plots.bars([("<script>x</script>", 3)], '"><script>')
    assert "<script" not in plot
    assert plots.spark([0, 0]) == "0.0,15.0 60.0,15.0"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_no_cell_of_a_sheet_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_plain_cells_stay_as_they_are(cast: Cast) -> None:
    assert [safe(each) for each in (None, -3, 0.5, "a=b")] == ["", "-3", "0.5", "a=b"]
    assert safe(cast.clock()) == "2026-03-01T12:00:00+00:00"
