"""Every command has help, with an example and a text for each option."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

import bridge.cli
from bridge.cli import COMMANDS, stewardpath
from tests.cli.command_runner import Folder


def command_paths(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of every command that isn't hidden, with its groups."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from command_paths(command, (*before, name))
        elif command and not command.hidden:
            yield (*before, name)


NAMES = list(command_paths(stewardpath))
COMMANDS_WITH_RESULT = {
    "access",
    "change-note",
    "deactivate",
    "edit",
    "members add",
    "members email",
    "members emails",
    "members imports",
    "members merge",
    "members undo-import",
    "note",
    "notes",
    "reactivate",
    "remove-note",
    "check",
    "check-accounts",
    "questions",
    "number-questions",
    "validate",
    "plan",
    "apply",
    "import",
    "show",
    "record",
    "pull",
    "deliver",
    "status",
    "todo",
    "doctor",
    "list",
    "run",
}
GROUPS_WITH_RESULTS = {
    "credits", "awards", "forms", "roles", "sessions", "signoffs", "consultations", "coverage",
    "reports",
}  # fmt: skip


def find_command(words: tuple[str, ...]) -> click.Command:
    command: click.Command = stewardpath
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


def help_text(*words: str) -> str:
    result = CliRunner().invoke(stewardpath, [*words, "--help"])
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("words", NAMES, ids=" ".join)
def test_a_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    text = help_text(*words)
    name = " ".join(words)
    assert re.search(rf"Example:\n\s+stewardpath {name}", text), (
        f"give the command an example: epilog=example('stewardpath {name} …')"
    )
    assert "--config FILE" in text, "put @configured before the command's function"
    if COMMANDS_WITH_RESULT & {words[-1], name} or words[0] in GROUPS_WITH_RESULTS:
        assert "--format" in text, f"`{name}` prints a result: add @format_option"
    else:
        assert "--format" not in text, (
            f"`{name}` has --format: add it to COMMANDS_WITH_RESULT in this file"
        )
    assert help_text(*words) == CliRunner().invoke(stewardpath, [*words, "-h"]).output


@pytest.mark.parametrize("words", NAMES, ids=" ".join)
def test_every_option_says_what_it_is_for(words: tuple[str, ...]) -> None:
    for parameter in find_command(words).params:
        assert not isinstance(parameter, click.Option) or parameter.help, (
            f"give {parameter.opts[0]} of `{' '.join(words)}` a text: help=…"
        )


def test_every_command_in_the_code_is_registered() -> None:
    reachable = {part for words in NAMES for part in words} | COMMANDS.keys()
    defined = {
        (module.name, each.name)
        for module in pkgutil.walk_packages(bridge.cli.__path__, "bridge.cli.")
        for each in vars(importlib.import_module(module.name)).values()
        if isinstance(each, click.Command) and not each.hidden
    }
    unregistered = sorted(f"{name} ({module})" for module, name in defined if name not in reachable)
    assert not unregistered, (
        f"nobody can call {unregistered}: add it to COMMANDS in bridge/cli/__init__.py, or to its "
        "group with @group.command"
    )


def test_the_main_help_lists_every_command() -> None:
    text = help_text()
    assert all(re.search(rf"^  {name} +\S", text, re.MULTILINE) for name in COMMANDS)


IMPORTED_BY_HELP = """
import sys
before = set(sys.modules)
import atexit
from bridge.cli import main

def show():
    print(*{name.partition(".")[0] for name in set(sys.modules) - before}, file=sys.stderr)

atexit.register(show)
sys.argv = ["stewardpath", "--help"]
main()
"""


def test_help_is_quick() -> None:
    """It imports no library but click: the others take most of a second."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED_BY_HELP], capture_output=True, text=True, check=True
    )
    assert set(done.stderr.split()) - sys.stdlib_module_names == {"bridge", "click"}


IMPORTED_BY_COMMANDS = """
import importlib, sys
from bridge.cli import COMMANDS
for module, _ in COMMANDS.values():
    importlib.import_module(f"bridge.cli.{module}")
print("flask" in sys.modules)
"""


def test_only_the_service_loads_the_pages() -> None:
    """Loading them takes a second, so a command's module imports them where it uses them."""
    command = [sys.executable, "-c", IMPORTED_BY_COMMANDS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_wrong_usage_gives_exit_code_2_and_points_to_help(empty: Folder) -> None:
    for words in (["nonsense"], ["plan", "--nonsense"], ["members", "show"], ["plan", "extra"]):
        ran = empty.run(*words, code=2)
        assert "--help" in ran.err
        assert not ran.out


def test_the_version(empty: Folder) -> None:
    assert re.fullmatch(r"stewardpath, version \d+\.\d+\.\d+\S*\n", empty.run("--version").out)
