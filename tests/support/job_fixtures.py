"""Fixtures for tests of jobs and workflows: a database, a mail folder, and a sandbox Moodle."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.store.database import open_database
from bridge.workflows.site_sync import apply
from tests.support.job_environment import JobEnvironment
from tests.support.sample_curricula import small
from tests.support.sandbox_server import SandboxServer, running_sandbox


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "store.db"
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def sandbox_server(tmp_path: Path) -> Iterator[SandboxServer]:
    with running_sandbox(tmp_path / "moodle.db") as site:
        yield site


@pytest.fixture
def bare_sandbox_server(tmp_path: Path) -> Iterator[SandboxServer]:
    """A site without the companion."""
    with running_sandbox(tmp_path / "bare.db", companion=False) as site:
        yield site


@pytest.fixture
def moodle(sandbox_server: SandboxServer) -> Iterator[Moodle]:
    with sandbox_server.client() as client:
        yield client


@pytest.fixture(scope="session")
def applied_site_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a site that has the small curriculum."""
    file = tmp_path_factory.mktemp("applied") / "moodle.db"
    with running_sandbox(file) as site, site.client() as client:
        apply(connect(client), small(), max_share=1.0)
    return file


BuildEnvironment = Callable[[SandboxServer], JobEnvironment]


@pytest.fixture
def build(tmp_path: Path, empty_store: Path) -> Iterator[BuildEnvironment]:
    """Makes a JobEnvironment for a site."""
    environments: list[JobEnvironment] = []

    def build_environment(site: SandboxServer) -> JobEnvironment:
        folder = tmp_path / f"environment-{len(environments)}"
        folder.mkdir()
        shutil.copy(empty_store, folder / "store.db")
        environments.append(JobEnvironment(folder, site))
        return environments[-1]

    yield build_environment
    for environment in environments:
        environment.close()


@pytest.fixture
def env(build: BuildEnvironment, sandbox_server: SandboxServer) -> JobEnvironment:
    return build(sandbox_server)


@pytest.fixture
def applied(
    build: BuildEnvironment, applied_site_file: Path, tmp_path: Path
) -> Iterator[JobEnvironment]:
    """An environment whose curriculum is in Moodle already."""
    file = shutil.copy(applied_site_file, tmp_path / "applied.db")
    with running_sandbox(Path(file)) as site:
        yield build(site)
