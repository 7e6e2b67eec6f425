"""Check every email template by rendering it with example data, before a member needs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import ConfigError
from bridge.mail.examples import LANGUAGES, examples
from bridge.mail.kinds import CORE_EMAILS, Emails
from bridge.mail.template_names import is_old_name, other_name


def broken_templates(
    config: Config, curricula: Sequence[Curriculum], emails: Emails = CORE_EMAILS
) -> tuple[int, Sequence[ConfigError]]:
    """Render every kind in every language, shipped and the union's own.

    Returns the number of emails rendered and the errors, each file and reason once.
    `curricula` has at least one.
    """
    errors: dict[str, ConfigError] = {}
    rendered = [
        (each, code) for each in examples(config, curricula, emails) for code in languages(config)
    ]
    for example, code in rendered:
        try:
            example.render(config, code)
        except ConfigError as error:
            errors.setdefault(str(error), error)
    return len(rendered), list(errors.values())


def languages(config: Config) -> Sequence[str]:
    """The languages that have email templates."""
    own = _own_folder(config)
    folders = own.iterdir() if own and own.is_dir() else ()
    return sorted({*LANGUAGES, *(folder.name for folder in folders if folder.is_dir())})


def templates_with_old_names(config: Config) -> Sequence[tuple[Path, Path]]:
    """The union's own templates whose name is from an earlier version, each with its new path."""
    own = _own_folder(config)
    found = []
    for file in sorted(own.glob("*/*.j2")) if own else ():
        name = f"mail/{file.parent.name}/{file.name}"
        if own and is_old_name(name):
            found.append((file, own.parent / other_name(name)))
    return found


def _own_folder(config: Config) -> Path | None:
    return config.path(config.templates) / "mail" if config.templates else None
