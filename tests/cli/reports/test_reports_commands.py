"""`coverage` and `reports who-is-where`."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.store.database import open_database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.tables.learning import Completion, Enrolment
from bridge.store.tables.operations import AuditEntry
from tests.cli.command_runner import Folder
from tests.cli.conftest import FIRST
from tests.store.sample_members import ANNA, BEN, NOW, add

TRAINED = FIRST.replace(
    "expectations: [Knows where it begins]",
    "expectations:\n"
    "  - Can fly\n"
    "  - {expectation: Knows where it begins, trained-by: [{page: welcome}, {quiz: check}]}",
)


@pytest.fixture
def filled(folder: Folder) -> Folder:
    """Anna and Ben are enrolled in the first milestone; Anna has passed the quiz and earned it."""
    folder.write("curricula/small/first.yaml", TRAINED)
    folder.run("status")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        for member in (anna, ben):
            session.add(
                Enrolment(member_id=member, curriculum="small", milestone="first", wanted_at=NOW)
            )
        session.add(
            Completion(member_id=anna, curriculum="small", activity="check", done=True, at=NOW,
                       change_id=0)
        )  # fmt: skip
        grant(session, [AwardRecord(anna, "small", "first", "r", {}, NOW)])
    store.close()
    return folder


def test_coverage_as_text(filled: Folder) -> None:
    out = filled.run("coverage").out
    assert out.startswith("first: Can fly\n  trained by:  (nothing)\n  assessed by: (nothing)\n")
    assert "trained by:  page: welcome\n  assessed by: quiz: check\n  members:     1 of 2" in out
    assert "members:     not known" in out


def test_coverage_as_json_and_csv(filled: Folder) -> None:
    [gap, other, known] = filled.run("coverage", "--format", "json").data["expectations"]  # type: ignore[misc, attr-defined]
    assert (gap["expectation"], gap["meeting"]) == ("Can fly", None)
    assert other["milestone"] == "second"
    assert (known["reached"], known["meeting"]) == (2, 1)
    assert {"region": "north", "reached": 1, "meeting": 1} in known["regions"]
    assert {"region": "east", "reached": 1, "meeting": 0} in known["regions"]
    sheet = list(csv.DictReader(io.StringIO(filled.run("coverage", "--format", "csv").out)))
    assert {"region": "east", "meeting": "0", "trained_by": "page: welcome"}.items() <= next(
        row for row in sheet if row["region"] == "east" and row["assessed_by"]
    ).items()


def test_who_is_where(filled: Folder) -> None:
    text = filled.run("reports", "who-is-where").out
    assert "Anna Ashevak (1001)  north  first on 2026-03-01  last activity: 2026-03-01" in text
    assert "Ben Bouchard (1002)  east  none yet  last activity: -" in text
    sheet = filled.run("reports", "who-is-where", "--milestone", "first", "--format", "csv").out
    assert [row["number"] for row in csv.DictReader(io.StringIO(sheet))] == ["1001"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--since", "2026-03-01"], ["1001"]),
        (["--since", "2026-03-02"], []),
        (["--until", "2026-02-28"], []),
        (["--role", "steward"], ["1002"]),
        (["--until", "9999-12-31"], ["1001"]),
        (["--since", "0001-01-01"], ["1001"]),
    ],
)
def test_the_filters(filled: Folder, options: list[str], found: list[str]) -> None:
    members = filled.run("reports", "who-is-where", *options, "--format", "json").data["members"]
    assert [each["number"] for each in members] == found  # type: ignore[attr-defined]


def test_what_does_not_exist(filled: Folder) -> None:
    assert (
        "Known: first, second."
        in filled.run("reports", "who-is-where", "--milestone", "frist", code=1).err
    )
    assert (
        "no region nowhere"
        in filled.run("reports", "who-is-where", "--region", "nowhere", code=1).err
    )


def test_the_list_is_audited(filled: Folder) -> None:
    filled.run("reports", "who-is-where", "--role", "steward")
    with open_database(Config(home=filled.path).database_url).reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry
    assert (entry.action, entry.after["list"]) == ("listed", "who-is-where")
