"""Curricula and their files: made, renamed, deleted, brought back; nothing overwritten or lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast as is_a

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.config import Config
from bridge.curriculum.editing.milestone_list import (
    milestones_in,
    with_milestone,
    without_milestone,
)
from bridge.curriculum.folders import read_folder
from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.store.tables.operations import AuditEntry
from bridge.web.curricula.storage import file_changes
from tests.web.curricula.test_editor_pages import (
    FILE,
    FOLDER,
    digest,
    editor,
    file,
    git,
    people,
    repository,
    shelf,
)
from tests.web.sample_site import Clock
from tests.web.signed_in_users import SignedInUsers

__all__ = ["editor", "file", "people", "repository", "shelf"]

SHELF = f"/committee/curricula/{FOLDER}"
MADE = "shop-floor.yaml"
NEW = {"title": "Shop floor: “ours”", "key": "shop-floor", "after": "new-member"}
WITH_AND_WITHOUT_GIT = pytest.mark.parametrize("in_git", [True, False], ids=["git", "copies"])


@pytest.fixture(autouse=True)
def kept_by(request: pytest.FixtureRequest, shelf: Path) -> None:
    if getattr(request.node, "callspec", None) and request.node.callspec.params.get("in_git"):
        request.getfixturevalue("repository")


def listed(shelf: Path) -> list[str]:
    return milestones_in((shelf / FOLDER / "curriculum.yaml").read_text())


def audited(people: SignedInUsers) -> list[AuditEntry]:
    with people.database.reading() as session:
        lines = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        session.expunge_all()
    return lines


def curriculum(shelf: Path, folder: str = FOLDER) -> Curriculum:
    reading = read_folder(shelf / folder)
    assert reading.errors == ()
    return is_a(Curriculum, reading.curriculum)


@WITH_AND_WITHOUT_GIT
def test_a_new_milestone_is_right_listed_and_audited(
    editor: FlaskClient, people: SignedInUsers, shelf: Path, in_git: bool
) -> None:
    before = listed(shelf)
    assert 'selected value="advanced-steward"' in editor.get(f"{SHELF}/new").text
    answer = editor.post(f"{SHELF}/new", data=NEW)
    assert answer.headers["Location"] == f"{SHELF}/{MADE}"
    assert listed(shelf) == [before[0], "shop-floor", *before[1:]]
    assert curriculum(shelf).milestones[1].title.pick() == NEW["title"]
    made, top = audited(people)
    assert (made.before, made.actor) == ({}, "committee@union.example")
    assert made.after["file"] == f"{FOLDER}/{MADE}"
    assert top.before["sha256"] != top.after["sha256"]
    if in_git:
        assert git(shelf, "show", "--name-only", "--format=%ae").split() == [
            "committee@union.example", f"{FOLDER}/curriculum.yaml", f"{FOLDER}/{MADE}",
        ]  # fmt: skip
        assert git(shelf, "status", "--porcelain") == ""


def test_a_name_that_is_taken_is_never_overwritten(
    editor: FlaskClient, shelf: Path, file: Path
) -> None:
    before = file.read_bytes()
    (file.parent / "dangling.yaml").symlink_to("nowhere")
    for key in ("new-member", "dangling"):
        assert editor.post(f"{SHELF}/new", data=NEW | {"key": key}).status_code == 409
    named = {"base": digest(file), "name": "new-steward.yaml"}
    assert editor.post(f"{SHELF}/{FILE}/rename", data=named).status_code == 409
    assert (
        editor.post(
            "/committee/curricula/new", data=NEW | {"key": FOLDER, "languages": "en"}
        ).status_code
        == 409
    )
    assert file.read_bytes() == before
    assert len(listed(shelf)) == 6


@pytest.mark.parametrize(
    "name",
    ["../x", "..", "a/b", ".hidden", "Caps", "é", "x" * 40, "-x", "a b", "con\0", "x.yaml"],
)
def test_names_that_lead_elsewhere_are_refused(
    editor: FlaskClient, shelf: Path, file: Path, name: str
) -> None:
    before = sorted(shelf.parent.rglob("*"))
    data = {"title": "x", "after": "", "key": name, "languages": "en"}
    assert editor.post(f"{SHELF}/new", data=data).status_code == 422
    assert editor.post("/committee/curricula/new", data=data).status_code == 422
    named = {"base": digest(file), "name": f"{name}{name}.yaml"}
    assert editor.post(f"{SHELF}/{FILE}/rename", data=named).status_code == 422
    assert sorted(shelf.parent.rglob("*")) == before


def test_a_key_is_made_of_the_title(editor: FlaskClient, shelf: Path) -> None:
    data = NEW | {"key": "", "title": "Été à l'usine"}
    assert (
        editor.post(f"{SHELF}/new", data=data).headers["Location"].endswith("/ete-a-l-usine.yaml")
    )
    assert editor.post(f"{SHELF}/new", data=NEW | {"key": "", "title": "日本"}).status_code == 422
    assert "ete-a-l-usine" in listed(shelf)


@WITH_AND_WITHOUT_GIT
def test_a_new_curriculum_can_be_gone_on_with(
    editor: FlaskClient, people: SignedInUsers, shelf: Path, in_git: bool
) -> None:
    assert editor.get("/committee/curricula/new").status_code == 200
    data = {"title": "Health & safety", "key": "", "languages": "en fr"}
    answer = editor.post("/committee/curricula/new", data=data)
    assert answer.headers["Location"] == "/committee/curricula/health-safety/first-step.yaml"
    assert curriculum(shelf, "health-safety").languages == ("en", "fr")
    assert editor.get(answer.headers["Location"]).status_code == 200
    assert len(audited(people)) == 2
    if in_git:
        assert "health-safety/curriculum.yaml" in git(shelf, "show", "--name-only")


@WITH_AND_WITHOUT_GIT
def test_renaming_a_file_changes_nothing_but_its_name_and_is_undone(
    editor: FlaskClient, people: SignedInUsers, shelf: Path, file: Path, in_git: bool
) -> None:
    first = file.read_text()
    text = first.replace("New Member", "Newest Member", 1)
    editor.post(f"{SHELF}/{FILE}", data={"base": digest(file), "text": text})
    before = curriculum(shelf)
    assert "keys inside" in editor.get(f"{SHELF}/{FILE}/file").text
    named = {"base": digest(file), "name": "renamed.yaml"}
    answer = editor.post(f"{SHELF}/{FILE}/rename", data=named)
    assert answer.headers["Location"] == f"{SHELF}/renamed.yaml"
    assert not file.exists()
    assert curriculum(shelf).milestones == before.milestones
    assert audited(people)[-1].before["file"] == f"{FOLDER}/{FILE}"
    assert audited(people)[-1].after["file"] == f"{FOLDER}/renamed.yaml"
    page = editor.get(f"{SHELF}/renamed.yaml/history").text
    oldest = re.findall(rf'href="({SHELF}/renamed.yaml/history/[^"]+)"', page)[-1]
    new = file.with_name("renamed.yaml")
    assert editor.post(oldest, data={"base": digest(new)}).status_code == 303
    assert new.read_text() == first
    assert "renamed.yaml" not in editor.get(f"{SHELF}/deleted").text
    assert f">{FILE}<" not in editor.get(f"{SHELF}/deleted").text
    back = {"base": digest(new), "name": FILE}
    assert editor.post(f"{SHELF}/renamed.yaml/rename", data=back).status_code == 303
    assert file.read_text() == first


@WITH_AND_WITHOUT_GIT
def test_what_is_deleted_comes_back_where_it_was(
    editor: FlaskClient, people: SignedInUsers, shelf: Path, file: Path, in_git: bool
) -> None:
    editor.post(f"{SHELF}/new", data=NEW)
    before, text = listed(shelf), (file.parent / MADE).read_text()
    answer = editor.post(f"{SHELF}/{MADE}/delete", data={"base": digest(file.parent / MADE)})
    assert answer.headers["Location"] == f"{SHELF}/{MADE}/history"
    assert not (file.parent / MADE).exists()
    assert "shop-floor" not in listed(shelf)
    assert curriculum(shelf)
    assert audited(people)[-2].after == {"note": "Deleted"}
    assert MADE in editor.get(f"{SHELF}/deleted").text
    assert editor.get(f"{SHELF}/{MADE}").status_code == 404
    page = editor.get(answer.headers["Location"]).text
    newest = re.findall(rf'href="({SHELF}/{MADE}/history/[^"]+)"', page)[0]
    shown = editor.get(newest).text
    assert "Restore the file" in shown
    base = re.findall(r'name="base" value="([0-9a-f]{64})"', shown)[0]
    assert editor.post(newest, data={"base": base}).status_code == 303
    assert (file.parent / MADE).read_text() == text
    assert listed(shelf) == before


def test_what_others_need_is_not_deleted(editor: FlaskClient, shelf: Path, file: Path) -> None:
    editor.post(f"{SHELF}/new", data=NEW)
    file.write_text(file.read_text() + "entry: {after: [shop-floor]}\n")
    first = file.with_name("curriculum.yaml").read_text()
    moved = with_milestone(without_milestone(first, "new-member"), "new-member", "shop-floor")
    file.with_name("curriculum.yaml").write_text(moved)
    assert curriculum(shelf)
    base = digest(file.parent / MADE)
    answer = editor.post(f"{SHELF}/{MADE}/delete", data={"base": base})
    assert answer.status_code == 422
    assert "There is no milestone `shop-floor`." in answer.text
    assert (file.parent / MADE).exists()
    assert "shop-floor" in listed(shelf)


def test_what_somebody_has_changed_since_is_not_deleted_or_renamed(
    editor: FlaskClient, shelf: Path, file: Path
) -> None:
    base = digest(file)
    file.write_text(file.read_text() + "# more\n")
    for what, more in (("delete", {}), ("rename", {"name": "x.yaml"})):
        assert editor.post(f"{SHELF}/{FILE}/{what}", data={"base": base, **more}).status_code == 409
    assert file.exists()


def test_the_list_itself_stays(editor: FlaskClient, shelf: Path) -> None:
    base = digest(shelf / FOLDER / "curriculum.yaml")
    for what in ("delete", "rename"):
        data = {"base": base, "name": "x.yaml"}
        assert editor.post(f"{SHELF}/curriculum.yaml/{what}", data=data).status_code == 409


def test_two_files_change_together_or_not_at_all(
    editor: FlaskClient, people: SignedInUsers, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(shelf.rglob("*"))
    monkeypatch.setattr(file_changes, "_replace", full)
    assert editor.post(f"{SHELF}/new", data=NEW).status_code == 500
    assert sorted(shelf.rglob("*")) == before
    assert audited(people) == []


def test_a_linked_folder_or_file_is_not_edited_and_one_that_leads_out_not_read(
    editor: FlaskClient, shelf: Path, file: Path
) -> None:
    secret = shelf.parent / "secret.yaml"
    secret.write_text("token: hush-hush\n")
    (file.parent / "out.yaml").symlink_to(secret)
    (shelf / "linked").symlink_to(file.parent, target_is_directory=True)
    page = editor.get("/committee/curricula").text
    assert "Links to other places, which are not edited here: out.yaml" in page
    assert "This folder is a link to another place" in page
    answer = editor.post(f"{SHELF}/{FILE}/check", data={"text": file.read_text(), "base": "0" * 64})
    assert "leads out of the curriculum" in answer.text
    assert "hush" not in answer.text
    linked = f"/committee/curricula/linked/{FILE}"
    assert editor.post(linked, data={"base": digest(file), "text": "x"}).status_code == 409
    assert editor.post("/committee/curricula/linked/new", data=NEW).status_code == 409


def test_only_the_committee_makes_and_deletes(
    config: Config, database: Database, clock: Clock, shelf: Path, file: Path
) -> None:
    people = SignedInUsers(
        config.model_copy(update={"curricula": Path("curricula")}), database, clock
    )
    for who in ("auditor", "chair", "member"):
        client = people.client(who)
        assert client.post(f"{SHELF}/new", data=NEW).status_code == 403
        assert client.post(f"{SHELF}/{FILE}/delete", data={"base": digest(file)}).status_code == 403
    page = people.client("auditor").get("/committee/curricula").text
    assert "New milestone" not in page
