"""While a curriculum file has errors, the committee sees a notice and the service stays ready."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bridge.config import Config
from bridge.curriculum.library.reloading import Library
from bridge.resources import resource
from bridge.store.database import Database
from tests.web.conftest import Clock
from tests.web.signed_in_users import SignedInUsers

NOTICE = "The last valid version is in use"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "curricula"
    shutil.copytree(resource("curricula"), copy)
    Library(copy, tmp_path / "kept").check()
    next(copy.glob("*/curriculum.yaml")).write_text("title: [", encoding="utf-8")
    return copy


def test_the_committee_sees_a_notice_and_visitors_do_not(
    config: Config, database: Database, clock: Clock, folder: Path, tmp_path: Path
) -> None:
    shelf = Library(folder, tmp_path / "kept")
    users = SignedInUsers(config, database, clock, shelf=shelf)
    for address in ("/committee", "/committee/failed-deliveries"):
        assert NOTICE in users.client("committee").get(address).get_data(as_text=True)
    home = users.client("nobody").get("/")
    assert home.status_code == 200
    assert NOTICE not in home.get_data(as_text=True)
    ready = users.client("nobody").get("/readyz")
    assert ready.status_code == 200
    assert ready.json
    assert "last valid version" in ready.json["warnings"][0]
