"""The command `stewardpath`. Each command's module is loaded only when it is used."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from types import TracebackType

import click

from bridge import __version__
from bridge.errors import StewardpathError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "validate": ("validate", "Check the curricula; every problem with its place."),
    "schema": ("validate", "Write the JSON Schema that editors complete from."),
    "plan": ("moodle.sync", "Show what would change in Moodle, and change nothing."),
    "apply": ("moodle.sync", "Make Moodle what the curricula say."),
    "members": ("members.commands", "Import, add, show, sign off, export and forget members."),
    "pull": ("service.jobs", "Read completions back from Moodle and award milestones."),
    "deliver": ("service.jobs", "Make what is owed: enrolments, badges, messages, mails."),
    "status": ("service.status", "Show counts, the last runs and what waits for a person."),
    "doctor": ("service.doctor", "Check configuration, database, Moodle and mail."),
    "serve": ("service.serve", "Run the service: pages, hook, and the jobs beside them."),
    "demo": ("service.demo", "Show the whole loop on this machine, with a sandbox Moodle."),
    "preview": ("service.serve", "Show the curricula as learners see them, in the sandbox."),
    "token": ("service.tokens", "Make, list and revoke the tokens programs use the API with."),
    "moodle": ("moodle.plugin", "Work with the Moodle side: the companion plugin."),
}
"""Command to its module in this package, and its one line of help."""


class Lazy(click.Group):
    """A group that knows its commands by name and loads a module when one is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"bridge.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


EPILOG = "Begin with `stewardpath demo`, or with `stewardpath validate` and `stewardpath plan`."


@click.group(cls=Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stewardpath")
def stewardpath() -> None:
    """A union's education path: YAML curricula, Moodle courses, awards that arrive."""


def main() -> None:
    """Run the command. Exit 0 done, 1 failed, 2 wrong use; a person never sees a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        sys.exit(stewardpath.main(standalone_mode=False))
    except click.Abort:
        _stop("Stopped.", 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except StewardpathError as error:
        _stop(f"Error: {error}", 1)
    except KeyboardInterrupt:
        _stop("Stopped.", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  (the last resort: a sentence, never a traceback)
        kind, place = type(error).__name__, _place(error.__traceback__)
        _stop(f"Error: something unexpected failed inside Stewardpath ({kind} in {place}).", 1)


def _stop(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)


def _place(traceback: TracebackType | None) -> str:
    """Where it failed in our own code, as module and line: enough for a report, no data."""
    place = "?"
    while traceback:
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        if module.startswith("bridge"):
            place = f"{module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
