"""Where the folders that travel with Stewardpath are: in a checkout, or in the installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bridge.errors import ConfigError

Resource = Literal["templates", "curricula"]

PACKAGE = Path(__file__).resolve().parent


def resource(name: Resource, package: Path = PACKAGE) -> Path:
    """The shipped folder `name`. The wheel's copy is looked for first, in `package`/_data.

    Raises ConfigError where neither place has it: the installation is incomplete.
    """
    for place in (package / "_data" / name, package.parent / name):
        if place.is_dir():
            return place
    raise ConfigError(
        f"the folder `{name}` that belongs to Stewardpath is missing.",
        where=str(package),
        todo="Install Stewardpath again.",
    )
