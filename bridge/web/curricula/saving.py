"""Saving a file: never over somebody else's words, whole or not at all, and kept for ever."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from bridge.store import audit, versions
from bridge.web.collaborators import Collaborators
from bridge.web.curricula import git
from bridge.web.curricula.desk import Desk, Sheet
from bridge.web.identity import Visitor

NOTE = 200
Fate = Literal["saved", "same", "conflict"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving. `there`: the file as it is now; `trouble`: why git has it not."""

    fate: Fate
    there: Sheet
    trouble: str = ""


def save(
    house: Collaborators, desk: Desk, sheet: Sheet, text: str, base: str, who: Visitor, note: str
) -> Saved:
    """Write `text` if the file is still the one with the SHA-256 `base`. Raises OSError."""
    with _alone(sheet.path.parent):
        there = desk.open(sheet.folder, sheet.name)
        if there.digest != base:
            return Saved("conflict", there)
        if there.text == text and there.readable:
            return Saved("same", there)
        in_git = git.is_tracked_place(there.path.parent)
        unkept = not in_git or git.is_changed(there.path)
        after = Sheet(there.path, there.folder, there.name, there.encoded(text))
        said = " ".join(note.split())[:NOTE]
        with house.database.transaction() as session:
            now = house.now()
            if unkept and _newest(session, there) != there.text:
                _keep(session, there, "", "", now)
            if not in_git:
                _keep(session, after, said, who.email, now)
            news = {**_state(after), "note": said}
            audit.write(session, who.email, "curriculum", None, _state(there), news, now)
            write(after.path, after.content)
        return Saved("saved", after, _commit(house, after, who, said) if in_git else "")


def write(file: Path, content: bytes) -> None:
    """Replace a file at once: whoever reads it sees all of it, old or new. Raises OSError."""
    mode = file.stat().st_mode & 0o777
    number, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(number, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        os.chmod(name, mode)
        os.replace(name, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One save at a time in a folder, of all processes on this machine."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _commit(house: Collaborators, sheet: Sheet, who: Visitor, note: str) -> str:
    """Why there is no commit, '' when there is one; then a copy is kept instead."""
    message = f"{sheet.folder}/{sheet.name}: {note or 'edited'}"
    try:
        git.commit(sheet.path, who.name, who.email, message)
    except git.GitFailed as error:
        with house.database.transaction() as session:
            _keep(session, sheet, note, who.email, house.now())
        return str(error) or "git"
    return ""


def _newest(session: Session, sheet: Sheet) -> str | None:
    found = versions.versions_of(session, sheet.folder, sheet.name, limit=1)
    return found[0].text if found else None


def _keep(session: Session, sheet: Sheet, note: str, who: str, now: datetime) -> None:
    versions.keep(session, sheet.folder, sheet.name, sheet.text, note, who, now)


def _state(sheet: Sheet) -> dict[str, object]:
    return {"file": f"{sheet.folder}/{sheet.name}", "sha256": sheet.digest}
