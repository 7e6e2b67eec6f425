"""Every feature in the code is registered."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import bridge
from bridge.features import FEATURES
from bridge.foundations.feature import Feature

PROGRAMS = ("bridge.cli", "bridge.web", "bridge.jobs", "bridge.store.migrations", "bridge._data")


def test_every_feature_is_registered() -> None:
    names = [each.name for each in walk_packages(bridge.__path__, "bridge.")]
    modules = [import_module(name) for name in names if not name.startswith(PROGRAMS)]
    defined = {
        each.name: module.__name__
        for module in modules
        for each in vars(module).values()
        if isinstance(each, Feature)
    }
    missing = defined.keys() - {each.name for each in FEATURES}
    assert not missing, (
        f"add the features {sorted(missing)} to FEATURES in bridge/features/__init__.py"
    )
    assert len({each.name for each in FEATURES}) == len(FEATURES), "two have the same name"
