"""Changes to several files of a folder happen as a whole, even if the process is killed.

The folder first gets a journal: one file with the content of each file before and after. A process
that finds a journal later finishes the changes if the database has recorded them. Otherwise it
undoes them.
"""

from __future__ import annotations

import base64
import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from bridge.curriculum.images.image_file import IMAGE_FOLDER
from bridge.curriculum.library.folders import JOURNAL, unfinished_changes
from bridge.errors import StoreError
from bridge.logs import event
from bridge.store.database import Database
from bridge.store.operations.audit_queries import has_entry
from bridge.web.curricula.storage import disk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileStates:
    """A file's content before and after the change; None if it doesn't exist then."""

    name: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Journal:
    """Changes to the files of a folder. `actor` and `at`: as in their audit entries."""

    actor: str
    at: datetime
    files: tuple[FileStates, ...]


@contextmanager
def open_folder(folder: Path, database: Database) -> Iterator[None]:
    """Hold an exclusive lock on a folder, across all processes on this machine.

    Changes that a killed process left half done are finished or undone first. Raises OSError.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _recover(folder, database)
        yield
    finally:
        os.close(descriptor)


def write(folder: Path, journal: Journal) -> None:
    """Write the journal, before any file is changed. Raises OSError."""
    files = [
        {"name": each.name, "before": _encoded(each.before), "after": _encoded(each.after)}
        for each in journal.files
    ]
    content = {"actor": journal.actor, "at": journal.at.isoformat(), "files": files}
    disk.put(folder / JOURNAL, json.dumps(content).encode())


def finish(folder: Path) -> None:
    """Remove the journal, once the changes are done and recorded.

    If this fails, the next process to open the folder does it.
    """
    with suppress(OSError):
        (folder / JOURNAL).unlink()


def settle(folder: Path, database: Database) -> None:
    """Undo the changes after an error, or finish them if the database has recorded them.

    Call it in an open folder. If this fails, the next process to open the folder does it.
    """
    with suppress(OSError, StoreError):
        _recover(folder, database)


def recover_all(curricula: Path, database: Database) -> None:
    """Finish or undo what killed processes left half done in any folder. Logs what fails."""
    for folder in unfinished_changes(curricula):
        try:
            with open_folder(folder, database):
                pass
        except OSError as error:
            reason = error.strerror or type(error).__name__
            event(log, "changes-not-recovered", level=logging.ERROR, reason=reason)


def _recover(folder: Path, database: Database) -> None:
    """Call with the lock. Files that someone has changed since then stay as they are."""
    for place in (folder, folder / IMAGE_FOLDER):
        for part in place.glob(disk.PART_PATTERN):
            part.unlink()
    try:
        journal = _read((folder / JOURNAL).read_bytes())
    except FileNotFoundError:
        return
    with database.reading() as session:
        done = has_entry(session, "curriculum", journal.actor, journal.at)
    _settle(folder, journal.files, done=done)
    event(log, "changes-recovered", level=logging.WARNING, folder=folder.name, finished=done)


def _settle(folder: Path, files: Sequence[FileStates], *, done: bool) -> None:
    for each in files:
        path = folder / each.name
        path.parent.mkdir(exist_ok=True)
        current = path.read_bytes() if path.is_file() else None
        wanted = each.after if done else each.before
        if current == wanted or current not in (each.before, each.after):
            continue
        if wanted is None:
            path.unlink()
        else:
            disk.put(path, wanted)
    (folder / JOURNAL).unlink()
    with suppress(OSError):
        folder.rmdir()  # a new curriculum that was undone; a folder with files stays


def _read(content: bytes) -> Journal:
    found = json.loads(content)
    files = [
        FileStates(_safe_name(each["name"]), _decoded(each["before"]), _decoded(each["after"]))
        for each in found["files"]
    ]
    return Journal(found["actor"], datetime.fromisoformat(found["at"]), tuple(files))


def _safe_name(name: str) -> str:
    """A file's name in or below the folder, whatever the journal says."""
    file = PurePosixPath(name)
    return f"{IMAGE_FOLDER}/{file.name}" if file.parent.name == IMAGE_FOLDER else file.name


def _encoded(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _decoded(content: str | None) -> bytes | None:
    return None if content is None else base64.b64decode(content)
