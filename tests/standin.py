"""The stand-in for Moodle, served on loopback, with learners who do things there."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import make_server

from bridge.moodle.client import Moodle
from bridge.moodle.sandbox import Fault, Faults, create_sandbox
from bridge.moodle.sandbox import database as tables
from bridge.moodle.sandbox.attempts import begin
from bridge.moodle.sandbox.events import attempt_finished, complete, user_changed
from bridge.moodle.sandbox.registration import confirm, edit_profile, register

TOKEN = "0123456789abcdef0123456789abcdef"
READS = ("get_", "list_", "search_", "find_users", "gradereport", "site_info")


class StandIn:
    """A site. `time` is what its clock says, in unix seconds."""

    def __init__(self, file: Path, *, companion: bool = True, time: int = 1_772_000_000) -> None:
        self.file = file
        self.time = time
        self.app = create_sandbox(file, now=lambda: self.time, token=TOKEN, companion=companion)
        self.database = tables.Database(file)
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}"

    @property
    def faults(self) -> Faults:
        faults: Faults = self.app.config["FAULTS"]
        return faults

    def fail(self, kind: Any, function: str = "*", nth: int = 1, **more: Any) -> None:
        self.faults.plan(Fault(kind, function, nth, **more))

    @property
    def writes(self) -> list[str]:
        """The calls that can have changed something, in order."""
        return [name for name in self.faults.log if not any(read in name for read in READS)]

    def client(self, session: requests.Session | None = None) -> Moodle:
        """A client that waits for nothing."""
        return Moodle(self.url, TOKEN, session=session, sleep=lambda _: None, random=lambda: 0.0)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.database.transaction() as db:
            return [tuple(row) for row in db.execute(sql, values)]

    def one(self, sql: str, *values: object) -> Any:
        return self.rows(sql, *values)[0][0]

    def do(self, sql: str, *values: object) -> None:
        """Somebody changes something by hand."""
        with self.database.transaction() as db:
            db.execute(sql, values)

    def account(self, username: str, email: str = "", **fields: object) -> int:
        """Somebody registers in Moodle itself."""
        names = {"firstname": username.title(), "lastname": "Example"} | fields
        mail = email or f"{username}@example.org"
        with self.database.transaction() as db:
            user = tables.insert(db, "user", username=username, email=mail, **names)
            user_changed(db, "user-created", user, self.time)
        return user

    def register(self, username: str, email: str = "", *, confirmed: bool = True) -> int:
        """Somebody fills in Moodle's own sign-up form, and opens the link in the email."""
        fields = {"username": username, "password": "Secret-1!", "email": email}
        fields |= {"firstname": username.title(), "lastname": "Example"}
        fields["email"] = email or f"{username}@example.org"
        with self.database.transaction() as db:
            assert register(db, fields, self.time) == ""
        user = int(self.one("SELECT id FROM user WHERE username = ?", username))
        if confirmed:
            self.confirm(user)
        return user

    def confirm(self, user: int) -> None:
        """The user opens the link in the email."""
        ((username, secret),) = self.rows("SELECT username, secret FROM user WHERE id = ?", user)
        with self.database.transaction() as db:
            assert confirm(db, username, secret, self.time)

    def edit_profile(self, user: int, **fields: str) -> None:
        """The user changes their own profile."""
        with self.database.transaction() as db:
            edit_profile(db, user, fields, self.time)

    def switch(self, name: str, *, on: bool) -> None:
        """An administrator changes a setting of the site."""
        with self.database.transaction() as db:
            tables.switch(db, name, on=on)

    def finish(self, user: int, activity: str, grade: float | None = None, state: int = 1) -> None:
        """The user reads a page, opens a link, or (with a grade) makes an attempt at a quiz."""
        with self.database.transaction() as db:
            row = tables.get(db, "activity", activity, by="idnumber")
            assert row is not None
            if grade is None:
                complete(db, row, user, state, self.time)
            else:
                self._attempt(db, row, user, grade)

    def _attempt(self, db: sqlite3.Connection, row: sqlite3.Row, user: int, grade: float) -> None:
        key = begin(db, row["cmid"], user, self.time)["id"]
        ended = {"state": "finished", "grade": grade, "timefinish": self.time}
        tables.update(db, "attempt", key, ended)
        attempt = tables.get(db, "attempt", key)
        assert attempt is not None
        attempt_finished(db, row, attempt, self.time)

    def start(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.005,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def standing(file: Path, *, companion: bool = True) -> Iterator[StandIn]:
    """The site, for as long as the block lasts."""
    site = StandIn(file, companion=companion)
    site.start()
    try:
        yield site
    finally:
        site.stop()
