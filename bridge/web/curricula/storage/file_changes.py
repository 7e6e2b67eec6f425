"""Changes of files, made together: kept, written to the audit log, carried out, committed."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bridge.store.curricula import file_versions
from bridge.store.operations import audit_log
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage import git
from bridge.web.curricula.storage.curriculum_files import CurriculumFile
from bridge.web.curricula.storage.text_diff import DiffLine, compare

SHOWN = 1000
"""Characters of what differs that the audit log shows; the versions have it whole."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after: None where there is none, another name where it is renamed."""

    before: CurriculumFile | None
    after: CurriculumFile | None

    @property
    def stays(self) -> bool:
        return bool(self.before and self.after and self.before.name == self.after.name)

    @property
    def sheets(self) -> tuple[CurriculumFile, ...]:
        return tuple(sheet for sheet in (self.before, self.after) if sheet)


def apply_changes(
    services: Services, pieces: Sequence[FileChange], actor: Visitor, note: str, message: str
) -> str:
    """Carry out the changes of one folder, all or none; why git has them not, '' if it has.

    `note` is for the people, `message` for git. Raises OSError, FileExistsError among them.
    """
    files = list(dict.fromkeys(sheet.path for piece in pieces for sheet in piece.sheets))
    in_git = git.is_tracked_place(files[0].parent)
    with services.database.transaction() as session:
        for piece in pieces:
            _keep_both(session, piece, in_git, actor.email, note, services.now())
            before, after = _states(piece)
            news = {**after, "note": note}
            audit_log.write(session, actor.email, "curriculum", None, before, news, services.now())
        _carry_out(pieces)
    return _commit(services, pieces, files, actor, note, message) if in_git else ""


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """One change at a time in a folder, of all processes on this machine."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _keep_both(
    session: Session, piece: FileChange, in_git: bool, actor: str, note: str, now: datetime
) -> None:
    """What git has not is kept: what was there, if nothing has kept it yet, and what comes."""
    before, after = piece.before, piece.after
    if (
        before
        and (not in_git or git.is_changed(before.path))
        and _newest(session, before) != before.text
    ):
        _keep(session, before, "", "", now)
    if before and after and not piece.stays:
        file_versions.rename(session, before.folder, before.name, after.name)
    if after and not in_git:
        _keep(session, after, note, actor, now)


def _carry_out(pieces: Sequence[FileChange]) -> None:
    done: list[FileChange] = []
    try:
        for piece in pieces:
            _change(piece)
            done.append(piece)
    except OSError:
        for piece in reversed(done):
            _change(FileChange(piece.after, piece.before))
        raise


def _change(piece: FileChange) -> None:
    if piece.after:
        (_replace if piece.stays else _create)(piece.after.path, piece.after.content)
    if piece.before and not piece.stays:
        piece.before.path.unlink()


def _create(file: Path, content: bytes) -> None:
    """Write a file that is not there. Raises FileExistsError where one is, a link included."""
    with file.open("xb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _replace(file: Path, content: bytes) -> None:
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


def _commit(
    services: Services, pieces: Sequence[FileChange], files: Sequence[Path], actor: Visitor,
    note: str, message: str,
) -> str:  # fmt: skip
    """Why there is no commit, '' when there is one; without one, copies are kept instead."""
    try:
        git.commit(files, actor.name, actor.email, message)
    except git.GitError as error:
        with services.database.transaction() as session:
            for piece in pieces:
                if piece.after:
                    _keep(session, piece.after, note, actor.email, services.now())
        return str(error) or "git"
    return ""


def _newest(session: Session, sheet: CurriculumFile) -> str | None:
    found = file_versions.versions_of(session, sheet.folder, sheet.name, limit=1)
    return found[0].text if found else None


def _keep(session: Session, sheet: CurriculumFile, note: str, actor: str, now: datetime) -> None:
    file_versions.save_version(session, sheet.folder, sheet.name, sheet.text, note, actor, now)


def _states(piece: FileChange) -> tuple[dict[str, object], dict[str, object]]:
    """Before and after for the audit log, with the lines that differ where a file stays."""
    before, after = _state(piece.before), _state(piece.after)
    if piece.before and piece.after and piece.stays:
        lines = list(compare(piece.before.text, piece.after.text))
        before["lines"], after["lines"] = _only("-", lines), _only("+", lines)
    return before, after


def _only(kind: str, lines: Sequence[DiffLine]) -> str:
    text = "\n".join(line.text for line in lines if line.kind == kind)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _state(sheet: CurriculumFile | None) -> dict[str, object]:
    return {"file": f"{sheet.folder}/{sheet.name}", "sha256": sheet.digest} if sheet else {}
