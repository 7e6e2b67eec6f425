"""local_stewardpath_save_badge, issue_badge and revoke_badge."""

from __future__ import annotations

import base64
import binascii
import secrets
import sqlite3

from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args
from bridge.moodle.sandbox.webservice.registry import Call, function

_PNG = b"\x89PNG\r\n\x1a\n"


@function(
    "local_stewardpath_save_badge",
    {
        "idnumber": "raw",
        "name": "raw",
        "description": "raw",
        "image": "raw",
        "imagehash": "alphanumext",
    },
)
def save_badge(call: Call, args: Args) -> object:
    """Create or update a badge; an empty image keeps the current one."""
    idnumber = args.text("idnumber")
    ownership.require_managed(idnumber)
    ownership.require_name(args.text("name"))
    values = {"name": args.text("name"), "description": args.text("description"), "status": 1}
    if args.text("image"):
        values |= {"image": _image(args), "imagehash": args.text("imagehash")}
    known = get(call.db, "badge", idnumber, by="idnumber")
    if known is None:
        key = insert(call.db, "badge", idnumber=idnumber, **values)
        return {"id": key, "action": "created"}
    return {"id": known["id"], "action": update(call.db, "badge", known["id"], values)}


def _image(args: Args) -> bytes:
    try:
        image = base64.b64decode(args.text("image"), validate=True)
    except binascii.Error:
        image = b""
    if not image.startswith(_PNG):
        what = f"The image of the badge '{args.text('idnumber')}' is not a PNG file in base64."
        raise MoodleException("badimage", what, ownership.PROBLEM)
    return image


@function("local_stewardpath_issue_badge", {"idnumber": "raw", "userid": "int"})
def issue_badge(call: Call, args: Args) -> object:
    """Issue a badge once; a repeated call answers that the user already had it."""
    badge, userid = _badge_and_user(call, args)
    sql = "SELECT hash FROM badgeissued WHERE badgeid = ? AND userid = ?"
    for row in rows(call.db, sql, badge, userid):
        return {"issued": False, "already": True, "hash": row["hash"]}
    unique = secrets.token_hex(20)
    insert(call.db, "badgeissued", badgeid=badge, userid=userid, hash=unique, time=call.now)
    return {"issued": True, "already": False, "hash": unique}


@function("local_stewardpath_revoke_badge", {"idnumber": "raw", "userid": "int"})
def revoke_badge(call: Call, args: Args) -> object:
    """Revoke a badge; a repeated call changes nothing."""
    sql = "DELETE FROM badgeissued WHERE badgeid = ? AND userid = ?"
    return {"revoked": bool(call.db.execute(sql, _badge_and_user(call, args)).rowcount)}


def _badge_and_user(call: Call, args: Args) -> tuple[int, int]:
    """The ids of the badge and the user that are named. Raises MoodleException."""
    idnumber, userid = args.text("idnumber"), args.int("userid")
    ownership.require_managed(idnumber)
    badge = get(call.db, "badge", idnumber, by="idnumber")
    if badge is None:
        raise _unknown_badge(idnumber)
    user = get(call.db, "user", userid)
    if user is None or user["deleted"]:
        raise ownership.unknown_user(userid)
    return badge["id"], userid


def rename_badge(db: sqlite3.Connection, before: str, after: str) -> object:
    """Change the idnumber of a badge. Those who have it keep it."""
    old, new = (get(db, "badge", name, by="idnumber") for name in (before, after))
    if new is not None and (old is None or before == after):
        return {"id": new["id"], "action": "unchanged"}
    if old is None:
        raise _unknown_badge(before)
    if new is not None:
        what = f'The idnumber "{after}" is already used in course 0.'
        raise MoodleException("idnumbertaken", what, ownership.PROBLEM)
    return {"id": old["id"], "action": update(db, "badge", old["id"], {"idnumber": after})}


def _unknown_badge(idnumber: str) -> MoodleException:
    what = f'There is no badge with the idnumber "{idnumber}". Save it first.'
    return MoodleException("unknownbadge", what, ownership.PROBLEM)
