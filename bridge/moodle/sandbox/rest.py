"""The routes of the web service: /webservice/rest/server.php and /login/token.php."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, request

from bridge.moodle.sandbox.database import ADMIN, SERVICE, Database, get, insert
from bridge.moodle.sandbox.fault_responses import as_json, damage, replacement
from bridge.moodle.sandbox.faults import Faults
from bridge.moodle.sandbox.functions.core.users import password_matches
from bridge.moodle.sandbox.webservice.moodle_errors import (
    MoodleException,
    access_denied,
    invalid_parameter,
    invalid_token,
    missing_record,
)
from bridge.moodle.sandbox.webservice.params import Raw, check, unflatten
from bridge.moodle.sandbox.webservice.registry import Call, functions

_RESERVED = ("wstoken", "wsfunction", "moodlewsrestformat", "moodlewssettingraw",
             "moodlewssettingfilter", "moodlewssettingfileurl", "moodlewssettinglang")  # fmt: skip


def rest(database: Database, *, now: Callable[[], float], token: str, companion: bool) -> Blueprint:
    """A blueprint with both routes."""
    blueprint = Blueprint("rest", __name__)
    service = _Service(database, now, token, companion)
    blueprint.add_url_rule(
        "/webservice/rest/server.php", "server", service.serve, methods=["GET", "POST"]
    )
    blueprint.add_url_rule("/login/token.php", "token", service.login, methods=["GET", "POST"])
    return blueprint


class _Service:
    def __init__(
        self, database: Database, now: Callable[[], float], token: str, companion: bool
    ) -> None:
        self._database = database
        self._now = now
        self._token = token
        self._functions = functions(companion=companion)

    def serve(self) -> Response:
        """Answer one call, with its planned failure, if any."""
        limit = int(current_app.config["MAX_INPUT_VARS"])
        pairs = _sent()[:limit]
        sent = unflatten(pairs)
        name = str(sent.get("wsfunction", ""))
        faults: Faults = current_app.config["FAULTS"]
        fault = faults.meet(name, pairs)
        failure = replacement(fault)
        if failure is not None:
            return failure
        return damage(fault, self._answer(sent, name, limit))

    def login(self) -> Response:
        """Return a learner's token for a username and password, like Moodle's mobile service."""
        username = request.values.get("username", "").strip().lower()
        try:
            with self._database.transaction() as db:
                return as_json({"token": self._learner_token(db, username), "privatetoken": None})
        except MoodleException as refusal:
            problem = {"error": refusal.message, "errorcode": refusal.errorcode}
            return as_json(
                problem | {"stacktrace": None, "debuginfo": None, "reproductionlink": None}
            )

    def _learner_token(self, db: sqlite3.Connection, username: str) -> str:
        if request.values.get("service") != "moodle_mobile_app":
            what = "Web service is not available. (It doesn't exist or might be disabled.)"
            raise MoodleException("servicenotavailable", what)
        user = get(db, "user", username, by="username")
        password = request.values.get("password", "")
        if user is None or user["deleted"] or not password_matches(password, user["password"]):
            raise MoodleException("invalidlogin", "Invalid login, please try again")
        if not user["confirmed"]:
            raise MoodleException("usernotconfirmed", f"Could not confirm {username}")
        known = get(db, "token", user["id"], by="userid")
        if known is not None:
            return str(known["token"])
        fresh = secrets.token_hex(16)
        insert(db, "token", token=fresh, userid=user["id"])
        return fresh

    def _answer(self, sent: dict[str, Raw], name: str, limit: int) -> object:
        try:
            with self._database.transaction() as db:
                userid = self._authenticate(db, str(sent.get("wstoken", "")))
                return self._call(db, userid, name, sent, limit)
        except MoodleException as refusal:
            return refusal.answer()

    def _authenticate(self, db: sqlite3.Connection, token: str) -> int:
        if token and secrets.compare_digest(token.encode(), self._token.encode()):
            return SERVICE
        known = get(db, "token", token, by="token")
        if known is None or known["userid"] <= ADMIN:
            raise invalid_token()
        return int(known["userid"])

    def _call(
        self, db: sqlite3.Connection, userid: int, name: str, sent: dict[str, Raw], limit: int
    ) -> object:
        if not name:
            raise invalid_parameter()
        known = self._functions.get(name)
        if known is None:
            raise (
                access_denied()
                if _may_exist_in_moodle(name)
                else missing_record("external_functions")
            )
        allowed = self._allowed(userid)
        if name not in allowed:
            raise access_denied()
        raw = {key: value for key, value in sent.items() if key not in _RESERVED}
        url = request.host_url.rstrip("/")
        call = Call(db, userid, int(self._now()), url, limit, allowed)
        return known.handler(call, check(known.shape, raw))

    def _allowed(self, userid: int) -> tuple[str, ...]:
        every = self._functions.values()
        return tuple(known.name for known in every if userid == SERVICE or known.learner)


def _may_exist_in_moodle(name: str) -> bool:
    """Whether a missing function may exist in a real Moodle, outside the token's service."""
    return name.startswith(("core_", "mod_", "enrol_", "tool_", "gradereport_", "block_"))


def _sent() -> list[tuple[str, str]]:
    body = request.get_data(cache=False).decode("utf-8", "replace")
    query = request.query_string.decode("utf-8", "replace")
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None)
    return pairs + parse_qsl(body, keep_blank_values=True, max_num_fields=None)
