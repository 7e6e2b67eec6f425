"""Options of commands: what is typed there must be printable, as in the forms of pages."""

from __future__ import annotations

import click

from bridge.printable_text import unprintable_problem


class PrintableText(click.ParamType[str]):
    """A text that may be stored, such as a note. It may have line ends."""

    name = "text"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The text. Fails with the character to delete."""
        text = str(value)
        if problem := unprintable_problem(text, lines=True):
            self.fail(problem, param, ctx)
        return text


PRINTABLE = PrintableText()


def check_options(command: click.Command) -> None:
    """Make every option for a text of this command, and of the commands in it, refuse others."""
    for each in command.params:
        if isinstance(each, click.Option) and each.type is click.STRING:
            each.type = PRINTABLE
    if isinstance(command, click.Group):
        for part in command.commands.values():
            check_options(part)
