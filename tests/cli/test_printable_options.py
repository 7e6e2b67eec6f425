from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from bridge.cli import COMMANDS, stewardpath
from bridge.cli.printable_options import PRINTABLE


def options(command: click.Command, path: str) -> Iterator[tuple[str, click.Option]]:
    for each in command.params:
        if isinstance(each, click.Option):
            yield f"{path} {each.opts[-1]}", each
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield from options(part, f"{path} {name}")


ALL = [
    found
    for name in COMMANDS
    for command in [stewardpath.get_command(click.Context(stewardpath), name)]
    if command
    for found in options(command, name)
]


def test_no_option_takes_any_text_at_all() -> None:
    assert len(ALL) > 50
    assert not [name for name, option in ALL if option.type is click.STRING]


@pytest.mark.parametrize("character", ["\x07", "\x1b", "\u202e", "\ud800"])
def test_an_invisible_character_is_named(character: str) -> None:
    with pytest.raises(click.BadParameter, match="Character 2 can't be seen or printed"):
        PRINTABLE.convert(f"a{character}b", None, None)
    assert PRINTABLE.convert("two\nlines", None, None) == "two\nlines"
