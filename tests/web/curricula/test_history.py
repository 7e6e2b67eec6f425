"""Earlier versions of a file and restoring them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.store.curricula import file_versions
from tests.web.curricula.editor_helpers import (
    ADDRESS,
    FOLDER,
    area,
    digest,
    reworded,
    save,
)
from tests.web.signed_in_users import SignedInUsers


@pytest.mark.parametrize("in_git", [True, False])
def test_an_earlier_version_can_be_restored(
    editor: FlaskClient, file: Path, in_git: bool, request: pytest.FixtureRequest
) -> None:
    if in_git:
        request.getfixturevalue("repository")
    before = file.read_text()
    save(editor, file, reworded(file), note="A better title")
    page = editor.get(f"{ADDRESS}/history").text
    assert "A better title" in page
    oldest = re.findall(rf'href="({ADDRESS}/history/[^"]+)"', page)[-1]
    assert "Newest" in editor.get(oldest).text
    assert editor.post(oldest, data={"base": digest(file)}).status_code == 303
    assert file.read_text() == before
    assert "Restored an earlier version" in editor.get(f"{ADDRESS}/history").text


def test_a_version_of_another_file_is_not_found(
    editor: FlaskClient, people: SignedInUsers, file: Path
) -> None:
    with people.database.transaction() as session:
        other = file_versions.save_version(
            session, FOLDER, "new-steward.yaml", "x", "", "", people.clock()
        )
    for name in (f"copy-{other}", "copy-999999", "HEAD", "--output=x", "0" * 40):
        assert editor.get(f"{ADDRESS}/history/{name}").status_code == 404


def test_restoring_never_overwrites_a_newer_save(editor: FlaskClient, file: Path) -> None:
    save(editor, file, reworded(file))
    page = editor.get(f"{ADDRESS}/history").text
    oldest = re.findall(rf'href="({ADDRESS}/history/[^"]+)"', page)[-1]
    base = digest(file)
    theirs = file.read_text().replace("Newest", "Their")
    file.write_text(theirs)
    answer = editor.post(oldest, data={"base": base})
    assert answer.status_code == 409
    assert area(answer, "there") == theirs
    assert file.read_text() == theirs
