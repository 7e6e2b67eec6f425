"""One application for many tests: making it takes longer than what most of them ask of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bridge.web.collaborators import KEY

from .cast import Cast


@dataclass(frozen=True)
class ReusableCast:
    """`store` is the file its database is in, `first` a copy of it as it was at first."""

    cast: Cast
    store: Path
    first: Path

    def restore(self) -> Cast:
        """The cast as it was at first: its store, its limits and whether forms need a token."""
        copy_store(self.first, self.store)
        app = self.cast.app
        app.extensions[KEY].limiter.reset()
        app.config["WTF_CSRF_ENABLED"] = self.cast.forms
        return self.cast


def reusable(cast: Cast, store: Path) -> ReusableCast:
    """Remember how the store of the cast is now."""
    first = store.with_name("first.db")
    copy_store(store, first)
    return ReusableCast(cast, store, first)


def copy_store(source: Path, target: Path) -> None:
    """Overwrite `target`, which may be open elsewhere, with what is in `source`."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
