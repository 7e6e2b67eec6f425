"""The editor handles sessions.yaml and forms.yaml like the other files."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.reader import Reading
from tests.web.curricula.editor_helpers import FOLDER, digest

SHELF = f"/committee/curricula/{FOLDER}"
SESSIONS = f"{SHELF}/sessions.yaml"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


@pytest.fixture
def sessions(curricula_folder: Path) -> Path:
    return curricula_folder / FOLDER / "sessions.yaml"


def reading(curricula_folder: Path) -> Reading:
    return read_folder(curricula_folder / FOLDER)


def words(page: str) -> str:
    """What a page shows, in one line."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


def changed(file: Path, *changes: tuple[str, str]) -> str:
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("name", ["sessions.yaml", "forms.yaml", "programs.yaml"])
def test_a_curriculum_without_the_file_can_get_one(
    editor: FlaskClient, curricula_folder: Path, name: str
) -> None:
    for file in ("sessions.yaml", "forms.yaml", "programs.yaml"):
        (curricula_folder / FOLDER / file).unlink()
    page = editor.get("/committee/curricula").text
    assert "Add live sessions" in page
    assert "Add forms" in page
    assert "Add programs" in page
    answer = editor.post(f"{SHELF}/new/{name}")
    assert answer.headers["Location"] == f"{SHELF}/{name}"
    problems = reading(curricula_folder).problems
    assert {each.severity for each in problems if each.file.endswith(name)} == {"warning"}
    (curricula_folder / FOLDER / "sessions.yaml").write_text("sessions: []")
    assert "Add live sessions" not in editor.get("/committee/curricula").text


def test_the_file_is_not_overwritten(editor: FlaskClient, sessions: Path) -> None:
    before = sessions.read_bytes()
    assert editor.post(f"{SHELF}/new/sessions.yaml").status_code == 409
    assert editor.post(f"{SHELF}/new/other.yaml").status_code == 404
    assert editor.post("/committee/curricula/nowhere/new/forms.yaml").status_code == 404
    assert sessions.read_bytes() == before


def test_the_check_names_line_and_column(editor: FlaskClient, sessions: Path) -> None:
    text = changed(sessions, ("minutes: 180", "minutes: 3"))
    line = text[: text.index("minutes: 3")].count("\n") + 1
    found = editor.post(f"{SESSIONS}/problems", data={"text": text}).get_json()
    assert found["marks"] == {str(line): "error"}
    assert "is not between 5 and 1,440" in words(found["found"])
    page = words(editor.post(f"{SESSIONS}/check", data={"text": text}).text)
    assert f"Line {line}, column 14" in page


def test_it_completes_keys_values_and_names(editor: FlaskClient) -> None:
    page = editor.get(SESSIONS).text
    options = dict(re.findall(r'<option value="([a-z-]+)"[^>]*data-options="([^"]*)"', page))
    assert options["credit"].split() == ["all-parts", "any-part", "none"]
    assert {"everyone", "members", "stewards"} <= set(options["audience"].split())
    assert {"session", "part", "parts", "minutes", "attend", "previously"} <= options.keys()
    step = editor.get(f"{SHELF}/new-steward.yaml").text
    names = dict(re.findall(r'<option value="([a-z-]+)"[^>]*data-names="([^"]*)"', step))
    assert "adverse-actions" in names["session"].split()
    assert "adverse-actions" in names["led"].split()


@LANGUAGES
def test_the_preview_shows_the_topics_and_nothing_else(
    editor: FlaskClient, sessions: Path, language: str
) -> None:
    editor.set_cookie("language", language)
    text = changed(sessions, ("en: Grievance Review", "en: Reviewing Cases"))
    page = words(editor.post(f"{SESSIONS}/preview", data={"text": text}).text)
    expected = {
        "en": ["Reviewing Cases", "Part 2: The hearing", "For stewards", "180 minutes",
               "Everyone who attends every part gets the credit.", "Counts towards: New Steward",
               "It doesn't count towards a milestone.", "No account needed"],
        "fr": ["Révision des griefs", "180 minutes"],
    }  # fmt: skip
    for each in expected[language]:
        assert each in page
    assert "Answers and feedback" not in page
    assert sessions.read_text("utf-8") != text


def test_a_condition_of_the_audience_is_in_the_preview(editor: FlaskClient, sessions: Path) -> None:
    text = changed(sessions, ("audience: stewards", "audience: {unit: Transit 12}"))
    page = words(editor.post(f"{SESSIONS}/preview", data={"text": text}).text)
    assert "Unit: Transit 12" in page


def test_the_preview_of_forms_shows_their_fields(
    editor: FlaskClient, curricula_folder: Path
) -> None:
    text = (curricula_folder / FOLDER / "forms.yaml").read_text("utf-8")
    page = editor.post(f"{SHELF}/forms.yaml/preview", data={"text": text}).text
    assert "What should it be about?" in words(page)
    assert "Answers and feedback" not in page
    assert 'method="post" action="/forms' not in page


