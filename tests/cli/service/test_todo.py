"""`todo`: the work of the committee."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from bridge.config import Config
from bridge.resources import resource
from bridge.store.database import open_database
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.tables.auth import TeamRole
from tests.cli.command_runner import Folder


def test_the_work_of_the_committee_is_listed_with_its_numbers(folder: Folder) -> None:
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    folder.run("members", "import", "members.csv")
    assert folder.run("todo").out == "Nothing to do.\n"
    message = ContactMessage("Kim", "kim@example.org", "", "", "", "Hello", "en")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        contact_requests.add_request(session, message, datetime.now(UTC))
    store.close()
    page = "/committee/contact-requests"
    assert folder.run("todo").out == f"     1  Contact requests to answer  ({page})\n"
    assert folder.run("todo", "--format", "json").data == {
        "to_do": [{"what": "Contact requests to answer", "count": 1, "page": page}]
    }


def test_errors_in_the_curricula_are_work_too(folder: Folder) -> None:
    shutil.copytree(resource("curricula"), folder.path / "curricula")
    folder.write("config.yaml", "curricula: curricula\n")
    assert folder.run("todo").out == "Nothing to do.\n"
    broken = next((folder.path / "curricula").glob("*/curriculum.yaml"))
    broken.write_text(broken.read_text(encoding="utf-8") + "\nfoo: [\n", encoding="utf-8")
    lines = folder.run("todo").out.splitlines()
    assert lines == ["     1  Correct the errors in the course content  (/committee/curricula)"]


def test_without_valid_curricula_the_rest_is_listed(folder: Folder) -> None:
    folder.write("config.yaml", "curricula: curricula\n")
    folder.write("curricula/path/curriculum.yaml", "foo: [\n")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        message = ContactMessage("Kim", "kim@example.org", "", "", "", "Hello", "en")
        contact_requests.add_request(session, message, datetime.now(UTC))
        session.add(
            TeamRole(email="kim@example.org", name="Kim", role="auditor", region="", lineage=[],
                     given_by="x", given_at=datetime.now(UTC), confirmed_by="",
                     invited_at=None, accepted_at=None)
        )  # fmt: skip
    store.close()
    data = folder.run("todo", "--format", "json").data["to_do"]
    assert [each["what"] for each in data] == [
        "Correct the errors in the course content", "Contact requests to answer",
        "Roles to confirm",
    ]  # fmt: skip
