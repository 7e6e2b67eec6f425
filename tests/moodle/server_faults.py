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
        "500": server.says(500, b"<html>Internal Server Error</html>"),
        "502 from a proxy": server.says(502, b"<html>Bad gateway</html>"),
        "a page with 200": server.says(200, b"<html>Log in</html>"),
        "empty": server.says(200),
        "half an answer": server.stops_half_way,
        "no answer": server.hangs_up,
        "silence": server.is_silent,
        "drips": server.drips,
        "broken gzip": server.says(200, b"[]", Content_Encoding="gzip"),
        "database gone": server.refuses("dbconnectionfailed"),
        "not written": server.refuses("dmlwriteexception"),
        "rolled back": server.refuses("dmltransactionexception"),
        "a lock": server.refuses("locktimeout"),
        "a PHP error": server.answers({"exception": "TypeError", "message": "in /x.php"}),
        "a code that nobody knows": server.refuses("oops"),
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
    "a code that nobody knows",
]
