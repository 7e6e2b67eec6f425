"""The page “Coverage”: gaps first, members who meet an expectation by region, and its CSV."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.requirements.training import NO_TRAINING, Trainer, Training
from bridge.store.tables.learning import Completion, Credit, Enrolment
from tests.web.query_counter import counted as counting
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers, Who

PAGE = "/committee/coverage"
SHEET = "/committee/coverage.csv"


def path() -> Curriculum:
    """The first milestone has four expectations, from well covered to a gap."""
    first, second = PATH.milestones
    training = (
        Training((Trainer("page", "read-me"), Trainer("quiz", "a-quiz"))),
        Training((Trainer("page", "read-me"), Trainer("signoff", "met"))),
        Training((Trainer("page", "read-me"),)),
        NO_TRAINING,
    )
    texts = ("Knows a **lot**", "Has met us", "Has read it", "Can fly")
    first = replace(
        first,
        expectations=tuple(map(english, texts)),
        training=training,
        requirements=(SignedOff("met", english("Met us in person")),),
    )
    return replace(PATH, milestones=(first, replace(second, expectations=())))


@pytest.fixture
def filled(users: SignedInUsers) -> SignedInUsers:
    """Both members are enrolled; the one in the north passed the quiz and was signed off."""
    users.shelf[:] = [path()]
    with users.database.transaction() as session:
        for member in (users.member, users.other_member):
            session.add(
                Enrolment(
                    member_id=member, curriculum=PATH.key, milestone="first",
                    wanted_at=users.clock(),
                )
            )  # fmt: skip
            session.add(_completion(users, member, "read-me"))
        session.add(_completion(users, users.member, "a-quiz"))
        session.add(_signoff(users, valid_until=None))
    users.count()
    return users


def _completion(users: SignedInUsers, member: int, activity: str, done: bool = True) -> Completion:
    return Completion(
        member_id=member, curriculum=PATH.key, activity=activity, done=done, grade=None,
        at=users.clock(), change_id=0,
    )  # fmt: skip


def _signoff(users: SignedInUsers, valid_until: date | None) -> Credit:
    return Credit(
        member_id=users.member, curriculum=PATH.key, kind="signoff", key="met",
        occurred_on=users.clock().date(), valid_until=valid_until, source="page", source_id="1",
        evidence={}, recorded_by="x", recorded_at=users.clock(), withdrawn_by="",
        withdrawn_reason="",
    )  # fmt: skip


def rows(users: SignedInUsers, who: Who = "committee", query: str = "") -> list[list[str]]:
    page = users.client(who).get(f"{PAGE}{query}")
    assert page.status_code == 200
    table = page.text.partition("<tbody")[2].partition("</tbody>")[0]
    return [
        [" ".join(html.unescape(re.sub("<[^>]+>", " ", cell)).split()) for cell in cells]
        for row in table.split("</tr>")
        if (cells := re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL))
    ]


def test_gaps_come_first(filled: SignedInUsers) -> None:
    assert [(row[0], row[1], row[2]) for row in rows(filled)] == [
        ("Can fly First", "Nothing trains it", "Nothing assesses it"),
        ("Has read it First", "Read me", "Nothing assesses it"),
        ("Knows a lot First", "Read me", "A quiz"),
        ("Has met us First", "Read me", "Met us in person"),
    ]


def test_members_who_meet_an_expectation_are_counted_by_region(filled: SignedInUsers) -> None:
    found = {row[0]: row[3] for row in rows(filled)}
    assert found["Can fly First"] == "not known"
    assert found["Has read it First"].startswith("2 of 2 (100%)")
    assert found["Has met us First"].startswith("1 of 2 (50%)")
    north, south = "North: 1 of 1 (100%)", "South: 0 of 1 (0%)"
    assert north in found["Knows a lot First"]
    assert south in found["Knows a lot First"]


def test_a_chair_sees_the_numbers_of_their_own_regions(filled: SignedInUsers) -> None:
    north = {row[0]: row[3] for row in rows(filled, "chair")}
    south = {row[0]: row[3] for row in rows(filled, "other_chair")}
    assert north["Knows a lot First"] == "1 of 1 (100%)"
    assert south["Knows a lot First"] == "0 of 1 (0%)"
    assert rows(filled, "committee", "?region=south") == rows(filled, "other_chair")


def test_what_has_ended_or_was_withdrawn_does_not_count(filled: SignedInUsers) -> None:
    with filled.database.transaction() as session:
        session.query(Credit).delete()
        session.query(Completion).where(Completion.activity == "a-quiz").delete()
        session.add(_signoff(filled, filled.clock().date() - timedelta(days=1)))
        session.add(_completion(filled, filled.member, "a-quiz", done=False))
    filled.count()
    found = {row[0]: row[3] for row in rows(filled, "committee", "?region=north")}
    assert found["Knows a lot First"] == "0 of 1 (0%)"
    assert found["Has met us First"] == "0 of 1 (0%)"


def test_the_milestone_filter(filled: SignedInUsers) -> None:
    assert rows(filled, query="?milestone=a-path:second") == []
    assert len(rows(filled, query="?milestone=a-path:first")) == 4


def test_the_csv_has_a_row_for_each_region(filled: SignedInUsers) -> None:
    text = filled.client("committee").get(SHEET).text.removeprefix("\ufeff")
    header, *lines = csv.reader(io.StringIO(text))
    assert header[:2] == ["Milestone", "Expectation"]
    assert ["First", "Knows a lot", "Read me", "A quiz", "North", "1", "1", "1.0"] in lines
    assert ["First", "Knows a lot", "Read me", "A quiz", "South", "1", "0", "0.0"] in lines
    chair = filled.client("chair").get(SHEET).text
    assert "South" not in chair


def test_before_anything_was_counted(filled: SignedInUsers) -> None:
    filled.shelf[:] = [replace(path(), key="new-path")]
    assert {row[3] for row in rows(filled)} == {"not known", "No members yet"}


def test_french(filled: SignedInUsers) -> None:
    page = filled.client("committee").get(PAGE, headers={"Accept-Language": "fr"}).text
    assert "Ce qui forme à chaque attente" in html.unescape(page)


def test_the_page_reads_the_counts_with_one_query(filled: SignedInUsers) -> None:
    browser = filled.client("committee")
    browser.get(PAGE)
    with counting(filled.database) as queries:
        browser.get(PAGE)
    assert sum("saved_statistics" in each for each in queries) == 1
