"""What the tests of links do with a union."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bridge.sessions import scheduling
from bridge.sessions.providers import joining
from bridge.sessions.providers.reports import in_english, report_of
from bridge.sessions.providers.run import provide_links
from bridge.sessions.providers.tables import JoinLink
from bridge.sessions.providers.targets import BIGBLUEBUTTON
from bridge.sessions.tables import LiveSession
from tests.sessions.environment import DATA, Union

from .servers import MEETING

ZOOM = f"zoom:{MEETING}"
WITH_ZOOM = replace(DATA, link=ZOOM, seats_online=5)
WITH_BBB = replace(DATA, link=BIGBLUEBUTTON, seats_online=5)
OPENS = DATA.times.since


def provide(union: Union) -> None:
    provide_links(union.config, union.curricula, union.db, union.now)


def join(union: Union, number: int, person: int) -> str:
    with union.db.transaction() as session:
        return joining.join(session, union.config, number, person, union.now)


def set_link(union: Union, number: int, link: str) -> None:
    version = union.session(number).version
    with union.db.transaction() as session:
        scheduling.change(session, union.office, number, replace(WITH_ZOOM, link=link), version)


def rows(union: Union) -> list[JoinLink]:
    with union.db.reading() as session:
        return list(session.scalars(select(JoinLink).order_by(JoinLink.id)))


def problem(union: Union, number: int) -> str:
    """Why people have no link, as the committee reads it; '' if nothing went wrong."""
    with union.db.reading() as session:
        report = report_of(session, session.get_one(LiveSession, number))
    return in_english(report.problem) if report and report.problem else ""
