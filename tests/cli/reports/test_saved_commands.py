"""`reports saved`: list, send, stop and resume."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.store.database import open_database
from bridge.store.saved_filters import filters
from bridge.store.tables.delivery import OutboxEmail
from tests.cli.command_runner import Folder
from tests.store.sample_members import NOW

ANA = "ana@union.example"


@pytest.fixture
def emailed(folder: Folder) -> Folder:
    """A report that Ana and someone without a role get every month."""
    config = folder.path / "config.yaml"
    config.write_text(
        f"{config.read_text(encoding='utf-8')}\ncommittee: [{ANA}]\n", encoding="utf-8"
    )
    folder.run("status")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        row = filters.add(session, "reports.who_is_where", "All of us", {}, ANA, True, NOW)
        row.every, row.day = "monthly", 28
        filters.set_recipients(session, row.id, [ANA, "gone@union.example"], ANA, NOW)
        filters.add(session, "members.index", "Not emailed", {}, ANA, True, NOW)
    store.close()
    return folder


def emails(folder: Folder) -> list[str]:
    store = open_database(Config(home=folder.path).database_url)
    with store.reading() as session:
        found = [each.email for each in session.scalars(select(OutboxEmail))]
    store.close()
    return found


def test_the_list(emailed: Folder) -> None:
    out = emailed.run("reports", "saved", "list").out
    assert "    1  All of us  (who-is-where)  monthly, next " in out
    [one] = emailed.run("reports", "saved", "list", "--format", "json").data["reports"]  # type: ignore[misc]
    assert (one["name"], one["owner"], one["stopped"]) == ("All of us", ANA, "")  # type: ignore[index]
    assert [each["email"] for each in one["recipients"]] == [ANA, "gone@union.example"]  # type: ignore[index]


def test_sending_now_leaves_out_who_may_not_read_it(emailed: Folder) -> None:
    out = emailed.run("reports", "saved", "send", "1", "--dry-run").out
    assert out == "1 email to send.\ngone@union.example gets none: role\n"
    assert emails(emailed) == []
    sent = emailed.run("reports", "saved", "send", "1", "--format", "json").data
    assert sent["queued"] == 1
    assert emails(emailed) == [ANA]


def test_stopping_and_resuming(emailed: Folder) -> None:
    assert emailed.run("reports", "saved", "stop", "1").out == "All of us: stopped.\n"
    assert "monthly, stopped: person" in emailed.run("reports", "saved", "list").out
    data = emailed.run("reports", "saved", "resume", "1", "--format", "json").data
    assert data == {"id": 1, "name": "All of us", "state": "resumed"}
    assert "stopped" not in emailed.run("reports", "saved", "list").out


@pytest.mark.parametrize("command", ["send", "stop", "resume"])
def test_only_emailed_reports_have_a_number(emailed: Folder, command: str) -> None:
    for number in ("2", "99", str(2**70)):
        err = emailed.run("reports", "saved", command, number, code=1).err
        assert "there is no emailed report" in err
