"""A folder of email templates. A file that can't be read gives an error that says what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateNotFound
from jinja2.loaders import split_template_path

from bridge.errors import ConfigError
from bridge.logs import event
from bridge.mail.template_names import is_old_name, other_name

log = logging.getLogger(__name__)

SUFFIX = ".j2"

Source = tuple[str, str, Callable[[], bool]]


class TemplateFolder(FileSystemLoader):
    """Reads templates as UTF-8, under their name or the one they had before."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def get_source(self, environment: Environment, template: str) -> Source:
        """Raises TemplateNotFound if the folder has no such file, ConfigError if it can't be
        read."""
        try:
            return self._read(environment, template)
        except TemplateNotFound:
            other = other_name(template)
            if not other:
                raise
        try:
            source = self._read(environment, other)
        except TemplateNotFound:
            raise TemplateNotFound(template) from None
        if is_old_name(other):
            event(log, "template.renamed", level=logging.WARNING, old=other, new=template)
        return source

    def _read(self, environment: Environment, template: str) -> Source:
        file = self._folder.joinpath(*split_template_path(template))
        try:
            return super().get_source(environment, template)
        except TemplateNotFound:  # also one of Python's OSErrors
            raise
        except UnicodeDecodeError as error:
            raise unusable("it is not saved as UTF-8", _line_of(file, error)) from None
        except OSError as error:
            raise unusable(f"it cannot be read ({error.strerror})", str(file)) from None


def unusable(what: str, where: str) -> ConfigError:
    """The error for a template that can't be used."""
    return ConfigError(
        f"the template cannot be used: {what}.",
        where=where,
        todo="Correct it, or remove it from your templates folder to use the shipped one.",
    )


def _line_of(file: Path, error: UnicodeDecodeError) -> str:
    return f"{file}:{error.object[: error.start].count(10) + 1}"