@LANGUAGES
def test_the_preview_of_programs_shows_both_forms(
    editor: FlaskClient, curricula_folder: Path, language: str
) -> None:
    editor.set_cookie("language", language)
    text = (curricula_folder / FOLDER / "programs.yaml").read_text("utf-8")
    page = words(editor.post(f"{SHELF}/programs.yaml/preview", data={"text": text}).text)
    expected = {
        "en": ["Leadership Program", "For mentees", "How many mentees can you take?"],
        "fr": ["Programme de mentorat", "Première partie", "Que pouvez-vous transmettre"],
    }
    for each in expected[language]:
        assert each in page
    assert "Answers and feedback" not in page


def test_programs_that_a_milestone_requires_cannot_be_deleted(
    editor: FlaskClient, curricula_folder: Path
) -> None:
    file = curricula_folder / FOLDER / "programs.yaml"
    step = curricula_folder / FOLDER / "new-member.yaml"
    before = step.read_text("utf-8")
    step.write_text(
        before.replace("\nrequirements:\n", "\nrequirements:\n  - program: leadership\n")
    )
    page = words(editor.get(f"{SHELF}/programs.yaml/file").text)
    assert "Nobody can apply to these programs any more." in page
    answer = editor.post(f"{SHELF}/programs.yaml/delete", data={"base": digest(file)})
    assert answer.status_code == 422
    assert "There is no program `leadership`." in words(answer.text)
    step.write_text(before)
    answer = editor.post(f"{SHELF}/programs.yaml/delete", data={"base": digest(file)})
    assert answer.status_code == 303
    assert not file.exists()


def test_a_renamed_topic_and_part_need_previously(editor: FlaskClient, sessions: Path) -> None:
    text = changed(
        sessions, ("session: shared-documents", "session: shared-files"),
        ("part: the-hearing", "part: hearing-day"),
    )  # fmt: skip
    page = words(editor.post(f"{SESSIONS}/problems", data={"text": text}).get_json()["found"])
    assert "`shared-documents` is gone. Did you rename it?" in page
    assert "`the-hearing` is gone. Did you rename it?" in page
    for key, former in (("session: shared-files", "shared-documents"),
                        ("part: hearing-day", "the-hearing")):  # fmt: skip
        indent = " " * (4 if key.startswith("session") else 8)
        text = text.replace(key, f"{key}\n{indent}previously: {former}")
    answer = editor.post(SESSIONS, data={"base": digest(sessions), "text": text})
    assert answer.status_code == 303
    assert sessions.read_text("utf-8") == text
    assert "Did you rename it?" not in words(editor.get(SESSIONS).text)


def test_a_required_topic_cannot_be_renamed_alone(editor: FlaskClient, sessions: Path) -> None:
    text = changed(
        sessions, ("session: sick-leave", "session: sickness\n    previously: sick-leave")
    )
    data = {"base": digest(sessions), "text": text}
    answer = editor.post(SESSIONS, data=data)
    assert answer.status_code == 422
    assert "There is no session `sick-leave`." in words(answer.text)
    assert editor.post(SESSIONS, data=data | {"anyway": "y"}).status_code == 303


def test_it_keeps_its_name(editor: FlaskClient, sessions: Path) -> None:
    page = editor.get(f"{SESSIONS}/file").text
    assert "Rename the file" not in page
    assert "removes the milestone" not in page
    data = {"base": digest(sessions), "name": "topics.yaml"}
    assert editor.post(f"{SESSIONS}/rename", data=data).status_code == 409


def test_it_can_be_deleted_and_restored_once_no_milestone_needs_it(
    editor: FlaskClient, curricula_folder: Path, sessions: Path
) -> None:
    data = {"base": digest(sessions)}
    answer = editor.post(f"{SESSIONS}/delete", data=data)
    assert answer.status_code == 422
    assert "new-steward.yaml" in answer.text
    assert "There is no session `steward-basics`." in words(answer.text)
    for name in ("new", "intermediate", "advanced"):
        file = curricula_folder / FOLDER / f"{name}-steward.yaml"
        file.write_text(re.sub("(session|led): ([a-z-]+)", r"certificate: \1-\2", file.read_text()))
    (curricula_folder / FOLDER / "programs.yaml").unlink()
    assert editor.post(f"{SESSIONS}/delete", data=data).status_code == 303
    assert "sessions.yaml" in editor.get(f"{SHELF}/deleted").text
    assert not sessions.exists()
    version = re.search(rf"{SESSIONS}/history/[a-z0-9-]+", editor.get(f"{SESSIONS}/history").text)
    assert version
    assert editor.post(version[0], data={"base": "0" * 64}).status_code == 303
    assert sessions.exists()
