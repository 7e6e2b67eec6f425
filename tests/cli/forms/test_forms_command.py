"""`forms list` and `forms export`."""

from __future__ import annotations

import csv
import json

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.curriculum.forms.form import Form
from bridge.curriculum.forms.texts import ShortText
from bridge.curriculum.text import plain_text
from bridge.foundations.forms import submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.store.database import open_database
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.operations import AuditEntry
from tests.cli.command_runner import Folder
from tests.store.sample_members import ANNA, NOW, add

YAML = """\
forms:
  - form: join
    title: Join us
    audience: everyone
    fields:
      - {field: why, type: short-text, label: Why?}
"""
JOIN = Form("join", plain_text("Join us"), (ShortText(key="why", label=plain_text("Why?")),))


@pytest.fixture
def sent(folder: Folder) -> Folder:
    """A member sent the form, a person too, and a member withdrew one that is gone."""
    folder.write("curricula/small/forms.yaml", YAML)
    folder.run("status")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        [anna] = add(session, [ANNA])
        kim = records.find_or_add(session, PersonRecord("Kim", "kim@example.org"), NOW).id
        places = {"small/join": Owner(anna), "small/gone": Owner(anna)}
        for token, (name, owner) in enumerate(places.items()):
            place = FormPlace(owner, (name,))
            submissions.submit(session, place, JOIN, {"why": ["=1+1"]}, f"token-{token}", NOW)
        place = FormPlace(Owner(person_id=kim), ("small/join",))
        submissions.submit(session, place, JOIN, {"why": ["Because, é"]}, "kim", NOW)
    store.close()
    return folder


def test_the_list_counts_submissions(sent: Folder) -> None:
    assert sent.run("forms", "list").out.splitlines() == [
        "small/join  2 submissions",
        "small/gone  1 submission (no longer offered)",
    ]
    data = sent.run("forms", "list", "--format", "json").data
    assert data["forms"][0] == {"form": "small/join", "sent": 2, "offered": True}  # type: ignore[index]


def test_answers_are_exported_with_the_revision_and_audited(sent: Folder) -> None:
    data = json.loads(sent.run("forms", "export", "small/join").out)
    first, second = data["submissions"]
    assert first["answers"] == {"why": "=1+1"}
    assert len(first["revision"]) == 64
    assert (first["name"], first["person"]) == ("Anna Ashevak", None)
    assert (second["name"], second["member"]) == ("Kim", None)
    rows = list(csv.DictReader(sent.run("forms", "export", "small/join", "--format", "csv")
                               .out.splitlines()))  # fmt: skip
    assert [row["answer:why"] for row in rows] == ["'=1+1", "Because, é"]
    assert rows[1]["revision"] == second["revision"]
    store = open_database(Config(home=sent.path).database_url)
    with store.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "listed")).all()
    store.close()
    assert [each.after["rows"] for each in entries] == [2, 2]
    assert "Kim" not in str([each.after for each in entries])


def test_a_form_that_is_gone_or_was_never_there(sent: Folder) -> None:
    assert len(json.loads(sent.run("forms", "export", "small/gone").out)["submissions"]) == 1
    assert json.loads(sent.run("forms", "export", "small/join", "--withdrawn").out) == {
        "form": "small/join", "submissions": [],
    }  # fmt: skip
    wrong = sent.run("forms", "export", "join", code=1)
    assert wrong.code == 1
    assert "there is no form join" in wrong.err
    assert "small/join" in wrong.err
    assert sent.run("forms", "export", code=2).code == 2


def test_without_forms(folder: Folder) -> None:
    assert folder.run("forms", "list").out == "No forms. Add forms.yaml to a curriculum.\n"
