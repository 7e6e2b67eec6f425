"""core_user_*: find, create and update accounts."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3

from bridge.moodle.sandbox.database import GUEST, get, insert, language_packs, rows, update
from bridge.moodle.sandbox.events import user_changed
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException, invalid_parameter
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable, Shape
from bridge.moodle.sandbox.webservice.registry import Call, function

_FIELDS = ("username", "email", "firstname", "lastname", "idnumber", "lang", "city", "country")
_LIMITS = {"username": 100, "email": 100, "firstname": 100, "lastname": 100, "idnumber": 255}

_OPTIONAL: dict[str, Shape] = {
    "password": Nullable("raw"),
    "idnumber": Nullable("raw"),
    "lang": Nullable("alpha"),
    "city": Nullable("notags"),
    "country": Nullable("alpha"),
    "auth": Nullable("alpha"),
    "preferences": Nullable(ListOf({"type": "raw", "value": "raw"})),
}
_NEW: dict[str, Shape] = {
    "username": "username",
    "email": "email",
    "firstname": "notags",
    "lastname": "notags",
    "createpassword": Nullable("bool"),
    **_OPTIONAL,
}
_EDIT: dict[str, Shape] = {
    "id": "int",
    "username": Nullable("username"),
    "email": Nullable("email"),
    "firstname": Nullable("notags"),
    "lastname": Nullable("notags"),
    "suspended": Nullable("bool"),
    **_OPTIONAL,
}


@function("core_user_create_users", {"users": ListOf(_NEW)})
def create_users(call: Call, args: Args) -> object:
    """All or none: the first invalid record refuses the batch."""
    return [_create(call, user) for user in args.each("users")]


def _create(call: Call, user: Args) -> dict[str, object]:
    if any(not user.text(name).strip() for name in ("username", "firstname", "lastname", "email")):
        raise invalid_parameter()
    if not user.text("password") and not user.flag("createpassword"):
        raise invalid_parameter()
    _check(call.db, user)
    if get(call.db, "user", user.text("username"), by="username"):
        raise invalid_parameter()
    values = user.given(*_FIELDS)
    password = hash_password(user.text("password")) if "password" in user else ""
    key = insert(call.db, "user", **values, password=password, timecreated=call.now)
    user_changed(call.db, "user-created", key, call.now)
    return {"id": key, "username": user.text("username")}


def _check(db: sqlite3.Connection, user: Args, itself: int = 0) -> None:
    for name, limit in _LIMITS.items():
        if len(user.text(name)) > limit:
            raise MoodleException(
                "dmlwriteexception", "Error writing to database", "dml_write_exception"
            )
    if "lang" in user and user.text("lang") not in language_packs(db):
        raise invalid_parameter()
    if "email" in user and _email_taken(db, user.text("email"), itself):
        raise invalid_parameter()


def _email_taken(db: sqlite3.Connection, email: str, itself: int) -> bool:
    sql = "SELECT 1 FROM user WHERE email = ? COLLATE NOCASE AND deleted = 0 AND id <> ?"
    return bool(rows(db, sql, email, itself))


@function("core_user_update_users", {"users": ListOf(_EDIT)})
def update_users(call: Call, args: Args) -> object:
    """Each separately; failures become warnings."""
    warnings = []
    for user in args.each("users"):
        try:
            _update(call, user)
        except MoodleException as refusal:
            warnings.append(
                {
                    "item": "user",
                    "itemid": user.int("id"),
                    "warningcode": refusal.errorcode,
                    "message": refusal.message,
                }
            )
    return {"warnings": warnings}


def _update(call: Call, user: Args) -> None:
    key = user.int("id")
    known = get(call.db, "user", key)
    if known is None:
        raise MoodleException("invaliduserid", "Invalid user ID")
    if known["deleted"]:
        raise MoodleException("usernotupdateddeleted", "User is a deleted user")
    if key == GUEST:
        raise MoodleException("usernotupdatedguest", "Cannot update guest account")
    if "email" in user and _email_taken(call.db, user.text("email"), key):
        raise MoodleException("useremailduplicate", "Duplicate address")
    values = user.given(*_FIELDS, "suspended")
    if "password" in user:
        values["password"] = hash_password(user.text("password"))
    if values:
        update(call.db, "user", key, values)
    user_changed(call.db, "user-updated", key, call.now)


@function("core_user_get_users_by_field", {"field": "alpha", "values": ListOf("raw")}, learner=True)
def get_users_by_field(call: Call, args: Args) -> object:
    """Users whose id, idnumber, username or email is one of the values."""
    field = args.text("field")
    if field not in ("id", "idnumber", "username", "email"):
        raise MoodleException(
            "codingerror",
            "Coding error detected, it must be fixed by a programmer: invalid field parameter",
            "core\\exception\\coding_exception",
        )
    found = {}
    for value in args.texts("values"):
        for user in rows(call.db, _BY_FIELD[field], value):
            found[user["id"]] = describe(user)
    return [found[key] for key in sorted(found)]


_BY_FIELD = {
    "id": "SELECT * FROM user WHERE id = ?",  # Moodle shows deleted users too, by id only
    "idnumber": "SELECT * FROM user WHERE deleted = 0 AND idnumber = ? AND idnumber <> ''",
    "username": "SELECT * FROM user WHERE deleted = 0 AND username = ?",
    "email": "SELECT * FROM user WHERE deleted = 0 AND email = ?",
}


def describe(user: sqlite3.Row) -> dict[str, object]:
    """A user, as Moodle shows them to a user with all capabilities."""
    shown: dict[str, object] = {name: user[name] for name in ("id", *_FIELDS) if user[name]}
    return shown | {
        "fullname": f"{user['firstname']} {user['lastname']}",
        "auth": user["auth"],
        "suspended": bool(user["suspended"]),
        "confirmed": bool(user["confirmed"]),
    }


def hash_password(password: str) -> str:
    """A salted hash; the file never contains a password."""
    salt = secrets.token_hex(8)
    return f"{salt}${_digest(password, salt)}"


def password_matches(password: str, stored: str) -> bool:
    """Whether `password` matches the hash `stored`; an empty hash matches none."""
    salt, _, digest = stored.partition("$")
    return bool(digest) and secrets.compare_digest(_digest(password, salt), digest)


def _digest(password: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 20_000).hex()
