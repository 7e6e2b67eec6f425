"""Users create accounts, confirm their emails, and edit their profiles."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request

from bridge.moodle.sandbox.database import Database, get, insert, rows, switched_on, update
from bridge.moodle.sandbox.events import user_changed, user_seen
from bridge.moodle.sandbox.fault_responses import as_json
from bridge.moodle.sandbox.functions.core.users import hash_password

FIELDS = ("username", "password", "firstname", "lastname", "email")
OWN_FIELDS = ("firstname", "lastname", "email", "lang", "idnumber")
SIGN_UP = "auth_email_signup_user"


def registration(database: Database, now: Callable[[], float]) -> Blueprint:
    """The routes of Moodle's sign-up form (service-nologin.php) and its confirmation link."""
    blueprint = Blueprint("registration", __name__)

    def ajax() -> Response:
        calls = request.get_json(force=True, silent=True) or []
        with database.transaction() as db:
            return as_json([_answer(db, call, int(now())) for call in calls])

    def confirmation() -> tuple[str, int]:
        secret, _, username = request.args.get("data", "").partition("/")
        with database.transaction() as db:
            if confirm(db, username, secret, int(now())):
                return "Your registration has been confirmed", 200
        return "Invalid confirmation data", 404

    blueprint.add_url_rule("/lib/ajax/service-nologin.php", "ajax", ajax, methods=["POST"])
    blueprint.add_url_rule("/login/confirm.php", "confirm", confirmation)
    return blueprint


def _answer(db: sqlite3.Connection, call: Mapping[str, object], now: int) -> dict[str, object]:
    given = call.get("args")
    known = call.get("methodname") == SIGN_UP and switched_on(db, "registration")
    if not known or not isinstance(given, dict):
        exception = {"errorcode": "servicenotavailable", "message": "Sorry, not available."}
        return {"error": True, "exception": exception}
    problem = register(db, {name: str(given.get(name, "")) for name in FIELDS}, now)
    warnings = [{"item": problem, "itemid": 0, "warningcode": "fielderror", "message": problem}]
    data = {"success": not problem, "warnings": warnings if problem else []}
    return {"error": False, "data": data}


def register(db: sqlite3.Connection, fields: Mapping[str, str], now: int) -> str:
    """Create an account with an unconfirmed email; return the invalid field, or ''."""
    for name in FIELDS:
        if not fields.get(name, "").strip():
            return name
    for name in ("username", "email"):
        sql = f"SELECT 1 FROM user WHERE {name} = ? COLLATE NOCASE AND deleted = 0"  # noqa: S608
        if rows(db, sql, fields[name]):
            return name
    values = {name: fields[name] for name in FIELDS if name != "password"}
    key = insert(
        db, "user", **values, password=hash_password(fields["password"]), auth="email",
        confirmed=0, secret=secrets.token_hex(8), timecreated=now,
    )  # fmt: skip
    user_changed(db, "user-created", key, now)
    return ""


def confirm(db: sqlite3.Connection, username: str, secret: str, now: int) -> bool:
    """Open the link in the email: confirm the account and log the user in."""
    user = get(db, "user", username, by="username")
    if user is None or not secret or not secrets.compare_digest(user["secret"], secret):
        return False
    update(db, "user", user["id"], {"confirmed": 1})
    user_seen(db, user["id"], now)
    return True


def edit_profile(db: sqlite3.Connection, userid: int, fields: Mapping[str, str], now: int) -> None:
    """Change a user's own profile. If the site confirms changed emails, the email stays as it was,
    because the sandbox sends no confirmation email."""
    changed = {name: fields[name].strip() for name in OWN_FIELDS if name in fields}
    if switched_on(db, "numberlocked"):
        changed.pop("idnumber", None)
    if switched_on(db, "emailchangeconfirmation"):
        changed.pop("email", None)
    if changed:
        update(db, "user", userid, changed)
    user_changed(db, "user-updated", userid, now)
