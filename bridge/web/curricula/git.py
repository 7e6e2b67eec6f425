"""The git binary, for the one thing the editor asks of it: a file's history."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SECONDS = 20
MOST = 50
SETTINGS = ("-c", "commit.gpgsign=false", "-c", "core.quotepath=false")
FORMAT = "%H%x00%an%x00%aI%x00%s"


class GitFailed(Exception):
    """Git is missing, slow, or refused; the text says what it printed."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit that touched a file."""

    sha: str
    who: str
    at: datetime
    note: str


def is_tracked_place(folder: Path) -> bool:
    """Whether a folder lies in a git work tree that this process may use."""
    try:
        return _git(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except GitFailed:
        return False


def commit(file: Path, name: str, email: str, message: str) -> None:
    """Commit this file alone, as somebody. Raises GitFailed."""
    who = {
        f"GIT_{part}_{what}": value
        for part in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", _plain(name) or email), ("EMAIL", _plain(email)))
    }
    _git(file.parent, "add", "--", file.name)
    _git(file.parent, "commit", "--quiet", f"--message={message}", "--", file.name, who=who)


def is_changed(file: Path) -> bool:
    """Whether the file differs from what is committed, or was never committed."""
    try:
        return bool(_git(file.parent, "status", "--porcelain", "--ignored", "--", file.name))
    except GitFailed:
        return True


def log(file: Path) -> Iterator[Commit]:
    """The newest commits of a file, newest first. Raises GitFailed."""
    wanted = ("log", f"--max-count={MOST}", f"--format={FORMAT}", "--", file.name)
    for line in _git(file.parent, *wanted).decode(errors="replace").splitlines():
        sha, who, at, note = line.split("\0")
        yield Commit(sha, who, datetime.fromisoformat(at), note)


def text_at(file: Path, sha: str) -> bytes:
    """The file as that commit has it. Raises GitFailed."""
    return _git(file.parent, "show", f"{sha}:./{file.name}")


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isprintable() and each not in "<>").strip()


def _git(folder: Path, *words: str, who: Mapping[str, str] | None = None) -> bytes:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**clean, "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1", **(who or {})}
    command = ["git", *SETTINGS, *words]
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell; names come from the listing
            command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=True
        )
    except subprocess.CalledProcessError as error:
        raise GitFailed(error.stderr.decode(errors="replace").strip()) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitFailed(str(error)) from error
    return done.stdout
