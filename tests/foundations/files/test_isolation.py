"""A file is checked in a process of its own, with limits and without secrets."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bridge.foundations.files import isolation
from bridge.foundations.files.file_types import FileRefused, FileStorageError, FileType
from bridge.foundations.files.isolation import verify_isolated
from bridge.messages import Message
from tests.foundations.files.sample_files import image, pdf


def test_the_answer_is_that_of_the_check() -> None:
    content = image("JPEG")
    found = verify_isolated(content + b"tail")
    assert (found.type, found.size) == (FileType.JPEG, len(content))
    with pytest.raises(FileRefused, match="JavaScript") as refused:
        verify_isolated(pdf("", "<< /JS (x) >>"))
    assert isinstance(refused.value.what, Message)
    assert isinstance(refused.value.todo, Message)


LOADED = """
import sys
from bridge.foundations.files.verification import verify
verify(sys.stdin.buffer.read())
print(*sorted({"pypdf", "PIL.PngImagePlugin", "PIL.JpegImagePlugin"} & sys.modules.keys()))
"""


@pytest.mark.parametrize(
    ("content", "library"),
    [
        (pdf(), "pypdf"),
        (image("PNG"), "PIL.PngImagePlugin"),
        (image("JPEG"), "PIL.JpegImagePlugin"),
    ],
    ids=["pdf", "png", "jpeg"],
)
def test_only_the_library_of_its_type_is_loaded(content: bytes, library: str) -> None:
    """Every file is checked in a new process, and loading them takes most of its time."""
    command = [sys.executable, "-c", LOADED]
    done = isolation.subprocess.run(command, input=content, capture_output=True, check=True)
    assert done.stdout.decode().split() == [library]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program to run instead of Python."""
    program = tmp_path / "program"
    monkeypatch.setattr("sys.executable", str(program))
    return program


def script(program: Path, text: str) -> None:
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o700)


@pytest.mark.parametrize("end", ["kill -KILL $$", "kill -XCPU $$", "exit 1"])
def test_a_process_that_was_stopped_is_a_refusal(stand_in: Path, end: str) -> None:
    script(stand_in, end)
    with pytest.raises(FileRefused, match="too complex"):
        verify_isolated(image())


def test_a_process_that_does_not_end_is_stopped(
    stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "MAX_SECONDS", 0.05)
    script(stand_in, "exec tail -f /dev/null")
    with pytest.raises(FileRefused, match="too complex"):
        verify_isolated(image())


def test_a_process_that_does_not_start_is_an_error_of_ours(stand_in: Path) -> None:
    with pytest.raises(FileStorageError, match="can't be checked"):
        verify_isolated(image())


def test_the_process_has_none_of_our_secrets(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARDPATH_SECRET_KEY", "sesame")
    script(stand_in, f"/usr/bin/env > {tmp_path}/seen; exit 1")
    with pytest.raises(FileRefused):
        verify_isolated(image())
    seen = (tmp_path / "seen").read_text()
    assert "PYTHONPATH" in seen
    assert "sesame" not in seen


def test_the_process_has_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image is decoded in the other process, within its limit."""
    code = (
        "import resource; from bridge.foundations.files import isolation;"
        "isolation.MAX_MEMORY_BYTES = 200 * 1024**2; isolation._main()"
    )
    large = BytesIO()
    Image.new("RGB", (9_000, 7_000)).save(large, "PNG", compress_level=1)
    run = isolation.subprocess.run

    def limited(command: list[str], **more: object) -> object:
        return run([command[0], "-c", code], **more)  # type: ignore[call-overload]

    monkeypatch.setattr(isolation.subprocess, "run", limited)
    assert verify_isolated(image()).type is FileType.PNG
    with pytest.raises(FileRefused, match="too complex"):
        verify_isolated(large.getvalue())
