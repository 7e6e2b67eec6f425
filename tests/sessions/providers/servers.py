"""Local servers that behave as the public API references of BigBlueButton and Zoom say.

They were never compared with the real ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from bridge.config import BigBlueButtonSettings, Config, SessionSettings, ZoomSettings
from tests.sessions.environment import ZONE

BBB_SECRET = "bbb-shared-secret-0123456789"
ZOOM_SECRET = "zoom-client-secret-0123456789"
TOKEN = "zoom-access-token"
MEETING = "81234567890"


def config_for(bbb: str, zoom: str) -> Config:
    return Config(
        timezone=ZONE,
        sessions=SessionSettings(
            bigbluebutton=BigBlueButtonSettings(url=f"{bbb}/bigbluebutton/api"),
            zoom=ZoomSettings(account="acc", client="cli", url=f"{zoom}/v2",
                              token_url=f"{zoom}/oauth/token"),
        ),
        bigbluebutton_secret=SecretStr(BBB_SECRET),
        zoom_secret=SecretStr(ZOOM_SECRET),
    )  # fmt: skip


@dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """A loopback server. `fails`: what it answers instead, until it is None. `calls`: in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fails: Reply | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method: str, path: str, query: str, request: Any) -> Reply:
        raise NotImplementedError

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                outer.calls.append(f"{self.command} {parts.path}")
                given = outer.fails or outer.answer(self.command, parts.path, parts.query, self)
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)

            do_POST = do_DELETE = do_GET  # noqa: N815  (names of http.server)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


class BigBlueButtonServer(Server):
    """`meetings`: their IDs and the parameters that they were created with."""

    def __init__(self, secret: str = BBB_SECRET) -> None:
        super().__init__()
        self.secret = secret
        self.meetings: dict[str, dict[str, str]] = {}

    def answer(self, method: str, path: str, query: str, request: Any) -> Reply:
        call = path.rpartition("/")[2]
        sent, _, checksum = query.rpartition("&checksum=")
        wanted = hashlib.sha256(f"{call}{sent}{self.secret}".encode()).hexdigest()
        if checksum != wanted:
            return _xml("FAILED", "checksumError")
        values = {name: each[0] for name, each in parse_qs(sent, keep_blank_values=True).items()}
        if call == "create":
            return self._create(values)
        if values["meetingID"] not in self.meetings:
            return _xml("FAILED", "invalidMeetingIdentifier")
        return Reply(302, headers={"Location": f"{self.url}/html5client?role={values['role']}"})

    def _create(self, values: dict[str, str]) -> Reply:
        known = self.meetings.setdefault(values["meetingID"], values)
        if known is values:
            return _xml("SUCCESS", "")
        same = known == values
        return _xml("SUCCESS", "duplicateWarning") if same else _xml("FAILED", "idNotUnique")


class ZoomServer(Server):
    """`registrants`: by meeting and address. `deleted`: how many were removed."""

    def __init__(self) -> None:
        super().__init__()
        self.registrants: dict[str, dict[str, dict[str, str]]] = {MEETING: {}}
        self.host = "host@people.example"
        self.page_size = 2
        self.added = 0

    def answer(self, method: str, path: str, query: str, request: Any) -> Reply:
        values = {name: each[0] for name, each in parse_qs(query).items()}
        if path == "/oauth/token":
            return self._token(values, request)
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return _json(401, {"code": 124, "message": "Invalid access token."})
        _, _, _, meeting, _, *rest = path.split("/")
        if meeting not in self.registrants:
            return _json(404, {"code": 3001, "message": f"Meeting does not exist: {meeting}."})
        if method == "POST":
            sent = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
            return self._add(meeting, sent)
        if method == "DELETE":
            return self._delete(meeting, rest[0])
        return self._list(meeting, int(values.get("next_page_token") or 0))

    def emails(self, meeting: str = MEETING) -> set[str]:
        return set(self.registrants[meeting])

    def _token(self, values: dict[str, str], request: Any) -> Reply:
        account = base64.b64encode(f"cli:{ZOOM_SECRET}".encode()).decode()
        right = {"grant_type": "account_credentials", "account_id": "acc"}
        if request.headers["Authorization"] != f"Basic {account}" or values != right:
            return _json(400, {"reason": "Invalid client_id or client_secret"})
        return _json(200, {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3599})

    def _add(self, meeting: str, sent: dict[str, str]) -> Reply:
        if sent["email"] == self.host:
            return _json(400, {"code": 3027, "message": f"Host {sent['email']} cannot register."})
        assert sent["first_name"]
        self.added += 1
        row = {
            "id": f"r{self.added}/x=", "join_url": f"https://zoom.example/w/{self.added}?tk=secret",
            **sent,
        }  # fmt: skip
        row = self.registrants[meeting].setdefault(sent["email"], row)
        return _json(201, {"id": int(meeting), "registrant_id": row["id"],
                           "join_url": row["join_url"], "topic": "A meeting"})  # fmt: skip

    def _delete(self, meeting: str, quoted: str) -> Reply:
        number = quoted.replace("%2F", "/").replace("%3D", "=")
        rows = self.registrants[meeting]
        found = [email for email, row in rows.items() if row["id"] == number]
        for email in found:
            del rows[email]
        return Reply(204) if found else _json(404, {"code": 404, "message": "Not found."})

    def _list(self, meeting: str, start: int) -> Reply:
        rows = list(self.registrants[meeting].values())
        end = start + self.page_size
        more = str(end) if end < len(rows) else ""
        return _json(200, {"registrants": rows[start:end], "next_page_token": more})


def _json(status: int, content: object) -> Reply:
    return Reply(status, json.dumps(content).encode(), {"Content-Type": "application/json"})


def _xml(code: str, key: str) -> Reply:
    told = f"<messageKey>{key}</messageKey>" if key else ""
    return Reply(200, f"<response>\n<returncode>{code}</returncode>{told}</response>".encode())
