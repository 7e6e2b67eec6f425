"""Ways in which a server can fail while it answers a call."""

from __future__ import annotations

from typing import Any

READ = "local_stewardpath_get_site_state"
UPSERT = "local_stewardpath_save_section"
CREATE = "core_user_create_users"
SAVED = {"id": 7, "action": "created"}


def server_fault(server: Any, name: str) -> Any:
    """A server behaviour after which the client can't know whether the call was carried out."""
    return {
        "500": server.response(500, b"<html>Internal Server Error</html>"),
        "502 from a proxy": server.response(502, b"<html>Bad gateway</html>"),
        "a page with 200": server.response(200, b"<html>Log in</html>"),
        "empty": server.response(200),
        "half an answer": server.sends_half,
        "no answer": server.closes_connection,
        "silence": server.is_silent,
        "drips": server.sends_slowly,
        "broken gzip": server.response(200, b"[]", Content_Encoding="gzip"),
        "database gone": server.moodle_error("dbconnectionfailed"),
        "not written": server.moodle_error("dmlwriteexception"),
        "rolled back": server.moodle_error("dmltransactionexception"),
        "a lock": server.moodle_error("locktimeout"),
        "a PHP error": server.json_response({"exception": "TypeError", "message": "in /x.php"}),
        "an unknown code": server.moodle_error("oops"),
    }[name]


FAULTS = [
    "500",
    "502 from a proxy",
    "a page with 200",
    "empty",
    "half an answer",
    "no answer",
    "silence",
    "drips",
    "broken gzip",
    "database gone",
    "not written",
    "rolled back",
    "a lock",
    "a PHP error",
    "an unknown code",
]
