"""Is every email template usable? Each is rendered with an example before a member needs it."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import ConfigError
from bridge.mail.examples import LANGUAGES, examples


def broken_templates(
    config: Config, curricula: Sequence[Curriculum]
) -> tuple[int, Sequence[ConfigError]]:
    """How many emails were rendered, and what is wrong: each file and reason once.

    Every kind, in every language that the shipped templates or the union's own folder have.
    `curricula` has at least one.
    """
    found: dict[str, ConfigError] = {}
    written = [(each, code) for each in examples(config, curricula) for code in languages(config)]
    for example, code in written:
        try:
            example.letter(config, code)
        except ConfigError as error:
            found.setdefault(str(error), error)
    return len(written), list(found.values())


def languages(config: Config) -> Sequence[str]:
    """The languages that emails are written in."""
    own = config.path(config.templates) / "mail" if config.templates else None
    folders = own.iterdir() if own and own.is_dir() else ()
    return sorted({*LANGUAGES, *(folder.name for folder in folders if folder.is_dir())})
