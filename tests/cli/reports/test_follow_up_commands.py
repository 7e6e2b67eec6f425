"""`reports follow-up` and `reports remind`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.store.database import open_database
from bridge.store.tables.learning import Enrolment, Reminder
from tests.cli.command_runner import Folder
from tests.store.sample_members import ANNA, BEN, NOW, add


@pytest.fixture
def waiting(folder: Folder) -> Folder:
    """Anna and Ben have worked on the first milestone for long."""
    folder.run("status")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        for number, member in enumerate(add(session, [ANNA, BEN])):
            session.add(
                Enrolment(member_id=member, curriculum="small", milestone="first",
                          wanted_at=NOW + timedelta(days=number))
            )  # fmt: skip
    store.close()
    return folder


def reminded(folder: Folder) -> int:
    store = open_database(Config(home=folder.path).database_url)
    with store.reading() as session:
        return len(session.scalars(select(Reminder)).all())


def test_the_list_has_what_is_missing(waiting: Folder) -> None:
    out = waiting.run("reports", "follow-up").out
    assert out.index("Anna Ashevak (1001)") < out.index("Ben Bouchard (1002)")
    assert "first  since 2026-03-01  reminded: never\n  - Pass the quiz" in out
    [anna, _] = waiting.run("reports", "follow-up", "--format", "json").data["members"]  # type: ignore[misc]
    assert anna["missing"] == ["Pass the quiz “Check what you know”"]  # type: ignore[index]
    long = waiting.run("reports", "follow-up", "--days", "9999").out
    assert long == "No members need follow-up.\n"


def test_members_are_reminded_once(waiting: Folder) -> None:
    assert "1 reminder to send." in waiting.run("reports", "remind", "1001", "--dry-run").out
    assert reminded(waiting) == 0
    assert waiting.run("reports", "remind", "1001").out == "1 reminder queued.\n"
    again = waiting.run("reports", "remind", "--all", "--format", "json").data
    assert again == {"dry_run": False, "recent": 1, "queued": 1}
    assert reminded(waiting) == 2


@pytest.mark.parametrize("options", [[], ["1001", "--all"], ["9999"], ["--all", "--region", "x"]])
def test_wrong_options(waiting: Folder, options: list[str]) -> None:
    assert waiting.run("reports", "remind", *options, code=1).err
    assert reminded(waiting) == 0
