"""An export says everything, can be imported again without a change, and has no formulas."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from bridge.config import Config
from bridge.sessions import scheduling
from bridge.sessions.notices.tables import SessionAnnouncement
from bridge.sessions.schedule_files.exporting import (
    EXPORT_FORMATS,
    ExportFormat,
    read_sessions,
    write_sessions,
)
from bridge.sessions.schedule_files.importing import Choices, Imported, import_schedule
from bridge.sessions.tables import LiveSession, SessionLeader
from bridge.store.database import Database
from bridge.web.lists.csv_export import escape_formula
from tests.sessions.environment import DATA, ZONE, Union
from tests.sessions.providers.environment import ZOOM
from tests.sessions.providers.servers import config_for

ODD = replace(
    DATA, topic="series", part="two", in_person=True, room='=Hall "3"; – #1', seats_room=12,
    region="north", materials='# Read\r\n\r\n- "this" é',
)  # fmt: skip


@pytest.fixture
def union(db: Database) -> Union:
    """With sessions in every state."""
    union = Union(db)
    _, leader = union.member("1002", "Lou")
    speaker = union.person("Speaker")
    union.schedule(opened=False)
    odd, postponed, cancelled = (union.schedule(ODD) for _ in range(3))
    union.schedule(replace(DATA, online=False, in_person=True, room="Hall", link=""))
    with db.transaction() as session:
        scheduling.set_leaders(session, union.office, odd, [leader, speaker])
        scheduling.postpone(session, union.office, postponed, "")
        scheduling.cancel(session, union.office, cancelled, "")
    return union


def export(union: Union, form: ExportFormat, *, links: bool = False) -> str:
    with union.db.reading() as session:
        rows = read_sessions(session, union.curricula, "en", union.now)
        return write_sessions(rows, form, union.now, escape_formula, links=links)


def put_back(union: Union, form: ExportFormat, text: str) -> Imported:
    config = union.config.model_copy(update={"regions": {"north": None}})
    return import_schedule(
        union.db, config, union.office, f"a.{form}", text, Choices(), preview=False
    )


@pytest.mark.parametrize("form", EXPORT_FORMATS)
@pytest.mark.parametrize("links", [False, True])
def test_an_export_changes_nothing_when_imported(
    union: Union, form: ExportFormat, links: bool
) -> None:
    done = put_back(union, form, export(union, form, links=links))
    assert done.problems == ()
    assert [each.kind for each in done.outcomes] == ["unchanged"] * 5


@pytest.mark.parametrize("form", ["yaml", "csv", "json"])
def test_an_export_makes_the_same_sessions_elsewhere(union: Union, form: ExportFormat) -> None:
    text = export(union, form, links=True)
    with union.db.transaction() as session:
        for table in (SessionLeader, SessionAnnouncement):
            session.execute(delete(table))
        session.execute(
            delete(LiveSession).where(LiveSession.state.in_(["postponed", "cancelled"]))
        )
        session.execute(delete(LiveSession))
    fresh = text.replace("postponed", "open").replace("cancelled", "open")
    done = put_back(union, form, fresh)
    assert done.problems == ()
    assert [each.kind for each in done.outcomes] == ["new"] * 5
    assert export(union, form, links=True) == fresh


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_links_to_join_are_exported_only_if_asked(union: Union, form: ExportFormat) -> None:
    assert "meet.example" not in export(union, form)
    assert "meet.example" in export(union, form, links=True)


def test_no_cell_is_a_formula(union: Union) -> None:
    assert '"\'=Hall ""3""; – #1"' in export(union, "csv")


def test_an_export_of_nothing(db: Database) -> None:
    union = Union(db)
    assert export(union, "yaml") == "[]\n"
    assert export(union, "csv").startswith("key,curriculum,session,part,starts")


@pytest.mark.parametrize("form", ["yaml", "csv", "json"])
def test_a_provider_is_in_every_export_and_can_be_imported(
    union: Union, form: ExportFormat
) -> None:
    union.config = config_for("https://bbb.example", "https://zoom.example")
    for link in ("bigbluebutton", ZOOM):
        union.schedule(replace(DATA, link=link))
    text = export(union, form)
    assert "https://meet" not in text
    assert "bigbluebutton" in text
    assert ZOOM in text
    done = put_back(union, form, text)
    assert list(done.problems) == []
    assert {each.kind for each in done.outcomes} == {"unchanged"}
    elsewhere = text.replace("hearings-", "new-hearings-").replace("series-", "new-series-")
    union.config = Config(timezone=ZONE)
    refused = put_back(union, form, elsewhere)
    assert "isn't set up" in str([each.message for each in refused.problems])
