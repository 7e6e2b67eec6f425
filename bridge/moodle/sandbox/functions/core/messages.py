"""core_message_*."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import email, get, insert, rows
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_MAX_LENGTH = 4096


@function(
    "core_message_send_instant_messages",
    {
        "messages": ListOf(
            {
                "touserid": "int",
                "text": "raw",
                "textformat": Nullable("int", 0),
                "clientmsgid": Nullable("raw"),
            }
        )
    },
)
def send_instant_messages(call: Call, args: Args) -> object:
    """One answer a message: its id, or -1 and why it was not sent.

    Moodle 4.5 fails on a mixture: what could be sent is sent, yet the answer is an error.
    """
    answers = [_send(call, message) for message in args.each("messages")]
    failed = [answer["msgid"] == -1 for answer in answers]
    if any(failed) and not all(failed):
        return MoodleException("formatnotsupported", "webservice/formatnotsupported").answer()
    return answers


def _send(call: Call, message: Args) -> dict[str, object]:
    answer: dict[str, object] = {**message.given("clientmsgid")}
    trouble = _trouble(call.db, message)
    if trouble:
        return answer | {"msgid": -1, "errormessage": trouble}
    toid, text = message.int("touserid"), message.text("text")
    key = insert(call.db, "message", fromid=call.userid, toid=toid, text=text, time=call.now)
    email(call.db, toid, "message", call.now)  # Moodle's default preference
    return answer | {
        "msgid": key,
        "text": text,
        "timecreated": call.now,
        "conversationid": toid,
        "useridfrom": call.userid,
        "candeletemessagesforallusers": False,
    }


def _trouble(db: sqlite3.Connection, message: Args) -> str:
    user = get(db, "user", message.int("touserid"))
    if user is None or user["deleted"]:
        return f"The user ID ({message.int('touserid')}) you sent the message to doesn't exist"
    if len(message.text("text").encode()) > _MAX_LENGTH:
        return "The message you are trying to send is too long."
    return ""


@function(
    "core_message_get_messages",
    {
        "useridto": "int",
        "useridfrom": Nullable("int", 0),
        "type": Nullable("alpha", "both"),
        "read": Nullable("int", 1),
        "newestfirst": Nullable("bool", 1),
        "limitfrom": Nullable("int", 0),
        "limitnum": Nullable("int", 0),
    },
    learner=True,
)
def get_messages(call: Call, args: Args) -> object:
    """Messages to (0: any) and from (0: any) a user. In the sandbox, all are unread."""
    sql = (
        "SELECT * FROM message WHERE (toid = ?1 OR NOT ?1) AND (fromid = ?2 OR NOT ?2)"
        " ORDER BY id * ?3 LIMIT ?4 OFFSET ?5"
    )
    found = rows(
        call.db,
        sql,
        args.int("useridto"),
        args.int("useridfrom"),
        -1 if args.flag("newestfirst") else 1,
        args.int("limitnum") or -1,
        args.int("limitfrom"),
    )
    shown = found if args.int("read") != 1 and args.text("type") != "notifications" else []
    return {"messages": [_describe(row) for row in shown], "warnings": []}


def _describe(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "useridfrom": row["fromid"],
        "useridto": row["toid"],
        "text": row["text"],
        "smallmessage": row["text"],
        "fullmessage": row["text"],
        "notification": 0,
        "timecreated": row["time"],
    }
