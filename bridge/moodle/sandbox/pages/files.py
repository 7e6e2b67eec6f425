"""The images of texts and questions."""

from __future__ import annotations

import re
import sqlite3

from flask import Response, request

from bridge.curriculum.images.formats import content_type_of
from bridge.moodle.sandbox import stored_files
from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.pages.request_context import PageRequest, open_course, page, refuse

_FILE = re.compile(r"/(section|activity|question)/(\d{1,18})/([A-Za-z0-9_.-]{1,100})")
_COURSE_OF_QUESTION = (
    "SELECT courseid, definition FROM question JOIN entry ON entry.id = entryid"
    " JOIN questioncategory ON questioncategory.id = categoryid WHERE question.id = ?"
)


@page("/pluginfile.php")
def plugin_file(visit: PageRequest) -> Response | str:
    """An image, for those who may see its course."""
    asked = _FILE.fullmatch(request.args.get("file", ""))
    found = _find(visit, asked[1], int(asked[2]), asked[3]) if asked else None
    if not found:
        refuse(404, "There is no such file.")
    return Response(found, mimetype=content_type_of(found) or "application/octet-stream")


def _find(visit: PageRequest, area: str, item: int, name: str) -> bytes | None:
    if area == "question":
        found = rows(visit.db, _COURSE_OF_QUESTION, item)
        return stored_files.of_question(_in_course(visit, found)["definition"], name)
    if area == "section":
        row = get(visit.db, "section", item)
        _in_course(visit, [row] if row else [])
        return stored_files.read(visit.db, "section", item, name)
    row = get(visit.db, "activity", item, by="cmid")
    _in_course(visit, [row] if row else [])
    return stored_files.read(visit.db, "activity", item, name)


def _in_course(visit: PageRequest, found: list[sqlite3.Row]) -> sqlite3.Row:
    """The row, if it is in a course that the user may see; otherwise the request ends."""
    if not found:
        refuse(404, "There is no such file.")
    open_course(visit, found[0]["courseid"])
    return found[0]
