"""`todo`: the work of the committee."""

from __future__ import annotations

from datetime import UTC, datetime

from bridge.config import Config
from bridge.store.database import open_database
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
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
