"""The git binary, for the one thing the editor asks of it: a file's history."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TIMEOUT_SECONDS = 20
MAX_COMMITS = 50
SETTINGS = ("-c", "commit.gpgsign=false", "-c", "core.quotepath=false")
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
FORMAT = "%x01%H%x00%an%x00%aI%x00%s"


class GitError(Exception):
    """Git is missing, slow, or refused; the text says what it printed."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit that touched a file; `path` from the work tree's top is what it was then."""

    sha: str
    actor: str
    at: datetime
    note: str
    path: str


def is_tracked_place(folder: Path) -> bool:
    """Whether a folder lies in a git work tree that this process may use."""
    try:
        return _git(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except GitError:
        return False


def commit(files: Sequence[Path], name: str, email: str, message: str) -> None:
    """Commit these files of one folder alone, as somebody. Raises GitFailed."""
    actor = {
        f"GIT_{part}_{what}": value
        for part in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", _plain(name) or email), ("EMAIL", _plain(email)))
    }
    folder = files[0].parent
    known = [file.name for file in files if file.exists() or _is_known(file)]
    _git(folder, "add", "--", *known)
    _git(folder, "commit", "--quiet", f"--message={message}", "--", *known, actor=actor)


def _is_known(file: Path) -> bool:
    return bool(_git(file.parent, "ls-files", "--", file.name))


def is_changed(file: Path) -> bool:
    """Whether the file differs from what is committed, or was never committed."""
    try:
        return bool(_git(file.parent, "status", "--porcelain", "--ignored", "--", file.name))
    except GitError:
        return True


def log(file: Path) -> Iterator[Commit]:
    """The newest commits in which a file is, newest first, through renames. Raises GitFailed."""
    wanted = ("--follow", "--diff-filter=d", "--name-only", f"--format={FORMAT}")
    said = _git(file.parent, "log", f"--max-count={MAX_COMMITS}", *wanted, "--", file.name)
    for entry in said.decode(errors="replace").split("\1")[1:]:
        head, *paths = filter(None, entry.split("\n"))
        sha, actor, at, note = head.split("\0")
        yield Commit(sha, actor, datetime.fromisoformat(at), note, paths[-1] if paths else "")


def text_at(folder: Path, version: Commit) -> bytes:
    """The file as that commit has it. Raises GitFailed."""
    return _git(folder, "show", f"{version.sha}:{version.path}")


def deleted_files(folder: Path) -> set[str]:
    """The names of files that were deleted in a folder, renamed ones aside. Raises GitFailed."""
    wanted = ("--diff-filter=D", "--find-renames", "--name-only", "--format=", "--relative")
    return set(_git(folder, "log", *wanted, "--", ".").decode(errors="replace").splitlines())


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isprintable() and each not in "<>").strip()


def _git(folder: Path, *words: str, actor: Mapping[str, str] | None = None) -> bytes:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**clean, "LC_ALL": "C.UTF-8", **QUIET, **(actor or {})}
    command = ["git", *SETTINGS, *words]
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell; names come from the listing
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise GitError(error.stderr.decode(errors="replace").strip()) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(str(error)) from error
    return done.stdout
