"""After a kill between any two lines, everyone has a link, and Zoom knows each of them once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bridge.sessions.providers import registrants, run, wanted, zoom
from bridge.store.database import open_database
from tests.foundations.killed_process import kill_at_line
from tests.sessions.environment import NOW, PATH, Union

from .environment import OPENS, WITH_ZOOM, join, rows
from .servers import MEETING, ZoomServer, config_for

MODULES = {str(each.__file__) for each in (registrants, run, wanted, zoom)}
STRIDE = 17


def job(folder: Path) -> None:
    """Provide links; the second time after the leases of the first."""
    now = NOW + timedelta(minutes=10) * (folder / "again").exists()
    url = (folder / "url").read_text()
    database = open_database(f"sqlite:///{folder}/store.db")
    run.provide_links(config_for(url, url), [PATH], database, now)
    database.close()


def prepare(file: Path, server: ZoomServer) -> int:
    """One has a link and leaves, two others get a seat."""
    database = open_database(f"sqlite:///{file}")
    union = Union(database, config=config_for(server.url, server.url))
    number = union.schedule(WITH_ZOOM)
    union.register(number, union.person("P0"))
    run.provide_links(union.config, [PATH], database, NOW)
    union.leave(number, 1)
    for name in ("P1", "P2"):
        union.register(number, union.person(name))
    database.close()
    return number


def test_killed_while_people_are_added_and_removed(
    tmp_path: Path, sqlite_template: Path, zoom: ZoomServer
) -> None:
    template = tmp_path / "template.db"
    template.write_bytes(sqlite_template.read_bytes())
    number = prepare(template, zoom)
    before, line, kills, killed = dict(zoom.registrants[MEETING]), 1, 0, True
    while killed:
        zoom.registrants[MEETING], zoom.added = dict(before), 1
        folder = tmp_path / f"run-{line}"
        folder.mkdir()
        (folder / "url").write_text(zoom.url)
        (folder / "store.db").write_bytes(template.read_bytes())
        killed = kill_at_line(job, folder, MODULES, line)
        (folder / "again").touch()
        job(folder)
        assert zoom.emails() == {"p1@people.example", "p2@people.example"}, line
        assert zoom.added == 3, line
        database = open_database(f"sqlite:///{folder}/store.db")
        union = Union(database, OPENS, config=config_for(zoom.url, zoom.url))
        assert all(join(union, number, each) for each in (2, 3)), line
        assert [each.person_id for each in rows(union)] == [2, 3], line
        database.close()
        kills, line = kills + killed, line + STRIDE
    assert kills > 10
