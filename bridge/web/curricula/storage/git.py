"""A file's history in git: read it, and commit to it. Runs the git binary."""

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
    """Git is missing, timed out or failed. The text is git's own message."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a file. `path`: the file's path at that time, from the top of the work tree."""

    sha: str
    actor: str
    at: datetime
    note: str
    path: str


def is_in_git(folder: Path) -> bool:
    """Whether the folder is in a git work tree that this process may use."""
    try:
        return _git(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except GitError:
        return False


def commit(files: Sequence[Path], name: str, email: str, message: str) -> None:
    """Commit only these files, all of one folder, with this author. Raises GitError."""
    actor = {
        f"GIT_{part}_{what}": value
        for part in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", _printable(name) or email), ("EMAIL", _printable(email)))
    }
    folder = files[0].parent
    names = [file.name for file in files if file.exists() or _is_tracked(file)]
    _git(folder, "add", "--", *names)
    _git(folder, "commit", "--quiet", f"--message={message}", "--", *names, actor=actor)


def _is_tracked(file: Path) -> bool:
    return bool(_git(file.parent, "ls-files", "--", file.name))


def is_changed(file: Path) -> bool:
    """Whether the file has uncommitted changes or was never committed."""
    try:
        return bool(_git(file.parent, "status", "--porcelain", "--ignored", "--", file.name))
    except GitError:
        return True


def log(file: Path) -> Iterator[Commit]:
    """The newest commits of a file, newest first, followed through renames. Raises GitError."""
    options = ("--follow", "--diff-filter=d", "--name-only", f"--format={FORMAT}")
    output = _git(file.parent, "log", f"--max-count={MAX_COMMITS}", *options, "--", file.name)
    for entry in output.decode(errors="replace").split("\1")[1:]:
        head, *paths = filter(None, entry.split("\n"))
        sha, actor, at, note = head.split("\0")
        yield Commit(sha, actor, datetime.fromisoformat(at), note, paths[-1] if paths else "")


def text_at(folder: Path, version: Commit) -> bytes:
    """The file's content in a commit. Raises GitError."""
    return _git(folder, "show", f"{version.sha}:{version.path}")


def deleted_files(folder: Path) -> set[str]:
    """The names of files deleted from a folder, except renamed ones. Raises GitError."""
    options = ("--diff-filter=D", "--find-renames", "--name-only", "--format=", "--relative")
    return set(_git(folder, "log", *options, "--", ".").decode(errors="replace").splitlines())


def _printable(text: str) -> str:
    return "".join(each for each in text if each.isprintable() and each not in "<>").strip()


def _git(folder: Path, *arguments: str, actor: Mapping[str, str] | None = None) -> bytes:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**inherited, "LC_ALL": "C.UTF-8", **QUIET, **(actor or {})}
    command = ["git", *SETTINGS, *arguments]
    try:
        process = subprocess.run(  # noqa: S603 - a list, no shell; file names are checked before
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
    return process.stdout
