"""Previews of text that isn't saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.curricula.editor_helpers import (
    ADDRESS,
    FOLDER,
    reworded,
)


def test_the_preview_shows_unsaved_text(editor: FlaskClient, file: Path) -> None:
    before = file.read_text()
    answer = editor.post(f"{ADDRESS}/preview", data={"text": reworded(file)})
    assert "Newest Member" in answer.text
    assert "Answers and feedback" in answer.text
    assert file.read_text() == before
    wrong = editor.post(f"{ADDRESS}/preview", data={"text": "milestone: ["})
    assert wrong.status_code == 422


def test_a_preview_has_no_script(editor: FlaskClient, file: Path) -> None:
    evil = file.read_text().replace("Welcome.", "Welcome. <script>alert(1)</script>", 1)
    assert evil != file.read_text()
    page = editor.post(f"{ADDRESS}/preview", data={"text": evil}).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    link = evil.replace("Welcome.", "Welcome. [x](javascript:alert(1))", 1)
    assert editor.post(f"{ADDRESS}/preview", data={"text": link}).status_code == 422


@pytest.mark.parametrize("name", ["curriculum", *[
    "new-member", "interested-member", "active-member", "new-steward", "intermediate-steward",
    "advanced-steward"]])  # fmt: skip
def test_every_file_can_be_previewed_in_both_languages(
    editor: FlaskClient, curricula_folder: Path, name: str
) -> None:
    text = (curricula_folder / FOLDER / f"{name}.yaml").read_text()
    for language in ("en", "fr"):
        editor.set_cookie("language", language)
        answer = editor.post(
            f"/committee/curricula/{FOLDER}/{name}.yaml/preview", data={"text": text}
        )
        assert answer.status_code == 200
