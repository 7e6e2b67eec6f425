"""A folder of templates whose unreadable files are errors a person can act on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateNotFound
from jinja2.loaders import split_template_path

from bridge.errors import ConfigError

SUFFIX = ".j2"


class TemplateFolder(FileSystemLoader):
    """Reads templates as UTF-8."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Raises TemplateNotFound if it is not here, ConfigError if it cannot be read."""
        file = self._folder.joinpath(*split_template_path(template))
        try:
            return super().get_source(environment, template)
        except TemplateNotFound:  # one of Python's OSErrors too
            raise
        except UnicodeDecodeError as error:
            raise unusable("it is not saved as UTF-8", _place(file, error)) from None
        except OSError as error:
            raise unusable(f"it cannot be read ({error.strerror})", str(file)) from None


def unusable(what: str, where: str) -> ConfigError:
    """A template is wrong, and what to do."""
    return ConfigError(
        f"the template cannot be used: {what}.",
        where=where,
        todo="Correct it, or take it out of your templates folder to use the shipped one.",
    )


def _place(file: Path, error: UnicodeDecodeError) -> str:
    return f"{file}:{error.object[: error.start].count(10) + 1}"
