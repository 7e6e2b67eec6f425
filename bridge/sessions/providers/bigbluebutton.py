"""BigBlueButton: the meeting is created before it opens, and each person gets a signed link.

Written from its public API reference (docs.bigbluebutton.org/development/api): the checksum is the
hash of the call's name, the query and the shared secret. `create` can be repeated with the same
parameters, and must come before `join`. Needs BigBlueButton 2.4, because of `role`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import SecretStr

from bridge.config import Config
from bridge.messages import Message
from bridge.sessions.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
)
from bridge.sessions.providers.http import Http, Request

NAME = "BigBlueButton"
MAX_NAME = 256
KEPT_EMPTY_MINUTES = 30
"""How long the server keeps a meeting that everyone has left."""
_SUCCESS = re.compile(rb"<returncode>\s*SUCCESS\s*</returncode>")
_FAILED = re.compile(rb"<returncode>\s*FAILED\s*</returncode>")
_KEY = re.compile(rb"<messageKey>\s*([A-Za-z]{1,60})\s*</messageKey>")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to create. `minutes`: how long to keep it if nobody has joined."""

    id: str
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class BigBlueButton:
    """One server. `url`: its API, such as https://bbb.example.org/bigbluebutton/api."""

    url: str
    secret: SecretStr

    @classmethod
    def of(cls, config: Config) -> BigBlueButton:
        """Raises ProviderMisconfigured if it isn't set up."""
        settings, secret = config.sessions.bigbluebutton, config.bigbluebutton_secret
        if settings is None or secret is None:
            raise ProviderMisconfigured(
                Message("It isn't set up."), where=NAME,
                todo=Message("Set sessions.bigbluebutton and its secret."),
            )  # fmt: skip
        return cls(settings.url, secret)

    def create(self, meeting: Meeting) -> None:
        """Create the meeting, unless it exists. Raises ProviderError."""
        query = {
            "name": meeting.title[:MAX_NAME].ljust(2), "meetingID": meeting.id,
            "meetingExpireIfNoUserJoinedInMinutes": str(meeting.minutes),
            "meetingExpireWhenLastUserLeftInMinutes": str(KEPT_EMPTY_MINUTES),
        }  # fmt: skip
        answer = Http(NAME).send(Request("GET", self._signed("create", query)))
        if not _SUCCESS.search(answer.body):
            _check_failure(answer.body)

    def join_link(self, meeting_id: str, person_id: int, name: str, *, moderates: bool) -> str:
        """The link of one person, which is as secret as a password. No call is made."""
        query = {
            "fullName": name, "meetingID": meeting_id, "userID": f"person-{person_id}",
            "role": "MODERATOR" if moderates else "VIEWER",
        }  # fmt: skip
        return self._signed("join", query)

    def _signed(self, call: str, query: Mapping[str, str]) -> str:
        text = urlencode(query)
        return f"{self.url}/{call}?{text}&checksum={checksum(call, text, self.secret)}"


def checksum(call: str, query: str, secret: SecretStr) -> str:
    """The SHA-256 checksum of a call. `query`: as it is sent, without the checksum."""
    return hashlib.sha256((call + query + secret.get_secret_value()).encode()).hexdigest()


def meeting_id(config: Config, session_id: int) -> str:
    """The meeting's ID: other sites may use the same server."""
    site = hashlib.sha256(config.service.url.encode()).hexdigest()[:12]
    return f"stewardpath-{site}-{session_id}"


def _check_failure(body: bytes) -> None:
    """Raises ProviderError, unless the meeting exists already, with another title."""
    key = match[1].decode() if (match := _KEY.search(body)) else ""
    if key == "idNotUnique":
        return
    raise _failure(body, key)


def _failure(body: bytes, key: str) -> ProviderError:
    if key == "checksumError":
        return ProviderMisconfigured(
            Message("The server doesn't accept the shared secret."), where=NAME,
            todo=Message("Check it, and that the server allows SHA-256."),
        )  # fmt: skip
    if not _FAILED.search(body):
        return ProviderMisconfigured(
            Message("The answer isn't that of its API."), where=NAME,
            todo=Message("Check sessions.bigbluebutton.url."),
        )  # fmt: skip
    return ProviderRefused(
        Message("The server refused the meeting (%(code)s).", code=key or "-"), where=NAME
    )
