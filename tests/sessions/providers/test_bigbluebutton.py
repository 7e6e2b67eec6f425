"""The client of BigBlueButton, with a local server."""

from __future__ import annotations

import pytest
import requests
from pydantic import SecretStr

from bridge.sessions.providers.bigbluebutton import BigBlueButton, Meeting, checksum
from bridge.sessions.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderUnavailable,
)

from .servers import BBB_SECRET, BigBlueButtonServer, Reply

MEETING = Meeting("stewardpath-1", "Séance & more", 165)


def client(server: BigBlueButtonServer, secret: str = BBB_SECRET) -> BigBlueButton:
    return BigBlueButton(f"{server.url}/bigbluebutton/api", SecretStr(secret))


def test_the_checksum_is_that_of_the_reference() -> None:
    query = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"
    secret = SecretStr("639259d4-9dd8-4b25-bf01-95f9567eaf4b")
    expected = "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e"
    assert checksum("create", query, secret) == expected


def test_a_meeting_is_created_once_and_joined_with_a_signed_link(bbb: BigBlueButtonServer) -> None:
    server = client(bbb)
    link = server.join_link(MEETING.id, 7, "Zoé O'Neil & Co", moderates=False)
    assert b"invalidMeetingIdentifier" in requests.get(link, timeout=5).content
    for _ in range(2):
        server.create(MEETING)
    server.create(Meeting(MEETING.id, "Another title", 165))
    assert list(bbb.meetings) == [MEETING.id]
    assert bbb.meetings[MEETING.id]["name"] == "Séance & more"
    led = server.join_link(MEETING.id, 7, "Zoé", moderates=True)
    roles = [
        requests.get(each, allow_redirects=False, timeout=5).headers["Location"][-6:]
        for each in (link, led)
    ]
    assert roles == ["VIEWER", "ERATOR"]
    forged = link.replace("VIEWER", "MODERATOR")
    assert b"checksumError" in requests.get(forged, timeout=5).content


@pytest.mark.parametrize(
    ("fails", "error"),
    [
        (Reply(502, b"<html>"), ProviderUnavailable),
        (Reply(429, b"", {"Retry-After": "7"}), ProviderUnavailable),
        (Reply(200, b"<html>A page</html>"), ProviderMisconfigured),
        (Reply(302, b"", {"Location": "https://elsewhere.example"}), ProviderMisconfigured),
        (Reply(200, b"<returncode>FAILED</returncode><messageKey>limit</messageKey>"),
         ProviderRefused),
    ],
)  # fmt: skip
def test_failures_say_what_to_do(
    bbb: BigBlueButtonServer, fails: Reply, error: type[ProviderError]
) -> None:
    bbb.fails = fails
    with pytest.raises(error) as caught:
        client(bbb).create(MEETING)
    assert "checksum=" not in str(caught.value)
    assert getattr(caught.value, "after", None) in (None, 7.0)


def test_a_wrong_secret_and_a_wrong_address_are_settings(bbb: BigBlueButtonServer) -> None:
    with pytest.raises(ProviderMisconfigured, match="shared secret"):
        client(bbb, "wrong").create(MEETING)
    closed = BigBlueButton("http://127.0.0.1:1/api", SecretStr(BBB_SECRET))
    with pytest.raises(
        ProviderUnavailable, match=r"^BigBlueButton: Cannot connect to 127.0.0.1\.$"
    ):
        closed.create(MEETING)
