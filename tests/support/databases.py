"""Test databases: SQLite files, and a temporary PostgreSQL server that listens on a socket."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from bridge.store.database import Database, open_database

USER = "stewardpath"
FAST_OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50 "
    "-c max_wal_size=128MB"
)


@dataclass
class Cluster:
    """A running PostgreSQL server, with its socket in `folder`."""

    folder: Path
    database_numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        name = f"test_{next(self.database_numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


def find_binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl, None if PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if config := shutil.which("pg_config"):
        folder = Path(subprocess.check_output([config, "--bindir"], text=True).strip())
        return folder if (folder / "initdb").exists() else None
    return None


def unprivileged_user() -> str | None:
    """Return the user to run the server as if we are root: initdb refuses to run as root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def run(*command: str | Path) -> None:
    subprocess.run(
        command, check=True, user=unprivileged_user(), cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    binaries = find_binaries()
    if binaries is None:
        reason = "PostgreSQL's initdb is not installed, so the tests on PostgreSQL did not run"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    in_memory = os.environ.get("PYTEST_DEBUG_TEMPROOT")  # Creating a database writes 10 MB.
    with tempfile.TemporaryDirectory(prefix="sp-pg-", dir=in_memory) as name:
        folder, data = Path(name), Path(name, "data")
        if user := unprivileged_user():
            shutil.chown(folder, user)
        folder.chmod(0o755)
        run(binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -k {folder} {FAST_OPTIONS}"
        control = (binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
        run(*control, "-o", options, "start")
        try:
            yield create_template(Cluster(folder))
        finally:
            run(*control, "-m", "fast", "stop")


def create_template(cluster: Cluster) -> Cluster:
    cluster.run("CREATE DATABASE template_store TEMPLATE template0")
    create_tables(cluster.url("template_store"))
    return cluster


def create_tables(url: str) -> None:
    database = open_database(url)
    database.migrate()
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "store.db"
    create_tables(f"sqlite:///{file}")
    return file


@contextmanager
def with_tables(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Yield the URL of a database (`sqlite` or `postgresql`) with empty tables."""
    if kind == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, folder / 'stewardpath.db')}"
        return
    assert request.node.get_closest_marker("postgresql"), "Use the fixture `cluster` for a marker."
    with request.getfixturevalue("cluster").database("template_store") as url:
        yield url


def write_ahead_log(database: Database) -> bytes:
    """What SQLite's write-ahead log has; nothing on PostgreSQL. Keeps a connection open."""
    with database.reading() as session:
        file = Path(f"{session.connection().engine.url.database}-wal")
    return file.read_bytes() if file.exists() else b""
