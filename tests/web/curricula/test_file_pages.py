"""Curricula and files: created, renamed, deleted and restored without losing data."""

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
from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.store.tables.operations import AuditEntry
from bridge.web.curricula.storage import file_changes
from tests.web.curricula.editor_helpers import (
    FILE,
    FOLDER,
    digest,
    git,
)
from tests.web.sample_site import Clock
from tests.web.signed_in_users import SignedInUsers

SHELF = f"/committee/curricula/{FOLDER}"
MADE = "shop-floor.yaml"
NEW = {"title": "Shop floor: “ours”", "key": "shop-floor", "after": "new-member"}
WITH_AND_WITHOUT_GIT = pytest.mark.parametrize("in_git", [True, False], ids=["git", "copies"])


@pytest.fixture(autouse=True)
def kept_by(request: pytest.FixtureRequest, curricula_folder: Path) -> None:
    if getattr(request.node, "callspec", None) and request.node.callspec.params.get("in_git"):
        request.getfixturevalue("repository")


def listed(curricula_folder: Path) -> list[str]:
    return milestones_in((curricula_folder / FOLDER / "curriculum.yaml").read_text())


def audited(people: SignedInUsers) -> list[AuditEntry]:
    with people.database.reading() as session:
        lines = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        session.expunge_all()
    return lines


def curriculum(curricula_folder: Path, folder: str = FOLDER) -> Curriculum:
    reading = read_folder(curricula_folder / folder)
    assert reading.errors == ()
    return is_a(Curriculum, reading.curriculum)


@WITH_AND_WITHOUT_GIT
def test_a_new_milestone_is_valid_listed_and_audited(
    editor: FlaskClient, people: SignedInUsers, curricula_folder: Path, in_git: bool
) -> None:
    before = listed(curricula_folder)
    assert 'selected value="advanced-steward"' in editor.get(f"{SHELF}/new").text
    answer = editor.post(f"{SHELF}/new", data=NEW)
    assert answer.headers["Location"] == f"{SHELF}/{MADE}"
    assert listed(curricula_folder) == [before[0], "shop-floor", *before[1:]]
    assert curriculum(curricula_folder).milestones[1].title.pick() == NEW["title"]
    made, top = audited(people)
    assert (made.before, made.actor) == ({}, "committee@union.example")
    assert made.after["file"] == f"{FOLDER}/{MADE}"
    assert top.before["sha256"] != top.after["sha256"]
    if in_git:
        assert git(curricula_folder, "show", "--name-only", "--format=%ae").split() == [
            "committee@union.example", f"{FOLDER}/curriculum.yaml", f"{FOLDER}/{MADE}",
        ]  # fmt: skip
        assert git(curricula_folder, "status", "--porcelain") == ""


