"""One application for many tests, because creating it is slower than most tests."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bridge.web.common.services import EXTENSION_KEY
from tests.web.signed_in_users import SignedInUsers


@dataclass(frozen=True)
class SharedUsers:
    """`store` is the file its database is in, `first` a copy of it as it was at first."""

    users: SignedInUsers
    store: Path
    first: Path

    def restore(self) -> SignedInUsers:
        """The cast as it was at first: its store, its limits and whether forms need a token."""
        copy_store(self.first, self.store)
        app = self.users.app
        app.extensions[EXTENSION_KEY].limiter.reset()
        app.config["WTF_CSRF_ENABLED"] = self.users.forms
        return self.users


def reusable(users: SignedInUsers, store: Path) -> SharedUsers:
    """Remember how the store of the cast is now."""
    first = store.with_name("first.db")
    copy_store(store, first)
    return SharedUsers(users, store, first)


def copy_store(source: Path, target: Path) -> None:
    """Overwrite `target`, which may be open elsewhere, with what is in `source`."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
