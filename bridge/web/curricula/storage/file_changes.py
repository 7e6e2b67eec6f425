"""Apply changes to curriculum files: save versions, write the audit log, change files, commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bridge.printable_text import visible
from bridge.store.curricula import file_versions
from bridge.store.operations import audit_log
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor
from bridge.web.curricula.storage import change_journal, disk, git
from bridge.web.curricula.storage.change_journal import FileStates, Journal
from bridge.web.curricula.storage.curriculum_files import CurriculumFile
from bridge.web.curricula.storage.text_diff import DiffLine, compare

MAX_LOGGED_CHARACTERS = 1000
"""How much of the changed lines the audit log keeps. The saved versions are complete."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after: None before creation or after deletion. Names differ if renamed."""

    before: CurriculumFile | None
    after: CurriculumFile | None

    @property
    def keeps_name(self) -> bool:
        return bool(self.before and self.after and self.before.name == self.after.name)

    @property
    def files(self) -> tuple[CurriculumFile, ...]:
        return tuple(file for file in (self.before, self.after) if file)


def apply_changes(
    services: Services, changes: Sequence[FileChange], actor: Visitor, note: str, message: str
) -> str:
    """Apply all changes, or none, to the files of one folder, and commit them if it is in git.

    Call it with the folder open (`open_folder`). After a kill, the next process to open it
    finishes or undoes the changes. `note` is shown in the history, `message` is the commit
    message. Returns why git failed, or ''. Raises OSError (FileExistsError if a new file already
    exists).
    """
    folder = changes[0].files[0].root
    in_git = git.is_in_git(folder)
    # Before the transaction: on SQLite nobody else can write while git runs.
    unknown = {
        change.before.path
        for change in changes
        if change.before and (not in_git or git.is_changed(change.before.path))
    }
    now = services.now()
    journal = Journal(actor.email, now, _states(changes))
    change_journal.write(folder, journal)
    try:
        with services.database.transaction() as session:
            for change in changes:
                _save_versions(session, change, unknown, in_git, actor.email, note, now)
                before, after = _audit_values(change)
                noted = {**after, "note": note}
                audit_log.write(session, actor.email, "curriculum", None, before, noted, now)
            _write_files(changes)
    except BaseException:
        change_journal.settle(folder, services.database)
        raise
    change_journal.finish(folder)
    return _commit(services, changes, actor, note, message) if in_git else ""


def _states(changes: Sequence[FileChange]) -> tuple[FileStates, ...]:
    """What each file holds before and after the changes."""
    before = {c.before.name: c.before.content for c in changes if c.before}
    after = {c.after.name: c.after.content for c in changes if c.after}
    names = sorted(before.keys() | after.keys())
    return tuple(FileStates(name, before.get(name), after.get(name)) for name in names)


def _save_versions(
    session: Session,
    change: FileChange,
    unknown: Collection[Path],
    in_git: bool,
    actor: str,
    note: str,
    now: datetime,
) -> None:
    """Save versions that git doesn't have: the old text if no version has it, and the new one.

    `unknown`: files whose present text git doesn't have. Images have no versions, only git has.
    """
    before, after = change.before, change.after
    if not all(file.is_text for file in change.files):
        return
    if before and before.path in unknown and _newest_version(session, before) != before.text:
        _save_version(session, before, "", "", now)
    if before and after and not change.keeps_name:
        file_versions.rename(session, before.folder, before.name, after.name)
    if after and not in_git:
        _save_version(session, after, note, actor, now)


def _write_files(changes: Sequence[FileChange]) -> None:
    for change in changes:
        if change.after:
            write = disk.put if change.keeps_name else disk.create
            change.after.path.parent.mkdir(exist_ok=True)
            write(change.after.path, change.after.content)
        if change.before and not change.keeps_name:
            change.before.path.unlink()


def _commit(
    services: Services, changes: Sequence[FileChange], actor: Visitor, note: str, message: str
) -> str:
    """Commit the files. Returns why git failed, or ''. If it failed, saves versions instead."""
    try:
        names = list(dict.fromkeys(file.name for change in changes for file in change.files))
        git.commit(changes[0].files[0].root, names, actor.name, actor.email, message)
    except git.GitError as error:
        with services.database.transaction() as session:
            for change in changes:
                if change.after and change.after.is_text:
                    _save_version(session, change.after, note, actor.email, services.now())
        return error.reason
    return ""


def _newest_version(session: Session, file: CurriculumFile) -> str | None:
    found = file_versions.versions_of(session, file.folder, file.name, limit=1)
    return found[0].text if found else None


def _save_version(
    session: Session, file: CurriculumFile, note: str, actor: str, now: datetime
) -> None:
    file_versions.save_version(session, file.folder, file.name, file.text, note, actor, now)


def _audit_values(change: FileChange) -> tuple[dict[str, object], dict[str, object]]:
    """What the audit log shows before and after, with the changed lines of an edited file."""
    before, after = _file_values(change.before), _file_values(change.after)
    if change.before and change.after and change.keeps_name and change.after.is_text:
        lines = list(compare(change.before.text, change.after.text))
        before["lines"], after["lines"] = _lines_of_kind("-", lines), _lines_of_kind("+", lines)
    return before, after


def _lines_of_kind(kind: str, lines: Sequence[DiffLine]) -> str:
    text = visible("\n".join(line.text for line in lines if line.kind == kind), lines=True)
    return text if len(text) <= MAX_LOGGED_CHARACTERS else f"{text[:MAX_LOGGED_CHARACTERS]}…"


def _file_values(file: CurriculumFile | None) -> dict[str, object]:
    return {"file": f"{file.folder}/{file.name}", "sha256": file.digest} if file else {}