def test_an_existing_file_is_never_overwritten(
    editor: FlaskClient, curricula_folder: Path, file: Path
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
    assert len(listed(curricula_folder)) == 6


@pytest.mark.parametrize(
    "name",
    ["../x", "..", "a/b", ".hidden", "Caps", "é", "x" * 40, "-x", "a b", "con\0", "x.yaml"],
)
def test_unsafe_names_are_refused(
    editor: FlaskClient, curricula_folder: Path, file: Path, name: str
) -> None:
    before = sorted(curricula_folder.parent.rglob("*"))
    data = {"title": "x", "after": "", "key": name, "languages": "en"}
    assert editor.post(f"{SHELF}/new", data=data).status_code == 422
    assert editor.post("/committee/curricula/new", data=data).status_code == 422
    named = {"base": digest(file), "name": f"{name}{name}.yaml"}
    assert editor.post(f"{SHELF}/{FILE}/rename", data=named).status_code == 422
    assert sorted(curricula_folder.parent.rglob("*")) == before


def test_an_empty_id_is_made_from_the_title(editor: FlaskClient, curricula_folder: Path) -> None:
    data = NEW | {"key": "", "title": "Été à l'usine"}
    assert (
        editor.post(f"{SHELF}/new", data=data).headers["Location"].endswith("/ete-a-l-usine.yaml")
    )
    assert editor.post(f"{SHELF}/new", data=NEW | {"key": "", "title": "日本"}).status_code == 422
    assert "ete-a-l-usine" in listed(curricula_folder)


@WITH_AND_WITHOUT_GIT
def test_a_new_curriculum_can_be_edited(
    editor: FlaskClient, people: SignedInUsers, curricula_folder: Path, in_git: bool
) -> None:
    assert editor.get("/committee/curricula/new").status_code == 200
    data = {"title": "Health & safety", "key": "", "languages": "en fr"}
    answer = editor.post("/committee/curricula/new", data=data)
    assert answer.headers["Location"] == "/committee/curricula/health-safety/first-step.yaml"
    assert curriculum(curricula_folder, "health-safety").languages == ("en", "fr")
    assert editor.get(answer.headers["Location"]).status_code == 200
    assert len(audited(people)) == 2
    if in_git:
        assert "health-safety/curriculum.yaml" in git(curricula_folder, "show", "--name-only")


@WITH_AND_WITHOUT_GIT
def test_renaming_changes_only_the_name_and_can_be_undone(
    editor: FlaskClient, people: SignedInUsers, curricula_folder: Path, file: Path, in_git: bool
) -> None:
    first = file.read_text()
    text = first.replace("New Member", "Newest Member", 1)
    editor.post(f"{SHELF}/{FILE}", data={"base": digest(file), "text": text})
    before = curriculum(curricula_folder)
    assert "renames the file only" in editor.get(f"{SHELF}/{FILE}/file").text
    named = {"base": digest(file), "name": "renamed.yaml"}
    answer = editor.post(f"{SHELF}/{FILE}/rename", data=named)
    assert answer.headers["Location"] == f"{SHELF}/renamed.yaml"
    assert not file.exists()
    assert curriculum(curricula_folder).milestones == before.milestones
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
def test_a_deleted_file_is_restored_at_its_former_position(
    editor: FlaskClient, people: SignedInUsers, curricula_folder: Path, file: Path, in_git: bool
) -> None:
    editor.post(f"{SHELF}/new", data=NEW)
    before, text = listed(curricula_folder), (file.parent / MADE).read_text()
    answer = editor.post(f"{SHELF}/{MADE}/delete", data={"base": digest(file.parent / MADE)})
    assert answer.headers["Location"] == f"{SHELF}/{MADE}/history"
    assert not (file.parent / MADE).exists()
    assert "shop-floor" not in listed(curricula_folder)
    assert curriculum(curricula_folder)
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
    assert listed(curricula_folder) == before


def test_a_file_that_others_refer_to_is_not_deleted(
    editor: FlaskClient, curricula_folder: Path, file: Path
) -> None:
    editor.post(f"{SHELF}/new", data=NEW)
    file.write_text(file.read_text() + "entry: {after: [shop-floor]}\n")
    first = file.with_name("curriculum.yaml").read_text()
    moved = with_milestone(without_milestone(first, "new-member"), "new-member", "shop-floor")
    file.with_name("curriculum.yaml").write_text(moved)
    assert curriculum(curricula_folder)
    base = digest(file.parent / MADE)
    answer = editor.post(f"{SHELF}/{MADE}/delete", data={"base": base})
    assert answer.status_code == 422
    assert "There is no milestone `shop-floor`." in answer.text
    assert (file.parent / MADE).exists()
    assert "shop-floor" in listed(curricula_folder)


def test_a_file_changed_meanwhile_is_not_deleted_or_renamed(
    editor: FlaskClient, curricula_folder: Path, file: Path
) -> None:
    base = digest(file)
    file.write_text(file.read_text() + "# more\n")
    for what, more in (("delete", {}), ("rename", {"name": "x.yaml"})):
        assert editor.post(f"{SHELF}/{FILE}/{what}", data={"base": base, **more}).status_code == 409
    assert file.exists()


def test_curriculum_yaml_cannot_be_renamed_or_deleted(
    editor: FlaskClient, curricula_folder: Path
) -> None:
    base = digest(curricula_folder / FOLDER / "curriculum.yaml")
    for what in ("delete", "rename"):
        data = {"base": base, "name": "x.yaml"}
        assert editor.post(f"{SHELF}/curriculum.yaml/{what}", data=data).status_code == 409


def test_two_files_change_together_or_not_at_all(
    editor: FlaskClient,
    people: SignedInUsers,
    curricula_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(file: Path, content: bytes) -> None:
        if file.name == "curriculum.yaml":
            raise OSError(28, "No space left on device")
        put(file, content)

    put, before = file_changes.disk.put, sorted(curricula_folder.rglob("*"))
    monkeypatch.setattr(file_changes.disk, "put", full)
    assert editor.post(f"{SHELF}/new", data=NEW).status_code == 500
    assert sorted(curricula_folder.rglob("*")) == before
    assert audited(people) == []


def test_symbolic_links_are_not_edited_and_outside_files_not_read(
    editor: FlaskClient, curricula_folder: Path, file: Path
) -> None:
    secret = curricula_folder.parent / "secret.yaml"
    secret.write_text("token: hush-hush\n")
    (file.parent / "out.yaml").symlink_to(secret)
    (curricula_folder / "linked").symlink_to(file.parent, target_is_directory=True)
    page = editor.get("/committee/curricula").text
    assert "Symbolic links, which can't be edited here: out.yaml" in page
    assert "This folder can't be edited here" in page
    answer = editor.post(f"{SHELF}/{FILE}/check", data={"text": file.read_text(), "base": "0" * 64})
    assert "points outside the curriculum" in answer.text
    assert "hush" not in answer.text
    linked = f"/committee/curricula/linked/{FILE}"
    assert editor.post(linked, data={"base": digest(file), "text": "x"}).status_code == 409
    assert editor.post("/committee/curricula/linked/new", data=NEW).status_code == 409


def test_only_the_committee_creates_and_deletes_files(
    config: Config, database: Database, clock: Clock, curricula_folder: Path, file: Path
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
