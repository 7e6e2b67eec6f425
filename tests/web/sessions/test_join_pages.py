"""Joining through a provider: what members and the committee see, and where links never are."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.privacy import export_member
from bridge.sessions.providers.run import provide_links
from bridge.sessions.tables import LiveSession
from bridge.store.database import Database
from bridge.store.tables.delivery import OutboxEmail
from tests.sessions.providers.servers import (
    MEETING,
    BigBlueButtonServer,
    Reply,
    ZoomServer,
    config_for,
)
from tests.web.sample_site import Clock
from tests.web.signed_in_users import SignedInUsers

from .conftest import users_of
from .schedule import FORM, go_to_its_start, schedule

ONLINE = {"format": "online"}
WITH_ZOOM = {"provider": "zoom", "zoom": "812 3456-7890", "link": ""}
WITH_BBB = {"provider": "bigbluebutton", "link": ""}


@pytest.fixture
def bbb() -> Iterator[BigBlueButtonServer]:
    with BigBlueButtonServer() as server:
        yield server


@pytest.fixture
def zoom() -> Iterator[ZoomServer]:
    with ZoomServer() as server:
        yield server


@pytest.fixture
def users(
    config: Config, database: Database, clock: Clock, bbb: BigBlueButtonServer, zoom: ZoomServer
) -> SignedInUsers:
    other = config_for(bbb.url, zoom.url)
    names = ("sessions", "bigbluebutton_secret", "zoom_secret")
    found = config.model_copy(update={name: getattr(other, name) for name in names})
    return users_of(found, database, clock)


def provide(users: SignedInUsers) -> None:
    provide_links(users.config, users.shelf, users.database, users.clock())


def link_of(users: SignedInUsers, number: int) -> str:
    with users.database.reading() as session:
        return session.get_one(LiveSession, number).link


def test_the_committee_chooses_how_people_join(users: SignedInUsers) -> None:
    committee = users.client("committee")
    form = committee.get("/committee/sessions/new").text
    assert 'value="zoom"' in form
    number = schedule(users, **WITH_ZOOM)
    assert link_of(users, number) == f"zoom:{MEETING}"
    edit = committee.get(f"/committee/sessions/{number}/edit").text
    assert f'value="{MEETING}"' in edit
    assert link_of(users, schedule(users, **WITH_BBB)) == "bigbluebutton"
    wrong = committee.post("/committee/sessions/new", data=FORM | WITH_ZOOM | {"zoom": "12"})
    assert "9 to 12 digits" in wrong.text


def test_a_member_joins_in_zoom_with_a_link_of_their_own(
    users: SignedInUsers, zoom: ZoomServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    number, member = schedule(users, **WITH_ZOOM), users.client("member")
    before = member.get(f"/sessions/{number}").text
    assert "your name and email address are sent to Zoom" in before
    schedule(users)
    assert "sent to Zoom" in member.get("/sessions").text, "where several are chosen"
    member.post(f"/sessions/{number}/register", data=ONLINE)
    provide(users)
    shown = member.get(f"/sessions/{number}").text
    go_to_its_start(users, number)
    member = users.client("member")
    join = member.get(f"/sessions/{number}/join")
    assert join.headers["Location"].startswith("https://zoom.example/w/")
    other = users.client("other_member").get(f"/sessions/{number}/join", follow_redirects=True)
    with users.database.reading() as session:
        exported = str(export_member(session, users.member))
        emails = str([(each.payload, each.attachment) for each in
                      session.scalars(select(OutboxEmail))])  # fmt: skip
    committee = users.client("committee")
    places = [
        shown, other.text, exported, emails, caplog.text, member.get("/me").text,
        member.get("/sessions.ics").text, member.get(f"/sessions/{number}.ics").text,
        *(committee.get(f"/committee/sessions{each}").text
          for each in ("", "/list.csv", f"/{number}", f"/{number}/roster", f"/{number}/edit")),
    ]  # fmt: skip
    assert not [each for each in places if "zoom.example" in each or "tk=secret" in each]
    assert "1 person has a link" in committee.get(f"/committee/sessions/{number}").text


def test_zoom_fails_and_the_committee_sees_why(users: SignedInUsers, zoom: ZoomServer) -> None:
    number = schedule(users, **WITH_ZOOM)
    zoom.fails = Reply(503)
    users.client("member").post(f"/sessions/{number}/register", data=ONLINE)
    provide(users)
    committee = users.client("committee")
    for page in (f"/committee/sessions/{number}", f"/committee/sessions/{number}/roster"):
        assert "Zoom: the server answered with an error (HTTP 503)." in (
            committee.get(page).text.replace("The server", "the server")
        )
    go_to_its_start(users, number)
    member = users.client("member")
    shown = member.get(f"/sessions/{number}").text
    assert "Registered" in shown
    assert "The link to join follows." in shown
    assert "Join the meeting" not in shown
    again = member.get(f"/sessions/{number}/join", follow_redirects=True)
    assert "There is no link to join yet." in again.text
    zoom.fails = None
    provide(users)
    assert "Join the meeting" in member.get(f"/sessions/{number}").text
    assert "HTTP 503" not in users.client("committee").get(f"/committee/sessions/{number}").text


def test_bigbluebutton_joins_with_a_signed_link(
    users: SignedInUsers, bbb: BigBlueButtonServer
) -> None:
    number = schedule(users, **WITH_BBB)
    users.client("member").post(f"/sessions/{number}/register", data=ONLINE)
    go_to_its_start(users, number)
    member = users.client("member")
    assert "The link to join follows." in member.get(f"/sessions/{number}").text
    assert bbb.calls == [], "no page calls the server"
    provide(users)
    shown = member.get(f"/sessions/{number}").text
    assert "checksum=" not in shown
    assert "your name is sent to our BigBlueButton server" in shown
    join = member.get(f"/sessions/{number}/join").headers["Location"]
    assert join.startswith(f"{bbb.url}/bigbluebutton/api/join?")


def test_without_a_provider_the_form_asks_for_a_link_only(
    config: Config, database: Database, clock: Clock
) -> None:
    users = users_of(config, database, clock)
    form = users.client("committee").get("/committee/sessions/new").text
    assert "Zoom" not in form
    assert "How people join online" not in form
    wrong = users.client("committee").post("/committee/sessions/new", data=FORM | WITH_BBB)
    assert "BigBlueButton isn&#39;t set up." in wrong.text
