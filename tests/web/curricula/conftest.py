"""Fixtures for tests of course content: a folder of curricula and users who edit it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.config import Config
from bridge.resources import resource
from bridge.store.database import Database
from tests.web.curricula.editor_helpers import (
    FILE,
    FOLDER,
    git,
)
from tests.web.sample_site import Clock
from tests.web.signed_in_users import SignedInUsers


@pytest.fixture
def curricula_folder(tmp_path: Path) -> Path:
    shutil.copytree(resource("curricula"), tmp_path / "curricula")
    return tmp_path / "curricula"


@pytest.fixture
def people(
    config: Config, database: Database, clock: Clock, curricula_folder: Path
) -> SignedInUsers:
    return SignedInUsers(
        config.model_copy(update={"curricula": Path("curricula")}), database, clock
    )


@pytest.fixture
def editor(people: SignedInUsers) -> FlaskClient:
    return people.client("committee")


@pytest.fixture
def file(curricula_folder: Path) -> Path:
    return curricula_folder / FOLDER / FILE


@pytest.fixture
def repository(curricula_folder: Path) -> Path:
    """A git repository without a configured identity."""
    git(curricula_folder, "init", "--quiet")
    git(curricula_folder, "add", ".")
    git(
        curricula_folder,
        "-c",
        "user.name=First",
        "-c",
        "user.email=f@union.example",
        "commit",
        "-qm",
        "all",
    )
    return curricula_folder
