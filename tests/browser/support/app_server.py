"""The web application alone, on localhost, with a store that tests fill as they like.

No job runs here and no Moodle is asked: a page is seen in whatever state a test wants it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, request
from playwright.sync_api import StorageState

from bridge.config import Config, Contact, Region, ServiceSettings, UnionSettings
from bridge.curriculum.library.reloading import Library
from bridge.resources import resource
from bridge.store.auth import logins
from bridge.store.database import Database, open_database
from bridge.web.app import MAX_BODY, create_app
from bridge.web.common.metrics import Metrics
from bridge.web.common.visitor import COOKIE
from bridge.wsgi.server import serve_in_background
from tests.browser.support.sample_data import LONG, Crowd, settle
from tests.support.ports import free_port

ROLES = {
    "member": LONG.email,
    "chair": "chair@union.example",
    "auditor": "auditor@union.example",
    "payroll": "payroll@union.example",
    "committee": "committee@union.example",
}
CURRICULUM = "member-steward-path"
FORMS, TOPICS = (Path(__file__).with_name(name) for name in ("forms.yaml", "sessions.yaml"))
"""Other forms than the shipped ones, and more topics."""
DAY = 24 * 3600
Answer = tuple[str, str, int]
"""Endpoint, method and status."""


@dataclass(frozen=True)
class AppServer:
    """`url` is its address, `answers` its responses so far, `crowd` the sample data in it."""

    url: str
    app: Flask
    config: Config
    database: Database
    crowd: Crowd
    answers: list[Answer] = field(default_factory=list)

    def state(self, role: str) -> StorageState:
        """The cookies of a user with that role; none for `nobody`."""
        if role not in ROLES:
            return {"cookies": [], "origins": []}
        token = f"session-of-{role}"
        member = self.crowd.member if role == "member" else None
        with self.database.transaction() as session:
            logins.end(session, token)
            logins.start(session, token, ROLES[role], member, now())
        return {"cookies": [self.cookie(COOKIE, token)], "origins": []}

    def cookie(self, name: str, value: str) -> dict[str, object]:
        """The cookie as a browser stores it."""
        place = {"domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True}
        return {"name": name, "value": value, "secure": False, "sameSite": "Lax", **place}

    def answered(self, response: Response) -> Response:
        """Record a response."""
        if response.mimetype == "text/html":
            known = (request.endpoint or "", request.method, response.status_code)
            self.answers.append(known)
        return response


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def start_app_server(folder: Path, fill: Callable[..., Crowd] = settle) -> Iterator[AppServer]:
    """Start it with the shipped curricula and a form. All its files are in `folder`.

    `fill`: stores the sample data, given the database, the curriculum and the clock.
    """
    shutil.copytree(resource("curricula"), folder / "curricula")
    shutil.copy(FORMS, folder / "curricula" / CURRICULUM)
    with (folder / "curricula" / CURRICULUM / TOPICS.name).open("a", encoding="utf-8") as file:
        file.write(TOPICS.read_text("utf-8").removeprefix("sessions:\n"))
    config = _config(folder, free_port())
    database = open_database(f"sqlite:///{folder}/stewardpath.db")
    database.migrate()
    shelf = Library(folder / "curricula")
    app = create_app(config, database, shelf, now=now, metrics=Metrics())
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = DAY  # or the browser asks again for every page
    app_server = AppServer(config.service.url, app, config, database, fill(database, shelf[0], now))
    app.after_request(app_server.answered)
    served = serve_in_background(
        app, "127.0.0.1", config.service.port, name="the pages", todo="", largest=2 * MAX_BODY
    )
    with served:
        yield app_server
    database.close()


def _config(folder: Path, port: int) -> Config:
    chair = Contact(name="Théodora Vandenberghe-Oppenheimer", email="chair@union.example")
    one = Contact(name="Kim", email="kim@union.example", phone="+1 555 0100")
    north = Region(name="North and the islands", chair=chair, director=one, contacts=(one,))
    return Config(
        home=folder,
        curricula=Path("curricula"),
        union=UnionSettings(
            name="Example Union of Workers in Public Service",
            website="https://union.example",
            links={"Mastodon": "https://social.example/@union"},
        ),
        regions={"north": north, "south": Region(name="South"), "empty": Region(name="Lakes")},
        committee=(ROLES["committee"],),
        auditors=(ROLES["auditor"],),
        payroll=("payroll@union.example",),
        service=ServiceSettings(port=port, url=f"http://127.0.0.1:{port}"),
    )
