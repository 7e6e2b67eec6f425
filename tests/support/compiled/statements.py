"""Compiled SQL statements, shared by all databases of one kind in a process."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Engine

from bridge.store import database

MAX_STATEMENTS = 2_000


def share_compiled_statements() -> None:
    """For every database from now on. Most tests open one, and SQLAlchemy would compile all
    statements again. The dialect is part of the key of a compiled statement, so it is shared too,
    once it knows the version of its server."""
    first: dict[str, Engine] = {}

    def create_engine(*place: Any, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(*place, query_cache_size=MAX_STATEMENTS, **options)
        shared = first.setdefault(engine.dialect.name, engine)
        if getattr(shared.dialect, "server_version_info", None) is None:
            first[engine.dialect.name] = engine
        else:
            engine.dialect, engine._compiled_cache = shared.dialect, shared._compiled_cache
        return engine

    database.create_engine = create_engine
