"""The images of texts: stored with the text, and of imported questions."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Literal
from xml.etree import ElementTree

from bridge.curriculum.images.formats import MAX_IMAGE_BYTES, content_type_of
from bridge.moodle.sandbox.database import insert, rows
from bridge.moodle.sandbox.ownership import PROBLEM
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable, Shape

Area = Literal["section", "activity"]

FILES: dict[str, Shape] = {"files": Nullable(ListOf({"name": "raw", "content": "raw"}), [])}
"""The parameter of all functions that save a text with images."""
MARK = "@@PLUGINFILE@@/"
"""What a text has instead of the address of its files."""


def address(area: str, item: int) -> str:
    """The beginning of the address of the files of a text."""
    return f"/pluginfile.php?file=/{area}/{item}/"


def given(args: Args) -> dict[str, bytes]:
    """The images in a call: name -> content. Raises MoodleException for what is no image."""
    found: dict[str, bytes] = {}
    for each in args.each("files"):
        name = each.text("name")
        try:
            content = base64.b64decode(each.text("content"), validate=True)
        except ValueError:
            content = b""
        if not content_type_of(content) or len(content) > MAX_IMAGE_BYTES or name in found:
            raise MoodleException("badfile", f'The file "{name}" cannot be stored.', PROBLEM)
        found[name] = content
    return found


def store(db: sqlite3.Connection, area: Area, item: int, files: dict[str, bytes]) -> bool:
    """Let a text have these files and no others. Returns whether anything has changed."""
    if files == _contents(db, area, item):
        return False
    db.execute("DELETE FROM file WHERE area = ? AND itemid = ?", (area, item))
    for name, content in files.items():
        insert(db, "file", area=area, itemid=item, name=name, content=content)
    return True


def report(db: sqlite3.Connection, area: Area, item: int) -> list[dict[str, str]]:
    """The files of a text: name and SHA-1."""
    return [
        {"name": name, "hash": hashlib.sha1(content, usedforsecurity=False).hexdigest()}
        for name, content in sorted(_contents(db, area, item).items())
    ]


def read(db: sqlite3.Connection, area: Area, item: int, name: str) -> bytes | None:
    """The content of a text's file, or None."""
    return _contents(db, area, item).get(name)


def of_question(definition: str, name: str) -> bytes | None:
    """The content of a file in a question's XML, or None."""
    files: Iterable[ElementTree.Element] = ElementTree.fromstring(definition).iter("file")  # noqa: S314 - checked when it was imported
    found = next((each for each in files if each.get("name") == name), None)
    return None if found is None else base64.b64decode(found.text or "")


def _contents(db: sqlite3.Connection, area: Area, item: int) -> dict[str, bytes]:
    sql = "SELECT name, content FROM file WHERE area = ? AND itemid = ?"
    return {row["name"]: row["content"] for row in rows(db, sql, area, item)}
