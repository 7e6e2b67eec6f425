"""The editor: what it shows, what it refuses, and how it saves."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.store.curricula import file_versions
from bridge.store.tables.operations import AuditEntry
from tests.web.curricula.editor_helpers import (
    ADDRESS,
    FILE,
    FOLDER,
    area,
    digest,
    git,
    reworded,
    save,
)
from tests.web.signed_in_users import SignedInUsers


def test_the_list_names_every_file(editor: FlaskClient, file: Path) -> None:
    page = editor.get("/committee/curricula").text
    assert f'href="{ADDRESS}"' in page
    assert "curriculum.yaml" in page


def test_the_editor_shows_the_unchanged_text_with_line_numbers(
    editor: FlaskClient, file: Path
) -> None:
    answer = editor.get(ADDRESS)
    assert area(answer) == file.read_text()
    assert answer.text.count('<span id="L') == file.read_text().count("\n") + 1
    assert digest(file) in answer.text


def test_a_problem_is_shown_at_its_line_and_nothing_is_saved(
    editor: FlaskClient, file: Path
) -> None:
    before = file.read_bytes()
    wrong = file.read_text().replace("audience:", "audiense:", 1)
    line = wrong[: wrong.index("audiense:")].count("\n") + 1
    answer = editor.post(f"{ADDRESS}/check", data={"text": wrong, "base": digest(file)})
    assert f'<span id="L{line}" class="error">' in answer.text
    assert f'href="#L{line}"' in answer.text
    assert "did you mean `audience`?" in answer.text
    assert area(answer) == wrong
    assert file.read_bytes() == before


def test_messages_of_the_editor_are_translated_to_french(editor: FlaskClient, file: Path) -> None:
    editor.set_cookie("language", "fr")
    wrong = file.read_text().replace("audience:", "audiense:", 1)
    page = editor.post(f"{ADDRESS}/check", data={"text": wrong, "base": digest(file)}).text
    assert "Clé inconnue\xa0: `audiense`." in page
    assert "vouliez-vous dire `audience`\u202f?" in page
    assert 'lang="en"' not in page[page.index('id="problems"') : page.index("</ol>")]
    assert 'data-about="À qui l’étape s’adresse."' in page
    data = editor.post(f"{ADDRESS}/problems", data={"text": "a: [1, 2"}).get_json()
    assert "Ce n’est pas du YAML" in data["found"] or "n’est pas fermé" in data["found"]


def test_the_check_while_typing_gives_the_same_result(editor: FlaskClient, file: Path) -> None:
    for each in file.parent.glob("*.yaml"):
        each.write_text(each.read_text().replace("example.org/your-local", "local.example"))
    right = file.read_text()
    wrong = right.replace("audience:", "audiense:", 1).replace("\n", "\r\n")
    data = editor.post(f"{ADDRESS}/problems", data={"text": wrong}).get_json()
    assert "did you mean `audience`?" in data["found"]
    assert (data["state"], list(data["marks"].values())) == ("bad", ["error"])
    fine = editor.post(f"{ADDRESS}/problems", data={"text": right}).get_json()
    assert (fine["state"], fine["marks"], fine["found"].strip()) == ("good", {}, "")


def test_a_broken_reference_is_shown_at_its_line(editor: FlaskClient, file: Path) -> None:
    renamed = file.read_text().replace("milestone: new-member", "milestone: xyz", 1)
    data = editor.post(f"{ADDRESS}/problems", data={"text": renamed}).get_json()
    assert '<span class="place">curriculum.yaml, ' in data["found"]


def test_saving_without_git_keeps_the_old_and_the_new_text(
    editor: FlaskClient, people: SignedInUsers, file: Path
) -> None:
    before, first = file.read_text(), digest(file)
    new = reworded(file)
    answer = save(editor, file, new.replace("\n", "\r\n"), note="A better title")
    assert answer.status_code == 303
    assert file.read_text() == new
    assert not list(file.parent.glob(".*"))
    with people.database.reading() as session:
        kept = file_versions.versions_of(session, FOLDER, FILE)
        assert [(each.text, each.actor) for each in kept] == [
            (new, "committee@union.example"),
            (before, ""),
        ]
        line = session.scalars(select(AuditEntry)).one()
    assert (line.actor, line.action) == ("committee@union.example", "curriculum")
    assert line.before == {
        "file": f"{FOLDER}/{FILE}", "sha256": first, "lines": "  en: New Member"
    }  # fmt: skip
    assert line.after["lines"] == "  en: Newest Member"
    assert line.after["sha256"] == digest(file)
    assert line.after["note"] == "A better title"


def test_saving_twice_with_one_page_is_no_conflict(editor: FlaskClient, file: Path) -> None:
    base, new = digest(file), reworded(file)
    for _ in range(2):
        answer = editor.post(ADDRESS, data={"text": new, "base": base, "note": ""})
        assert answer.status_code == 303
    page = editor.get(ADDRESS).text
    assert "Saved." in page
    assert "Someone else" not in page
    assert file.read_text() == new


def test_saving_in_git_commits_only_this_file_as_the_editor(
    editor: FlaskClient, people: SignedInUsers, file: Path, repository: Path
) -> None:
    (repository / "other.txt").write_text("somebody is at this")
    git(repository, "add", "other.txt")
    answer = save(editor, file, reworded(file), note="--amend A better title")
    assert answer.status_code == 303
    said = git(repository, "log", "-1", "--format=%an|%ae|%ce|%s|%b", "--name-only").strip()
    head, _, names = said.partition("\n")
    assert "committee@union.example|committee@union.example" in head
    assert head.endswith(f"|{FOLDER}/{FILE}: --amend A better title|")
    assert names.split() == [f"{FOLDER}/{FILE}"]
    assert git(repository, "rev-list", "--count", "HEAD").strip() == "2"
    assert "A  other.txt" in git(repository, "status", "--porcelain")
    with people.database.reading() as session:
        assert file_versions.versions_of(session, FOLDER, FILE) == []


def test_uncommitted_text_is_kept_before_it_is_replaced(
    editor: FlaskClient, people: SignedInUsers, file: Path, repository: Path
) -> None:
    by_hand = reworded(file)
    file.write_text(by_hand)
    save(editor, file, by_hand.replace("Newest", "Latest"))
    with people.database.reading() as session:
        assert [each.text for each in file_versions.versions_of(session, FOLDER, FILE)] == [by_hand]


def test_if_git_fails_the_file_is_saved_and_a_copy_kept(
    editor: FlaskClient, people: SignedInUsers, file: Path, repository: Path
) -> None:
    (repository / ".git" / "index.lock").touch()
    new = reworded(file)
    assert save(editor, file, new).status_code == 303
    assert "Git reports" in editor.get(ADDRESS).text
    assert file.read_text() == new
    with people.database.reading() as session:
        assert file_versions.versions_of(session, FOLDER, FILE)[0].text == new


def test_concurrent_edits_never_overwrite_each_other(editor: FlaskClient, file: Path) -> None:
    base, mine = digest(file), reworded(file)
    theirs = mine.replace("Newest", "Their")
    file.write_text(theirs)
    answer = editor.post(ADDRESS, data={"base": base, "text": mine, "note": "mine"})
    assert answer.status_code == 409
    assert file.read_text() == theirs
    assert area(answer) == mine
    assert area(answer, "there") == theirs
    assert digest(file) in answer.text
    assert save(editor, file, mine).status_code == 303
    assert file.read_text() == mine


def test_errors_are_saved_only_if_confirmed(editor: FlaskClient, file: Path) -> None:
    before = file.read_text()
    wrong = before.replace("audience:", "audiense:", 1)
    answer = save(editor, file, wrong)
    assert answer.status_code == 422
    assert 'name="anyway"' in answer.text
    assert file.read_text() == before
    assert save(editor, file, wrong, anyway="y").status_code == 303
    assert file.read_text() == wrong


@pytest.mark.parametrize(
    "address",
    [
        f"/committee/curricula/{FOLDER}/..%2f..%2fconfig.yaml",
        f"/committee/curricula/..%2f{FOLDER}/{FILE}",
        "/committee/curricula/../config.yaml",
        f"/committee/curricula/{FOLDER}/.hidden.yaml",
        f"/committee/curricula/{FOLDER}/link.yaml",
        f"/committee/curricula/{FOLDER}/badges",
        f"/committee/curricula/{FOLDER}/no%00thing.yaml",
    ],
)
def test_only_listed_files_can_be_opened(
    editor: FlaskClient, file: Path, curricula_folder: Path, address: str
) -> None:
    (curricula_folder.parent / "config.yaml").write_text("secret: 1")
    (file.parent / ".hidden.yaml").write_text("secret: 1")
    (file.parent / "link.yaml").symlink_to(curricula_folder.parent / "config.yaml")
    for method in ("GET", "POST"):
        answer = editor.open(address, method=method, data={"base": "0" * 64, "text": "x"})
        assert answer.status_code in (404, 405)
        assert "secret" not in answer.text


def test_a_yaml_bomb_is_reported_as_a_problem(editor: FlaskClient, file: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    for text in (bomb, "[" * 50_000, "{" * 50_000):
        data = editor.post(f"{ADDRESS}/problems", data={"text": text}).get_json()
        assert data["state"] == "bad"
        assert data["marks"]


def test_a_text_that_is_too_large_is_refused(editor: FlaskClient, file: Path) -> None:
    before = file.read_bytes()
    large = "# x\n" * 300_000
    assert save(editor, file, large).status_code == 413
    assert file.read_bytes() == before


def test_windows_line_ends_and_the_file_mode_are_kept(editor: FlaskClient, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    file.chmod(0o640)
    save(editor, file, reworded(file))
    content = file.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 100
    assert file.stat().st_mode & 0o777 == 0o640


def test_the_shipped_curriculum_is_read_only_and_says_how_to_copy_it(
    users: SignedInUsers,
) -> None:
    editor = users.client("committee")
    page = editor.get(ADDRESS)
    assert "curricula: /srv/union/curricula" in page.text
    assert " readonly" in page.text
    assert '<button class="btn btn-primary">' not in page.text
    text = area(page)
    answer = editor.post(ADDRESS, data={"base": "0" * 64, "text": text})
    assert answer.status_code == 409


def test_an_auditor_can_read_but_not_save(people: SignedInUsers, file: Path) -> None:
    auditor = people.client("auditor")
    page = auditor.get(ADDRESS).text
    assert 'name="note"' not in page
    assert save(auditor, file, reworded(file)).status_code == 403


def test_an_error_in_another_file_does_not_block_saving(editor: FlaskClient, file: Path) -> None:
    other = file.with_name("new-steward.yaml")
    other.write_text(other.read_text().replace("audience:", "audiense:", 1))
    assert save(editor, file, reworded(file)).status_code == 303
    renamed = file.read_text().replace("milestone: new-member", "milestone: newer-member", 1)
    assert save(editor, file, renamed).status_code == 422


def test_the_navigation_marks_the_current_section(editor: FlaskClient) -> None:
    room = 'href="/committee/curricula" aria-current="{}"'
    assert room.format("page") in editor.get("/committee/curricula").text
    assert room.format("true") in editor.get(ADDRESS).text
    assert "aria-current" not in editor.get("/committee/quizzes").text


def test_the_list_says_which_curriculum_is_not_read(editor: FlaskClient, file: Path) -> None:
    other = file.parent.parent / "other"
    other.mkdir()
    (other / "curriculum.yml").write_text("curriculum: other")
    page = editor.get("/committee/curricula").text
    assert "its name must be curriculum.yaml" in page
    assert "rename it to curriculum.yaml" in page


def test_a_renamed_key_is_questioned_while_typing_and_can_be_saved(
    editor: FlaskClient, file: Path
) -> None:
    text = file.read_text().replace("- section: ", "- section: new-", 1)
    found = editor.post(f"{ADDRESS}/problems", data={"text": text}).get_json()["found"]
    assert "Did you rename it?" in found
    assert save(editor, file, text).status_code == 303
    assert file.read_text() == text
