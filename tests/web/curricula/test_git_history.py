"""The history of a file in git: readable whatever a commit contains, and never a failure."""

from __future__ import annotations

import os
import stat
import subprocess
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.web.curricula.storage import git as history
from tests.web.curricula.editor_helpers import ADDRESS, FILE, FOLDER, git, reworded, save

AUTHOR = ("-c", "user.name=Kim", "-c", "user.email=k@union.example")
ODD = "one\x01two\x1b[31m three\u202efour"


def commit(file: Path, note: str, *options: str, author: tuple[str, ...] = AUTHOR) -> None:
    file.write_text(f"{file.read_text()}# {len(note)}\n")
    git(file.parent, *author, "commit", "-qm", note, *options, "--", file.name)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x1b", "\u202e", "\u200b"])
def test_a_note_with_an_invisible_character_is_refused_and_nothing_is_lost(
    editor: FlaskClient, repository: Path, file: Path, character: str
) -> None:
    before = file.read_bytes()
    text = reworded(file)
    answer = save(editor, file, text, note=f"Bet{character}ter", anyway="y")
    assert answer.status_code == 422
    assert "Character 4 can&#39;t be seen or printed" in answer.text
    assert "Newest Member" in answer.text
    assert file.read_bytes() == before
    assert save(editor, file, text, note="Better").status_code == 303
    assert "Better" in editor.get(f"{ADDRESS}/history").text


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e"])
def test_a_text_with_an_invisible_character_is_not_even_saved_with_anyway(
    editor: FlaskClient, file: Path, character: str
) -> None:
    before = file.read_bytes()
    answer = save(editor, file, f"{reworded(file)}# {character}\n", anyway="y")
    assert answer.status_code == 422
    assert file.read_bytes() == before


def test_a_history_with_odd_notes_names_and_times_can_be_read(
    editor: FlaskClient, repository: Path, file: Path
) -> None:
    commit(file, ODD, author=("-c", "user.name=K\x01\x1bim", "-c", "user.email=k@union.example"))
    commit(file, "0" * 40)
    commit(file, "future", "--date=99999999999 +0000")
    page = editor.get(f"{ADDRESS}/history")
    assert page.status_code == 200
    assert "one\\x01two\\x1b[31m three\\u202efour" in page.text
    assert "K\\x01\\x1bim" in page.text
    assert "\x1b" not in page.text
    for each in history.log(file):
        assert editor.get(f"{ADDRESS}/history/{each.sha}").status_code == 200


def replace_newest(repository: Path, old: bytes, new: bytes) -> None:
    """Change bytes of the newest commit, as another program could write them."""
    run = partial(subprocess.run, cwd=repository, check=True, capture_output=True)
    raw = run(["git", "cat-file", "commit", "HEAD"]).stdout
    assert old in raw
    store = ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"]
    sha = run(store, input=raw.replace(old, new)).stdout.decode().strip()
    run(["git", "update-ref", "HEAD", sha])


def test_a_note_in_another_encoding_can_be_read(
    editor: FlaskClient, repository: Path, file: Path
) -> None:
    commit(file, "ete")
    replace_newest(repository, b"\nete", b"\n\xe9t\xe9")
    newest = next(iter(history.log(file)))
    assert newest.note == "\N{REPLACEMENT CHARACTER}t\N{REPLACEMENT CHARACTER}"
    assert editor.get(f"{ADDRESS}/history").status_code == 200


def test_a_time_that_no_calendar_has_is_shown_as_1970(
    editor: FlaskClient, repository: Path, file: Path
) -> None:
    commit(file, "far", "--date=1700000000 +0000")
    replace_newest(repository, b"1700000000 +0000\ncommitter", b"9" * 17 + b" +0000\ncommitter")
    assert next(iter(history.log(file))).at.year == 1970
    assert editor.get(f"{ADDRESS}/history").status_code == 200


def test_what_is_committed_is_printable(repository: Path, file: Path) -> None:
    file.write_text(f"{file.read_text()}# more\n")
    history.commit(file.parent, [file.name], "K\x1bim <x>", "k@union.example", "a\x00b\u202ec")
    newest = next(iter(history.log(file)))
    assert (newest.actor, newest.note) == ("Kim x", "abc")


def test_variables_of_the_environment_do_not_lead_to_another_repository(
    repository: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert [each.note for each in history.log(file)] == ["all"]


def test_settings_of_the_folder_do_not_change_what_is_read(repository: Path, file: Path) -> None:
    commit(file, "Räte")
    for setting in (
        "log.showSignature=true", "color.ui=always", "i18n.logOutputEncoding=latin1",
        "status.showUntrackedFiles=no", "core.quotepath=true",
    ):  # fmt: skip
        git(repository, "config", *setting.split("="))
    assert [each.note for each in history.log(file)] == ["Räte", "all"]
    new = file.with_name("new.yaml")
    new.write_text("milestone: new\n")
    assert history.is_changed(new)


def test_renamed_merged_and_deleted_files_are_followed(repository: Path, file: Path) -> None:
    git(repository, "mv", f"{FOLDER}/{FILE}", f"{FOLDER}/été \x01.yaml")
    git(repository, *AUTHOR, "commit", "-qm", "away")
    odd = file.with_name("été \x01.yaml")
    assert [each.note for each in history.log(odd)] == ["away", "all"]
    assert history.text_at(odd.parent, list(history.log(odd))[-1]).startswith(b"#")
    odd.unlink()
    git(repository, *AUTHOR, "commit", "-qam", "gone")
    assert history.deleted_files(file.parent) == {odd.name}


def test_text_that_git_cannot_take_is_a_git_error(repository: Path, file: Path) -> None:
    for bad in ("a\0b", "a\ud800b"):
        with pytest.raises(history.GitRefused):
            history.text_at(file.parent, history.Commit("0" * 40, "", history._time("x"), "", bad))


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("", history.GitUnavailable),
        ("echo 'no\x1b[31m' >&2; exit 3", history.GitRefused),
        ("exit 3", history.GitRefused),
        ("head -c 9000 /dev/zero | tr '\\0' x >&2; exit 3", history.GitRefused),
        ("printf 'x\\0y\\0z\\0n\\0'", history.GitOutputInvalid),
        ("exec sleep 60", history.GitTimeout),
    ],
)
def test_every_failure_of_git_has_a_type_and_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, error: type[history.GitError]
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    if program:
        stand_in = folder / "git"
        stand_in.write_text(f"#!/bin/sh\n{program}\n")
        stand_in.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin" if program else str(folder))
    monkeypatch.setattr(history, "TIMEOUT_SECONDS", 0.2 if error is history.GitTimeout else 20)
    with pytest.raises(error) as found:
        list(history.log(tmp_path / "file.yaml"))
    assert found.value.reason.isprintable()
    assert 0 < len(found.value.reason) <= history.MAX_REASON_LENGTH


def test_the_page_says_when_git_cannot_be_read(
    editor: FlaskClient, repository: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(editor, file, reworded(file), note="Better")
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/away\n")
    page = editor.get(f"{ADDRESS}/history")
    assert page.status_code == 200
    assert "The versions in git can't be read" in page.text


def test_a_file_whose_text_postgresql_cannot_store_is_kept_as_a_version(
    editor: FlaskClient, file: Path
) -> None:
    text = reworded(file)
    file.write_bytes(file.read_bytes() + b"# \x00\n")
    assert save(editor, file, text).status_code == 303
    assert editor.get(f"{ADDRESS}/history").status_code == 200
