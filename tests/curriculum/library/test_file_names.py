"""Curricula and milestones whose files have wrong names or places don't disappear silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.curriculum.library.folders import read_all, read_folder
from bridge.curriculum.library.reloading import problems_in
from bridge.curriculum.reader import read_text
from tests.curriculum.sample_files import TOP, changed, files, only

OTHER = files(top=changed(TOP, "curriculum: small", "curriculum: other"))
WRONG = ["curriculum.yml", "curriculum.YAML", "curriculum.yaml.txt", "Curriculum.yaml",
         "CURRICULUM.YML", "curriculum.yml.txt",
         "curiculum.yaml", "curriculum (1).yaml", "parcours.yaml",
         "Copy of curriculum.yml"]  # fmt: skip


def write(folder: Path, content: dict[str, bytes]) -> Path:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.mark.parametrize("name", WRONG)
def test_a_curriculum_with_a_wrong_name_is_an_error(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a", files())
    folder = write(tmp_path / "b", OTHER)
    (folder / "curriculum.yaml").rename(folder / name)
    good, wrong = read_all(tmp_path)
    assert good.problems == ()
    problem = only(wrong)
    assert problem.file == f"{folder.as_posix()}/{name}"
    assert problem.message == "This file is not read: its name must be curriculum.yaml."
    assert problem.suggestion == "rename it to curriculum.yaml"
    assert "its name must be curriculum.yaml" in problems_in([good, wrong])


def test_a_curriculum_one_folder_too_deep_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a", files())
    write(tmp_path / "b/b", OTHER)
    good, wrong = read_all(tmp_path)
    assert good.problems == ()
    assert {each.file for each in wrong.problems} >= {f"{(tmp_path / 'b').as_posix()}/{name}"
        for name in ("curriculum.yaml", "b/curriculum.yaml")}  # fmt: skip
    assert wrong.errors


def test_milestones_without_a_curriculum_are_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a", files())
    (write(tmp_path / "b", OTHER) / "curriculum.yaml").unlink()
    assert "There is no curriculum.yaml" in only(read_all(tmp_path)[1]).message


def test_other_folders_are_not_curricula(tmp_path: Path) -> None:
    write(tmp_path, {"a/notes.yaml": b"notes: x", "b/x.md": b"", ".c/curriculum.yml": b""})
    assert read_all(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "better"),
    [("third.yml", "third.yaml"), ("third.YAML", "third.yaml"), ("third.yaml.txt", "third.yaml"),
     ("Third.Yml", "Third.yaml")],
)  # fmt: skip
def test_a_milestone_with_a_wrong_ending_is_an_error(name: str, better: str) -> None:
    problem = only(read_text({**files(), name: b"milestone: third"}))
    assert (problem.severity, problem.file) == ("error", name)
    assert problem.suggestion == f"rename it to {better}"


def test_a_copy_with_a_wrong_ending_is_a_warning() -> None:
    problem = only(read_text({**files(), "first-step.yaml.txt": b""}))
    assert (problem.severity, problem.suggestion) == (
        "warning", "delete it: there is also a file first-step.yaml",
    )  # fmt: skip


def test_a_file_in_a_subfolder_is_a_warning(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {**files(), "later/third.yaml": b"milestone: third"})
    problem = only(read_folder(folder, ""))
    assert (problem.severity, problem.file) == ("warning", "later/third.yaml")
    assert problem.message == "Files in subfolders are not read."


def test_other_files_are_not_reported(tmp_path: Path) -> None:
    names = ("README.md", "notes.txt", "first-step.yaml~", "first-step.yaml.bak",
             ".first-step.yaml.swp", ".git/config.yaml", "badges/notes.txt")  # fmt: skip
    more = dict.fromkeys(names, b"")
    assert read_folder(write(tmp_path / "a", {**files(), **more})).problems == ()


def test_a_link_with_a_wrong_ending_is_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", files())
    (folder / "third.YAML").symlink_to(tmp_path / "nowhere.yaml")
    assert "points outside" in read_folder(folder, "").errors[0].message


@pytest.mark.parametrize(
    "name", ["first-step.docx", "first-step.json", "first-step", "first-step.md"]
)
def test_a_milestone_in_another_format_is_named(tmp_path: Path, name: str) -> None:
    content = files()
    content[name] = content.pop("first-step.yaml")
    errors = read_folder(write(tmp_path, content)).errors
    advice = f"save the text of {name} as plain text, in the file first-step.yaml"
    assert advice in [each.suggestion for each in errors]


def test_a_copy_that_a_browser_made_is_one_error() -> None:
    for name in ("first-step (1).yaml", "first-step - Copy.yaml", "Copie de first-step.yaml"):
        copied = {**files(), name: files()["first-step.yaml"]}
        problem = only(read_text(copied))
        assert (problem.file, problem.message) == (
            name, "This file is a copy of first-step.yaml.",
        )  # fmt: skip
        assert problem.suggestion == "delete one of the two"


def test_another_milestone_with_a_name_like_a_copy_is_read() -> None:
    other = {**files(), "first-step (1).yaml": b"milestone: other"}
    assert "is a copy" not in str(read_text(other).problems)


@pytest.mark.parametrize("name", ["third.yaml.rtf", "third.yaml.docx", "third.yml.odt"])
def test_a_document_named_like_a_milestone_is_an_error(name: str) -> None:
    problem = only(read_text(files(), unread=(name,)))
    assert (problem.severity, problem.file) == ("error", name)
    assert problem.suggestion == "save its text as plain text, in the file third.yaml"


@pytest.mark.parametrize("name", ["curriculum.docx", "curriculum", "curriculum.yaml.docx"])
def test_a_curriculum_in_another_format_is_named(name: str) -> None:
    without = {key: content for key, content in files().items() if key != "curriculum.yaml"}
    advice = [each.suggestion for each in read_text(without, unread=(name,)).problems]
    assert f"save the text of {name} as plain text, in the file curriculum.yaml" in advice


@pytest.mark.parametrize("name", ["Sessions.yaml", "session.yaml"])
def test_sessions_in_a_file_of_another_name_are_explained(name: str) -> None:
    problem = only(read_text({**files(), name: b"sessions: []"}))
    assert problem.suggestion == (
        "rename the file to sessions.yaml, or move its lines into that file"
    )


@pytest.mark.parametrize("folder", ["Images", "image", "photos"])
def test_a_folder_of_images_with_a_wrong_name_is_a_warning(folder: str) -> None:
    image = files()["badges/second.png"]
    problem = only(read_text({**files(), f"{folder}/a.png": image}))
    assert (problem.severity, problem.file) == ("warning", f"{folder}/")


def test_the_file_that_word_keeps_while_it_has_another_open_is_ignored(tmp_path: Path) -> None:
    folder = write(tmp_path, {**files(), "~$rst-step.yaml": b"\x05Kim", "~$x.docx": b"\x05"})
    assert read_folder(folder).problems == ()
