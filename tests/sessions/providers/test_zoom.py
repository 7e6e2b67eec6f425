"""The client of Zoom, with a local server."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bridge.config import ZoomSettings
from bridge.sessions.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderUnavailable,
)
from bridge.sessions.providers.zoom import Zoom

from .servers import MEETING, ZOOM_SECRET, Reply, ZoomServer


def client(server: ZoomServer, secret: str = ZOOM_SECRET) -> Zoom:
    settings = ZoomSettings(
        account="acc", client="cli", url=f"{server.url}/v2", token_url=f"{server.url}/oauth/token"
    )
    return Zoom(settings, SecretStr(secret))


def test_people_are_added_found_and_removed(zoom: ZoomServer) -> None:
    account = client(zoom)
    added = [account.add(MEETING, f"Ann B. {n}", f"a{n}@people.example") for n in range(5)]
    assert len({each.link for each in added}) == 5
    assert account.add(MEETING, "Ann B. 0", "a0@people.example") == added[0]
    assert account.find(MEETING, "A4@people.example") == added[4]
    assert account.find(MEETING, "b@people.example") is None
    account.remove(MEETING, added[4].id)
    account.remove(MEETING, added[4].id)
    assert account.find(MEETING, "a4@people.example") is None
    assert zoom.calls.count("POST /oauth/token") == 1
    assert "secret" not in repr(added)


def test_a_name_of_one_word_is_enough(zoom: ZoomServer) -> None:
    client(zoom).add(MEETING, "Cher", "c@people.example")
    client(zoom).add(MEETING, "Ana de la Cruz", "d@people.example")
    rows = zoom.registrants[MEETING]
    assert rows["c@people.example"].get("last_name") is None
    row = rows["d@people.example"]
    assert (row["first_name"], row["last_name"]) == ("Ana de la", "Cruz")


@pytest.mark.parametrize(
    ("fails", "error"),
    [
        (Reply(500), ProviderUnavailable),
        (Reply(200, b"<html>"), ProviderUnavailable),
        (Reply(200, b"x" * 3_000_000), ProviderUnavailable),
        (Reply(401, b'{"code": 124, "message": "ann@people.example"}'), ProviderMisconfigured),
        (Reply(400, b'{"code": 4711, "message": "scopes: ann@people.example"}'),
         ProviderMisconfigured),
        (Reply(400, b'{"code": 300, "message": "ann@people.example"}'), ProviderRefused),
        (Reply(404, b"nothing"), ProviderRefused),
        (Reply(201, b'{"registrant_id": "r1"}'), ProviderRefused),
        (Reply(201, b'{"registrant_id": "r1", "join_url": "http://zoom.example"}'),
         ProviderRefused),
    ],
)  # fmt: skip
def test_failures_name_nobody(zoom: ZoomServer, fails: Reply, error: type[ProviderError]) -> None:
    account = client(zoom)
    account.find(MEETING, "nobody@people.example")
    zoom.fails = fails
    with pytest.raises(error) as caught:
        account.add(MEETING, "Ann", "ann@people.example")
    assert "ann@" not in str(caught.value)
    assert caught.value.where == "Zoom"


def test_a_wrong_secret_is_a_setting(zoom: ZoomServer) -> None:
    with pytest.raises(ProviderMisconfigured, match="doesn't accept") as caught:
        client(zoom, "wrong").add(MEETING, "Ann", "ann@people.example")
    assert "wrong" not in str(caught.value)
    assert zoom.emails() == set()


def test_the_host_of_a_meeting_is_refused(zoom: ZoomServer) -> None:
    with pytest.raises(ProviderRefused, match="host"):
        client(zoom).add(MEETING, "Host", zoom.host)
    with pytest.raises(ProviderRefused, match="no meeting"):
        client(zoom).add("999999999", "Ann", "ann@people.example")
