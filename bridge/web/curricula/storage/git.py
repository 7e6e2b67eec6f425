"""A file's history in git: read it, and commit to it. Runs the git binary."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bridge.messages import Message, Quote
from bridge.printable_text import remove_unprintable, visible

TIMEOUT_SECONDS = 20
MAX_COMMITS = 50
MAX_REASON_LENGTH = 300
SETTINGS = (
    "-c", "commit.gpgsign=false", "-c", "core.quotepath=false", "-c", "log.showSignature=false",
    "-c", "i18n.logOutputEncoding=UTF-8", "-c", "color.ui=false",
)  # fmt: skip
"""Whatever the settings of the folder's owner are, the output is what this module reads."""
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
FORMAT = "%H%x00%an%x00%at%x00%s"
VALUES_PER_COMMIT = 4
SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class GitError(Exception):
    """Git didn't do what was asked. `reason` says why: a Message, or git's own words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GitUnavailable(GitError):
    """The program `git` is missing or can't be started."""


class GitTimeout(GitError):
    """Git took longer than TIMEOUT_SECONDS and was stopped."""


class GitRefused(GitError):
    """Git ran and failed."""


class GitOutputInvalid(GitError):
    """Git's output isn't what it is documented to be."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a file. `path`: the file's path at that time, from the top of the work tree.

    `actor` and `note` are printable, whatever the commit says.
    """

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


def commit(folder: Path, files: Sequence[str], name: str, email: str, message: str) -> None:
    """Commit only these files in and below a folder, with this author. Raises GitError."""
    actor = {
        f"GIT_{part}_{what}": value
        for part in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", _printable(name) or email), ("EMAIL", _printable(email)))
    }
    names = [file for file in files if (folder / file).exists() or _is_tracked(folder, file)]
    _git(folder, "add", "--", *names)
    text = remove_unprintable(message, lines=True)
    _git(folder, "commit", "--quiet", f"--message={text}", "--", *names, actor=actor)


def _is_tracked(folder: Path, file: str) -> bool:
    return bool(_git(folder, "ls-files", "--", file))


def is_changed(file: Path) -> bool:
    """Whether the file has uncommitted changes or was never committed."""
    options = ("--porcelain", "--ignored", "--untracked-files=all")
    try:
        return bool(_git(file.parent, "status", *options, "--", file.name))
    except GitError:
        return True


def log(file: Path) -> Iterator[Commit]:
    """The newest commits of a file, newest first, followed through renames. Raises GitError."""
    options = ("-z", "--follow", "--diff-filter=d", "--name-only", f"--format={FORMAT}")
    output = _git(file.parent, "log", f"--max-count={MAX_COMMITS}", *options, "--", file.name)
    yield from _commits(output.decode(errors="surrogateescape").split("\0"))


def _commits(values: Sequence[str]) -> Iterator[Commit]:
    """The commits in the output of `git log -z`: four values each, then paths after a line end.

    No value can contain NUL, so nothing that an author or a note contains is taken for another.
    """
    index = 0
    while index + VALUES_PER_COMMIT <= len(values):
        sha, actor, at, note = values[index : index + VALUES_PER_COMMIT]
        if not SHA.fullmatch(sha):
            raise GitOutputInvalid(Message("Git's answer can't be read."))
        index += VALUES_PER_COMMIT
        path = ""
        while index < len(values) and not SHA.fullmatch(values[index]):
            path = values[index].removeprefix("\n") or path
            index += 1
        yield Commit(sha, _shown(actor), _time(at), _shown(note), path)


def _time(seconds: str) -> datetime:
    """The time of a commit. An author can write anything there, so it may be 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _shown(text: str) -> str:
    return visible(text.encode(errors="surrogateescape").decode(errors="replace"))


def text_at(folder: Path, version: Commit) -> bytes:
    """The file's content in a commit. Raises GitError."""
    return _git(folder, "show", f"{version.sha}:{version.path}")


def last_committed(folder: Path, ending: str) -> dict[str, bytes]:
    """Name -> content of the files in a folder in the last commit. Raises GitError.

    `ending`: of their names, such as `.yaml`. Those below the folder are left out.
    """
    names = _git(folder, "ls-tree", "-z", "--name-only", "HEAD", "./").decode(errors="replace")
    found = (name for name in names.split("\0") if name.endswith(ending))
    return {name: _git(folder, "show", f"HEAD:./{name}") for name in found}


def deleted_files(folder: Path) -> set[str]:
    """The names of files deleted from a folder, except renamed ones. Raises GitError."""
    options = ("-z", "--diff-filter=D", "--find-renames", "--name-only", "--format=", "--relative")
    output = _git(folder, "log", *options, "--", ".").decode(errors="replace")
    return {name.strip("\n") for name in output.split("\0")} - {""}


def _printable(text: str) -> str:
    return re.sub("[<>]", "", remove_unprintable(text)).strip()


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
        raise GitRefused(_reason(error)) from error
    except subprocess.TimeoutExpired as error:
        slow = Message("Git took longer than %(count)s seconds.", count=TIMEOUT_SECONDS)
        raise GitTimeout(slow) from error
    except OSError as error:
        raise GitUnavailable(Message("The program git can't be started.")) from error
    except ValueError as error:  # a NUL or a surrogate, which no argument can hold
        raise GitRefused(Message("Git can't store a character of this text.")) from error
    return process.stdout


def _reason(error: subprocess.CalledProcessError) -> str:
    """Git's own words, printable and shortened; its exit code if it says nothing."""
    words = visible(error.stderr.decode(errors="replace").strip(), lines=True)
    return Quote(words[:MAX_REASON_LENGTH] or f"exit code {error.returncode}")
