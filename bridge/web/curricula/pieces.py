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

from bridge.store import audit, versions
from bridge.web.collaborators import Collaborators
from bridge.web.curricula import git
from bridge.web.curricula.comparing import Line, compare
from bridge.web.curricula.desk import Sheet
from bridge.web.identity import Visitor

SHOWN = 1000
"""Characters of what differs that the audit log shows; the versions have it whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file before and after: None where there is none, another name where it is renamed."""

    before: Sheet | None
    after: Sheet | None

    @property
    def stays(self) -> bool:
        return bool(self.before and self.after and self.before.name == self.after.name)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in (self.before, self.after) if sheet)


def put(
    house: Collaborators, pieces: Sequence[Piece], who: Visitor, note: str, message: str
) -> str:
    """Carry out the changes of one folder, all or none; why git has them not, '' if it has.

    `note` is for the people, `message` for git. Raises OSError, FileExistsError among them.
    """
    files = list(dict.fromkeys(sheet.path for piece in pieces for sheet in piece.sheets))
    in_git = git.is_tracked_place(files[0].parent)
    with house.database.transaction() as session:
        for piece in pieces:
            _keep_both(session, piece, in_git, who.email, note, house.now())
            before, after = _states(piece)
            news = {**after, "note": note}
            audit.write(session, who.email, "curriculum", None, before, news, house.now())
        _carry_out(pieces)
    return _commit(house, pieces, files, who, note, message) if in_git else ""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One change at a time in a folder, of all processes on this machine."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _keep_both(
    session: Session, piece: Piece, in_git: bool, who: str, note: str, now: datetime
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
        versions.rename(session, before.folder, before.name, after.name)
    if after and not in_git:
        _keep(session, after, note, who, now)


def _carry_out(pieces: Sequence[Piece]) -> None:
    done: list[Piece] = []
    try:
        for piece in pieces:
            _change(piece)
            done.append(piece)
    except OSError:
        for piece in reversed(done):
            _change(Piece(piece.after, piece.before))
        raise


def _change(piece: Piece) -> None:
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
    house: Collaborators, pieces: Sequence[Piece], files: Sequence[Path], who: Visitor,
    note: str, message: str,
) -> str:  # fmt: skip
    """Why there is no commit, '' when there is one; without one, copies are kept instead."""
    try:
        git.commit(files, who.name, who.email, message)
    except git.GitFailed as error:
        with house.database.transaction() as session:
            for piece in pieces:
                if piece.after:
                    _keep(session, piece.after, note, who.email, house.now())
        return str(error) or "git"
    return ""


def _newest(session: Session, sheet: Sheet) -> str | None:
    found = versions.versions_of(session, sheet.folder, sheet.name, limit=1)
    return found[0].text if found else None


def _keep(session: Session, sheet: Sheet, note: str, who: str, now: datetime) -> None:
    versions.keep(session, sheet.folder, sheet.name, sheet.text, note, who, now)


def _states(piece: Piece) -> tuple[dict[str, object], dict[str, object]]:
    """Before and after for the audit log, with the lines that differ where a file stays."""
    before, after = _state(piece.before), _state(piece.after)
    if piece.before and piece.after and piece.stays:
        lines = list(compare(piece.before.text, piece.after.text))
        before["lines"], after["lines"] = _only("-", lines), _only("+", lines)
    return before, after


def _only(kind: str, lines: Sequence[Line]) -> str:
    text = "\n".join(line.text for line in lines if line.kind == kind)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _state(sheet: Sheet | None) -> dict[str, object]:
    return {"file": f"{sheet.folder}/{sheet.name}", "sha256": sheet.digest} if sheet else {}
