"""`todo`: the work of the committee."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bridge.config import Config
from bridge.store.database import open_database
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.tables.auth import TeamRole
from tests.cli.command_runner import Folder


def add_request(folder: Folder) -> None:
    message = ContactMessage("Kim", "kim@example.org", "", "", "", "Hello", "en")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        contact_requests.add_request(session, message, datetime.now(UTC))
    store.close()


@pytest.fixture
def started(folder: Folder) -> Folder:
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    folder.run("members", "import", "members.csv")
    return folder


def test_the_work_of_the_committee_is_listed_with_its_numbers(started: Folder) -> None:
    assert started.run("todo").out == "Nothing to do.\n"
    add_request(started)
    page = "/committee/contact-requests"
    assert started.run("todo").out == f"     1  Contact requests to answer  ({page})\n"
    assert started.run("todo", "--format", "json").data == {
        "to_do": [{"what": "Contact requests to answer", "count": 1, "page": page}]
    }


def break_curricula(folder: Folder) -> None:
    for file in folder.path.glob("curricula/*/curriculum.yaml"):
        file.write_text(file.read_text(encoding="utf-8") + "\nfoo: [\n", encoding="utf-8")


def listed(folder: Folder) -> list[tuple[object, object]]:
    data = folder.run("todo", "--format", "json").data["to_do"]
    assert isinstance(data, list)
    return [(each["what"], each["page"]) for each in data]


ERRORS = ("Correct the errors in the course content", "/committee/curricula")
REQUESTS = ("Contact requests to answer", "/committee/contact-requests")


@pytest.mark.parametrize("was_valid", [True, False])
def test_errors_in_the_curricula_are_listed_with_everything_else(
    started: Folder, was_valid: bool
) -> None:
    add_request(started)
    if was_valid:
        assert listed(started) == [REQUESTS]
    break_curricula(started)
    assert listed(started) == [ERRORS, REQUESTS]


def test_roles_that_someone_must_confirm_are_listed(started: Folder) -> None:
    store = open_database(Config(home=started.path).database_url)
    with store.transaction() as session:
        session.add(
            TeamRole(email="kim@example.org", name="Kim", role="auditor", region="", lineage=[],
                     given_by="x", given_at=datetime.now(UTC), confirmed_by="",
                     invited_at=None, accepted_at=None)
        )  # fmt: skip
    store.close()
    assert listed(started) == [("Roles to confirm", "/access/confirm")]
