"""`persons`: list, show, add, merge, export and erase."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.store.database import open_database
from tests.cli.command_runner import Folder
from tests.support.databases import write_ahead_log


def add(folder: Folder, name: str, email: str) -> str:
    return folder.run("persons", "add", "--name", name, "--email", email).out


def listed(folder: Folder, *words: str) -> list[str]:
    found = json.loads(folder.run("persons", "list", *words, "--format", "json").out)
    return [each["email"] for each in found]


def test_a_person_is_added_once_and_asked_to_confirm(folder: Folder) -> None:
    assert add(folder, "Kim Doe", "kim@example.org") == "Added, ID 1.\n"
    assert add(folder, "Mallory", "KIM@example.org") == "No change: known as ID 1.\n"
    shown = folder.run("persons", "show", "kim@example.org").out
    assert shown == (
        "Kim Doe <kim@example.org>, ID 1\nAddress: not confirmed\nAdded by: the committee\n"
        "Member: none\n"
    )
    data = folder.run("persons", "show", "1", "--format", "json").data
    assert (data["name"], data["proof"]) == ("Kim Doe", "")
    held = folder.run("persons", "export", "1").data
    assert held["person"]["email"] == "kim@example.org"  # type: ignore[index]
    assert len(held["personal_link"]) == 1  # type: ignore[arg-type]
    assert [row["action"] for row in held["audit"]] == [  # type: ignore[attr-defined]
        "person-added", "person-looked", "person-looked", "person-exported",
    ]  # fmt: skip


def test_persons_are_listed_merged_and_erased(folder: Folder) -> None:
    add(folder, "Kim Doe", "kim@example.org")
    add(folder, "Lee Doe", "lee@example.org")
    assert listed(folder) == ["kim@example.org", "lee@example.org"]
    assert listed(folder, "lee") == ["lee@example.org"]
    assert "Lee Doe" in folder.run("persons", "list").out
    assert folder.run("persons", "merge", "1", "2", stdin="n\n", code=1).err
    assert folder.run("persons", "merge", "1", "lee@example.org", "--yes").out == "Merged.\n"
    assert listed(folder) == ["kim@example.org"]
    assert folder.run("persons", "erase", "kim@example.org", "--yes").out == "Erased.\n"
    assert listed(folder) == []


def test_erasing_empties_the_log_of_the_database(folder: Folder) -> None:
    add(folder, "Kim Doe", "kim@example.org")
    with closing(open_database(f"sqlite:///{folder.path}/var/stewardpath.db")) as store:
        assert write_ahead_log(store) == b"", "an open connection keeps the log from now on"
        folder.run("persons", "show", "1")
        assert write_ahead_log(store)
        folder.run("persons", "erase", "1", "--yes")
        assert write_ahead_log(store) == b""


def test_confidential_forms_take_an_option_to_merge_or_erase(folder: Folder) -> None:
    add(folder, "Kim Doe", "kim@example.org")
    add(folder, "Lee Doe", "lee@example.org")
    place = FormPlace(Owner(person_id=2), ("path/x",), needs="grievance-forms")
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    with closing(store), store.transaction() as session:
        drafts.save(session, place, {"why": ["x"]}, 0, datetime.now(UTC))
    error = folder.run("persons", "merge", "1", "2", "--yes", code=1).err
    assert "something that you may not read (ID 2)" in error
    merged = folder.run("persons", "merge", "1", "2", "--yes", "--confidential")
    assert merged.out == "Merged.\n"
    error = folder.run("persons", "erase", "1", "--yes", code=1).err
    assert "stewardpath persons erase 1 --confidential" in error
    assert folder.run("persons", "erase", "1", "--yes", "--confidential").out == "Erased.\n"


@pytest.mark.parametrize(
    "words", [("show", "9"), ("export", "9"), ("erase", "9", "--yes"), ("merge", "9", "8", "--yes")]
)
def test_an_unknown_person(folder: Folder, words: tuple[str, ...]) -> None:
    error = folder.run("persons", *words, code=1).err
    assert error == "Error: 9: there is no such person. Enter an ID or an email address.\n"


def test_an_address_that_is_none_is_refused(folder: Folder) -> None:
    refused = folder.run("persons", "add", "--name", "Kim", "--email", "kim", code=1)
    assert "not an address such as name@example.org" in refused.err
