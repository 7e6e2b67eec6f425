"""Find the folders shipped with Stewardpath: in a checkout, or in the installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bridge.errors import ConfigError

Resource = Literal["templates", "curricula"]

PACKAGE = Path(__file__).resolve().parent


def resource(name: Resource, package: Path = PACKAGE) -> Path:
    """The shipped folder `name`. Looks in the wheel's `package`/_data first, then in a checkout.

    Raises ConfigError if the folder is in neither place: the installation is incomplete.
    """
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise ConfigError(
        f"the folder `{name}`, which is part of Stewardpath, is missing.",
        where=str(package),
        todo="Reinstall Stewardpath.",
    )
