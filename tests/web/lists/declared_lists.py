"""The list pages that the code declares, so that tests cover a new one without being told."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import bridge.web
from bridge.web.lists.list_page import ListPage


@cache
def declared_lists() -> tuple[ListPage[Any], ...]:
    """Every ListPage in a module of bridge.web, in the order of their addresses."""
    names = [each.name for each in walk_packages(bridge.web.__path__, "bridge.web.")]
    values = [value for name in names for value in vars(import_module(name)).values()]
    found = {each.endpoint: each for each in values if isinstance(each, ListPage)}
    return tuple(sorted(found.values(), key=lambda each: each.address))
