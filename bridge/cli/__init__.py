"""The command `stewardpath`. A command's module is loaded only when the command is used."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Mapping
from io import StringIO, TextIOWrapper
from types import TracebackType

import click

from bridge import __version__
from bridge.cli.printable_options import check_options
from bridge.cli.terminal import for_terminal
from bridge.errors import StewardpathError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "validate": ("validate", "Check the curricula and list every problem."),
    "schema": ("validate", "Write the JSON Schema for YAML editors."),
    "plan": ("moodle.sync", "Show what would change in Moodle. Changes nothing."),
    "apply": ("moodle.sync", "Change Moodle to match the curricula."),
    "members": ("members.commands", "Import, add, show, sign off, export and erase members."),
    "persons": ("persons.commands", "List, add, merge, export and erase persons."),
    "roles": ("members.roles", "Give a role to many members at once or end it; undo a list."),
    "signoffs": ("members.signoffs", "Sign off many members at once; undo a list."),
    "credits": ("members.credits", "List, add and withdraw credits, such as sign-offs."),
    "awards": ("members.awards", "List and withdraw awarded milestones, or allow one again."),
    "differences": (
        "members.differences",
        "Check that Moodle still has what was delivered; decide about differences.",
    ),
    "sessions": ("sessions.commands", "List, schedule, postpone and cancel live sessions."),
    "consultations": (
        "consultations.commands",
        "Run consultations: open, invite, respond, send the result, export.",
    ),
    "forms": ("forms.commands", "List forms, and export what was sent."),
    "coverage": ("reports.coverage", "Show what trains each expectation, and who meets it."),
    "reports": ("reports.commands", "Write tables about members, and send reminders."),
    "pull": ("service.jobs", "Read completions from Moodle and award milestones."),
    "deliver": ("service.jobs", "Carry out pending enrolments, badges, messages and emails."),
    "status": ("service.status", "Show counts, the last runs and what needs attention."),
    "todo": ("service.todo", "List what there is to do for the committee."),
    "files": ("service.files", "Check the files that people uploaded."),
    "deadlines": ("service.deadlines", "List deadlines and reminders, and run those due."),
    "access": ("service.access", "Show who has which role, and what it opens."),
    "team": ("service.team", "List who has which role, invite people and end roles."),
    "doctor": ("service.doctor", "Check configuration, database, Moodle and email."),
    "serve": ("service.serve", "Run the service: pages, webhook and jobs."),
    "demo": ("demo.command", "Try everything on this machine, with a sandbox Moodle."),
    "preview": ("service.serve", "Show the curricula as learners see them, in a sandbox."),
    "token": ("service.tokens", "Create, list and revoke API tokens."),
    "moodle": ("moodle.plugin", "Get the companion plugin for Moodle."),
}
"""Each command's module in this package and its one-line help."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"bridge.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name)
        check_options(command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


EPILOG = "Start with `stewardpath demo`, or with `stewardpath validate` and `stewardpath plan`."


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stewardpath")
def stewardpath() -> None:
    """Run a union's education programme: courses written as text files, taken in Moodle, with
    milestones awarded automatically.
    """


def main() -> None:
    """Run the command. Exits with 0 (done), 1 (failed) or 2 (wrong usage), never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    if "serve" in sys.argv[1:2]:
        # Until `serve` waits for signals: to be stopped while it starts is no error.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        sys.exit(stewardpath.main(standalone_mode=False))
    except click.Abort:
        _stop("Stopped.", 1)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        _stop(shown.getvalue().rstrip("\n"), error.exit_code)
    except StewardpathError as error:
        _stop(f"Error: {error}", 1)
    except KeyboardInterrupt:
        _stop("Stopped.", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  (the last resort: a message, never a traceback)
        kind, place = type(error).__name__, _error_location(error.__traceback__)
        _stop(f"Error: something unexpected failed in Stewardpath ({kind} in {place}).", 1)


def _stop(message: str, code: int) -> None:
    click.echo(for_terminal(message), err=True)
    sys.exit(code)


def _error_location(traceback: TracebackType | None) -> str:
    """The module and line in our own code where it failed: enough for a bug report, no data."""
    location = "?"
    while traceback:
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        if module.startswith("bridge"):
            location = f"{module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return location
