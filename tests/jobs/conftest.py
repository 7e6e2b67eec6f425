"""A house with a database, mail in a folder, and a stand-in for Moodle on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paths import small
from standin import StandIn, standing

from bridge.jobs.sync import apply
from bridge.moodle.client import Moodle
from bridge.moodle.site import connect
from bridge.store.database import open_database

from .house import House


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "store.db"
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with standing(tmp_path / "moodle.db") as site:
        yield site


@pytest.fixture
def bare_standin(tmp_path: Path) -> Iterator[StandIn]:
    """A site without the companion."""
    with standing(tmp_path / "bare.db", companion=False) as site:
        yield site


@pytest.fixture
def moodle(standin: StandIn) -> Iterator[Moodle]:
    with standin.client() as client:
        yield client


@pytest.fixture(scope="session")
def applied_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that holds the small curriculum."""
    file = tmp_path_factory.mktemp("applied") / "moodle.db"
    with standing(file) as site, site.client() as client:
        apply(connect(client), small(), max_share=1.0)
    return file


Build = Callable[[StandIn], House]


@pytest.fixture
def build(tmp_path: Path, empty_store: Path) -> Iterator[Build]:
    """Makes a house at a site."""
    houses: list[House] = []

    def house(site: StandIn) -> House:
        folder = tmp_path / f"house-{len(houses)}"
        folder.mkdir()
        shutil.copy(empty_store, folder / "store.db")
        houses.append(House(folder, site))
        return houses[-1]

    yield house
    for one in houses:
        one.close()


@pytest.fixture
def house(build: Build, standin: StandIn) -> House:
    return build(standin)


@pytest.fixture
def applied(build: Build, applied_file: Path, tmp_path: Path) -> Iterator[House]:
    """A house whose curriculum is in Moodle already."""
    file = shutil.copy(applied_file, tmp_path / "applied.db")
    with standing(Path(file)) as site:
        yield build(site)
