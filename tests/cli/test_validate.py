"""`validate` and `schema`."""

from __future__ import annotations

import json

from tests.cli.command_runner import Folder
from tests.web.curricula.editor_helpers import git


def test_a_valid_curriculum(folder: Folder) -> None:
    ran = folder.run("validate")
    assert "small: 2 milestones, 1 quiz, 1 question." in ran.out
    assert folder.run("validate", "--format", "json").data == {"problems": []}


def test_the_shipped_curriculum(empty: Folder) -> None:
    assert "0 errors" in empty.run("validate").out


def test_one_curriculum_can_be_named(folder: Folder) -> None:
    assert "0 errors" in folder.run("validate", "curricula/small").out


def test_every_problem_has_its_line_and_column(folder: Folder) -> None:
    file = folder.path / "curricula/small/first.yaml"
    broken = file.read_text().replace("audience: members", "audiense: members")
    file.write_text(broken.replace("type: true-false", "type: true-fals"))
    ran = folder.run("validate", code=1)
    assert "first.yaml:3:1: error" in ran.out
    assert "did you mean `audience`?" in ran.out
    assert "true-fals" in ran.out
    problems = folder.run("validate", "--format", "json", code=1).data["problems"]
    assert isinstance(problems, list)
    assert {"line", "column", "severity"} <= set(problems[0])


def test_malformed_yaml(folder: Folder) -> None:
    folder.write("curricula/small/second.yaml", "milestone: [\n\tx: 'y\n")
    assert "curricula/small/second.yaml:2:" in folder.run("validate", code=1).out


def test_a_folder_without_curricula(folder: Folder) -> None:
    assert "there is no curriculum in" in folder.run("validate", "nowhere", code=1).err


def test_the_schema_is_written_to_a_file(folder: Folder) -> None:
    folder.run("schema", "--output", "curricula/schema.json")
    written = json.loads((folder.path / "curricula/schema.json").read_text())
    assert written == folder.run("schema").data
    assert "$schema" in written
    assert "0 errors" in folder.run("validate").out


def test_a_schema_that_cannot_be_written(folder: Folder) -> None:
    folder.write("file", "")
    ran = folder.run("schema", "--output", "file/schema.json", code=1)
    assert "cannot be written" in ran.err


def test_a_curriculum_with_a_wrong_name_is_reported(folder: Folder) -> None:
    top = folder.path / "curricula/small/curriculum.yaml"
    top.rename(top.with_suffix(".yml"))
    for argument in ("curricula", "curricula/small"):
        ran = folder.run("validate", argument, code=1)
        assert "small/curriculum.yml:1:1: error" in ran.out


def test_a_renamed_key_is_reported_against_the_last_commit(folder: Folder) -> None:
    file = folder.path / "curricula/small/first.yaml"
    git(folder.path, "init", "--quiet")
    git(folder.path, "add", ".")
    author = ("-c", "user.name=First", "-c", "user.email=f@union.example")
    git(folder.path, *author, "commit", "-qm", "all")
    assert "Did you rename it?" not in folder.run("validate").out
    file.write_text(file.read_text().replace("section: ", "section: new-"))
    assert "Did you rename it?" in folder.run("validate").out


def test_roles_are_compared_with_those_of_the_configuration(folder: Folder) -> None:
    file = folder.path / "curricula/small/first.yaml"
    file.write_text(file.read_text().replace("audience: members", "audience: {role: drivr}"))
    assert "0 warnings" in folder.run("validate").out
    with (folder.path / "config.yaml").open("a") as config:
        config.write("\nmember_roles: {driver: Bus driver}\n")
    assert "did you mean `driver`?" in folder.run("validate").out
