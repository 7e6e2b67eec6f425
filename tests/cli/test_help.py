"""Every command explains itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from bridge.cli import COMMANDS, stewardpath

from .running import Folder


def every(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from every(command, (*before, name))
        else:
            yield (*before, name)


TRIES = 20
"""A measure of speed is tried again while the machine is busy with something else."""
NAMES = list(every(stewardpath))
PRINTS = {
    "check-accounts",
    "questions",
    "validate",
    "plan",
    "apply",
    "import",
    "show",
    "pull",
    "deliver",
    "status",
    "doctor",
    "list",
}


def named(words: tuple[str, ...]) -> click.Command:
    command: click.Command = stewardpath
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


def helped(*words: str) -> str:
    result = CliRunner().invoke(stewardpath, [*words, "--help"])
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("words", NAMES, ids=" ".join)
def test_a_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    said = helped(*words)
    assert re.search(rf"Example:\n\s+stewardpath {' '.join(words)}", said)
    assert "--config FILE" in said
    assert ("--format" in said) == (words[-1] in PRINTS)
    assert helped(*words) == CliRunner().invoke(stewardpath, [*words, "-h"]).output


@pytest.mark.parametrize("words", NAMES, ids=" ".join)
def test_every_option_says_what_it_is_for(words: tuple[str, ...]) -> None:
    for parameter in named(words).params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def test_the_first_page_lists_every_command() -> None:
    said = helped()
    assert all(re.search(rf"^  {name} +\S", said, re.MULTILINE) for name in COMMANDS)


def test_help_is_quick(empty: Folder) -> None:
    def took() -> float:
        start = time.perf_counter()
        empty.process("--help")
        return time.perf_counter() - start

    assert any(took() < 0.5 for _ in range(TRIES))


def test_wrong_use_is_2_and_says_how_it_is_right(empty: Folder) -> None:
    for words in (["nonsense"], ["plan", "--nonsense"], ["members", "show"], ["plan", "extra"]):
        ran = empty.run(*words, code=2)
        assert "--help" in ran.err
        assert not ran.out


def test_the_version(empty: Folder) -> None:
    assert re.fullmatch(r"stewardpath, version \d+\.\d+\.\d+\S*\n", empty.run("--version").out)
