"""Zoom: each person is added to the registrants of a meeting, and gets a link of their own.

Written from its public API reference (developers.zoom.us/docs/api): server-to-server OAuth, and the
registrants of a meeting. The committee creates the meeting in Zoom, with registration.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from bridge.config import Config, ZoomSettings
from bridge.messages import Message
from bridge.sessions.providers.errors import (
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderUnavailable,
)
from bridge.sessions.providers.http import Answer, Http, Request

NAME = "Zoom"
PAGE_SIZE = 300
MAX_PAGES = 50
MAX_NAME = 64
MAX_LINK = 2000
MAX_ID = 100
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
_NO_MEETING = {300, 3001}
_HOST = 3027
_WRONG_TOKEN = {124, 4700, 4711}


@dataclass(frozen=True, slots=True)
class Registrant:
    """Someone in Zoom's list. `link` lets anyone in as this person."""

    id: str
    link: str = field(repr=False)


class Zoom:
    """One account. It keeps its access token while it lives, so make one for each run."""

    def __init__(self, settings: ZoomSettings, secret: SecretStr) -> None:
        self._settings = settings
        self._secret = secret
        self._http = Http(NAME)
        self._token = ""

    @classmethod
    def of(cls, config: Config) -> Zoom:
        """Raises ProviderMisconfigured if it isn't set up."""
        if config.sessions.zoom is None or config.zoom_secret is None:
            raise ProviderMisconfigured(
                Message("It isn't set up."), where=NAME,
                todo=Message("Set sessions.zoom and its secret."),
            )  # fmt: skip
        return cls(config.sessions.zoom, config.zoom_secret)

    def add(self, meeting: str, name: str, email: str) -> Registrant:
        """Add a person to the registrants. Raises ProviderError."""
        first, _, last = name.rpartition(" ")
        names = {"first_name": (first or last)[:MAX_NAME]}
        if first:
            names["last_name"] = last[:MAX_NAME]
        added = self._call(
            "POST", f"/meetings/{meeting}/registrants",
            {**names, "email": email, "auto_approve": True},
        )  # fmt: skip
        return _registrant(added.get("registrant_id"), added.get("join_url"))

    def find(self, meeting: str, email: str) -> Registrant | None:
        """The approved registrant with this address. Raises ProviderError."""
        page = ""
        for _ in range(MAX_PAGES):
            query = {"status": "approved", "page_size": str(PAGE_SIZE)}
            query |= {"next_page_token": page} if page else {}
            found = self._call("GET", f"/meetings/{meeting}/registrants?{urlencode(query)}")
            for each in _rows(found):
                if str(each.get("email", "")).casefold() == email.casefold():
                    return _registrant(each.get("id"), each.get("join_url"))
            page = str(found.get("next_page_token") or "")
            if not page:
                return None
        raise ProviderRefused(Message("The meeting has too many registrants."), where=NAME)

    def remove(self, meeting: str, registrant_id: str) -> None:
        """Remove a registrant; nothing happens if they aren't there. Raises ProviderError."""
        path = f"/meetings/{meeting}/registrants/{quote(registrant_id, safe='')}"
        try:
            self._call("DELETE", path)
        except ProviderRefused as error:
            if not error.missing:
                raise

    def _call(
        self, method: str, path: str, content: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        token = {"Authorization": f"Bearer {self._access_token()}"}
        url = self._settings.url + path
        answer = self._http.send(Request(method, url, token, content))
        if not 200 <= answer.status < 300:
            raise _failure(answer)
        return _json(answer) if answer.body else {}

    def _access_token(self) -> str:
        if self._token:
            return self._token
        query = {"grant_type": "account_credentials", "account_id": self._settings.account}
        account = (self._settings.client, self._secret.get_secret_value())
        url = f"{self._settings.token_url}?{urlencode(query)}"
        answer = self._http.send(Request("POST", url, account=account))
        token = _json(answer).get("access_token") if answer.status == 200 else None
        if not isinstance(token, str) or not token.isprintable():
            raise ProviderMisconfigured(
                Message("Zoom doesn't accept the account, the client or the secret."), where=NAME,
                todo=Message("Check sessions.zoom and its secret."),
            )  # fmt: skip
        self._token = token
        return token


def _json(answer: Answer) -> Mapping[str, object]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderUnavailable(Message("The answer isn't that of its API."), where=NAME)
    return found


def _rows(found: Mapping[str, object]) -> list[Mapping[str, object]]:
    rows = found.get("registrants")
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []


def _registrant(number: object, link: object) -> Registrant:
    """Raises ProviderRefused if there is no link that can be used."""
    usable = isinstance(link, str) and link.startswith("https://") and link.isprintable()
    if isinstance(number, str) and len(number) <= MAX_ID and usable and len(str(link)) <= MAX_LINK:
        return Registrant(number, str(link))
    raise ProviderRefused(
        Message("Zoom gave no link to join."), where=NAME,
        todo=Message("In Zoom, let the meeting approve registrations automatically."),
    )  # fmt: skip


def _failure(answer: Answer) -> ProviderError:
    """The error of an answer, by its number: its text may name people."""
    try:
        code = int(str(json.loads(answer.body)["code"]))
    except (ValueError, KeyError, TypeError):
        code = 0
    if answer.status in (_UNAUTHORIZED, _FORBIDDEN) or code in _WRONG_TOKEN:
        return ProviderMisconfigured(
            Message("Zoom refused access (%(code)s).", code=str(code or answer.status)),
            where=NAME,
            todo=Message("Check the scopes of the app: registrants of meetings."),
        )
    if code in _NO_MEETING:
        return ProviderRefused(
            Message("there is no meeting with this number."), missing=True, where=NAME,
            todo=Message("Check the number on the session's page."),
        )  # fmt: skip
    if code == _HOST:
        return ProviderRefused(
            Message("the host of a meeting can't register for it."), where=NAME,
            todo=Message("They join with their own account."),
        )  # fmt: skip
    return ProviderRefused(
        Message("Zoom refused the request (%(code)s).", code=str(code or answer.status)),
        missing=answer.status == _NOT_FOUND, where=NAME,
        todo=Message("Check that the meeting is with registration."),
    )  # fmt: skip
