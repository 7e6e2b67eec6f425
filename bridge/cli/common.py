"""Shared by all commands: options, opening the database and Moodle, printing."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from bridge import logs
from bridge.cli.terminal import for_terminal
from bridge.config import Config, load
from bridge.errors import ConfigError, CurriculumError, StoreError
from bridge.foundations.deadlines.local_time import local_clock
from bridge.printable_text import find_unprintable

if TYPE_CHECKING:
    from bridge.curriculum.library.reloading import Library
    from bridge.curriculum.library.renames import KnownRenames
    from bridge.curriculum.model import Curriculum
    from bridge.moodle.client.client import Moodle, Observer
    from bridge.store.database import Database

CLOCK = "stewardpath.clock"
P = ParamSpec("P")
R = TypeVar("R")

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Configuration file to use instead of ./config.yaml.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)


def configured(command: Callable[Concatenate[Config, P], R]) -> Callable[P, R]:
    """Add --config to a command and pass it the configuration as first argument."""

    @config_option
    @wraps(command)
    def wrapped(config_file: Path | None, *args: P.args, **kwargs: P.kwargs) -> R:
        config = load(config_file, os.environ, Path.cwd())
        logs.configure(sys.stderr, "WARNING", logs.secrets_of(config))
        click.get_current_context().meta[CLOCK] = local_clock(utc_now, config.timezone)
        return command(config, *args, **kwargs)

    return wrapped  # type: ignore[return-value]


def example(*lines: str) -> str:
    """The examples shown at the end of a command's help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def deprecated_alias(old: str, new: str, command: click.Command) -> click.Command:
    """The same command under its old name: hidden, with a notice on standard error.

    `old` and `new` are full names, such as `members erase`.
    """

    def run(*args: object, **kwargs: object) -> object:
        print_note(f"`stewardpath {old}` is deprecated. Use `stewardpath {new}`.")
        return command.callback(*args, **kwargs) if command.callback else None

    return click.Command(
        old.split()[-1],
        callback=run,
        params=command.params,
        help=command.help,
        epilog=command.epilog,
        hidden=True,
    )


def now() -> datetime:
    """The current time, in a command in the union's time zone: its date is the union's day."""
    context = click.get_current_context(silent=True)
    clock: Callable[[], datetime] = context.meta.get(CLOCK, utc_now) if context else utc_now
    return clock()


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def user() -> str:
    """The user running the command, for the audit log."""
    return f"cli:{os.environ.get('SUDO_USER') or os.environ.get('USER') or os.getuid()}"


def echo(text: str = "") -> None:
    """Print a line of the result."""
    click.echo(for_terminal(text))


def print_file(text: str) -> None:
    """Print a file's content as it is; what a terminal would obey is escaped there."""
    click.echo(for_terminal(text) if sys.stdout.isatty() else text, nl=False)


def print_note(text: str) -> None:
    """Print progress or a warning, on standard error."""
    click.echo(for_terminal(text), err=True)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 change`, `2 changes`; `many` is the plural if it isn't formed with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def show_json(data: object) -> None:
    """Print the result as JSON, with times in ISO 8601."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    if find_unprintable(text, lines=True):
        text = json.dumps(data, indent=2, default=str)
    click.echo(text)


def failed() -> None:
    """Exit with code 1; the error has been printed already."""
    sys.stdout.flush()
    raise click.exceptions.Exit(1)


LAST_VALID_CURRICULA = Path("var/last-valid-curricula")


def library(config: Config, *, keep: bool = False) -> Library:
    """The configured curricula, or the shipped ones.

    With `keep`, a copy of the last valid version is kept and used while the files have errors.
    Changes that a killed process left half done are finished or undone first.
    """
    from bridge.curriculum.library.folders import unfinished_changes
    from bridge.curriculum.library.reloading import Library
    from bridge.resources import resource

    if config.curricula and unfinished_changes(config.path(config.curricula)):
        _recover_changes(config, config.path(config.curricula))
    folder = config.path(config.curricula) if config.curricula else resource("curricula")
    last_valid = config.path(LAST_VALID_CURRICULA) if keep else None
    return Library(folder, last_valid, lambda: _known_renames(config))


def _known_renames(config: Config) -> KnownRenames | None:
    """The renames that the database remembers; None if it can't be read now."""
    from bridge.curriculum.library.renames import NO_RENAMES
    from bridge.store.curricula.former_keys import known_renames
    from bridge.store.database import open_database

    file = re.fullmatch(r"sqlite:///(.+)", config.database_url)
    if file and not Path(file[1]).exists():
        return NO_RENAMES
    with (
        suppress(StoreError),
        closing(open_database(config.database_url)) as store,
        store.reading() as session,
    ):
        return known_renames(session)
    return None


def _recover_changes(config: Config, folder: Path) -> None:
    """Without the database, nothing is known about the changes: the next command tries again."""
    from bridge.web.curricula.storage.change_journal import recover_all

    with suppress(StoreError), database(config) as store:
        recover_all(folder, store)


def curricula(config: Config, only: str = "") -> Sequence[Curriculum]:
    """All curricula, or the one with key `only`. Raises CurriculumError, ConfigError."""
    available = library(config)
    chosen = [c for c in available if only in ("", c.key)]
    if not chosen:
        known = ", ".join(c.key for c in available)
        raise CurriculumError(f"there is no curriculum {only}.", todo=f"Available: {known}.")
    return chosen


@contextmanager
def database(config: Config) -> Iterator[Database]:
    """Open the database and migrate its tables. Raises StoreError."""
    from bridge.store.database import open_database

    opened = open_database(config.database_url)
    try:
        opened.migrate()
        yield opened
    finally:
        opened.close()


@contextmanager
def moodle(config: Config, observer: Observer | None = None) -> Iterator[Moodle]:
    """A client for the configured Moodle, or for a sandbox that runs while this is open."""
    from bridge.moodle.client.client import Moodle
    from bridge.moodle.client.transport import Limits

    if config.moodle is None:
        from bridge.moodle.sandbox.server import TOKEN, serve_sandbox

        with (
            serve_sandbox(config.path(config.sandbox.state)) as url,
            Moodle(url, TOKEN, observer=observer) as client,
        ):
            yield client
        return
    if config.moodle_token is None:
        raise ConfigError(
            "there is no token for Moodle.",
            todo="Set STEWARDPATH_MOODLE_TOKEN, or save the token in a file and set "
            "STEWARDPATH_MOODLE_TOKEN_FILE to its path.",
        )
    limits = Limits(connect=config.moodle.connect_timeout, read=config.moodle.read_timeout)
    token = config.moodle_token.get_secret_value()
    with Moodle(config.moodle.url, token, limits=limits, observer=observer) as client:
        yield client
