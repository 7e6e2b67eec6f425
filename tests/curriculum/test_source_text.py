"""Files that cannot be decoded or used at all."""

from __future__ import annotations

import pytest

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import read_text

from .sample_files import FIRST, changed, files, only


def broken(content: bytes) -> Problem:
    return only(read_text({**files(), "first-step.yaml": content}))


def test_the_first_byte_that_is_not_utf_8_is_located() -> None:
    problem = broken(changed(FIRST, "First Step", "Délégué").encode("cp1252"))
    assert (problem.line, problem.column, problem.source_line) == (2, 9, "title: Délégué")
    assert "byte, 0xe9" in problem.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b" \n\n", "The file is empty"),
        (b"# nothing yet\n", "only comments"),
        (FIRST.encode("utf-16"), "saved as UTF-16"),
        (b"PK\x03\x04\x14\0\x06\0\x9c", "document of another program"),
        (b"{\\rtf1\\ansi milestone: first-step}", "document of another program"),
        (b"<!DOCTYPE html>", "document of another program"),
        (b"milestone: a\0b", "U+0000"),
        (b"x" * (256 * 1024 + 1), "larger than 262,144 bytes"),
        (b"- a list", "must begin with `milestone: "),
        (b"just words", "must begin with `milestone: "),
        (b"[" * 100_000, "nested more than 24 levels"),
        (b"{a: " * 10_000, "nested more than 24 levels"),
        (b"a: &x [1,1]\nb: &y [*x,*x]\nc: [*y,*y]", "cannot begin with the character &"),
        (b"curriculum: again\ntitle: x", "must begin with `milestone: "),
    ],
)
def test_a_file_that_cannot_be_used(content: bytes, message: str) -> None:
    reading = read_text({**files(), "first-step.yaml": content})
    assert any(p.file == "first-step.yaml" and message in p.message for p in reading.errors)


def test_yml_files_are_errors() -> None:
    assert "ending in .yaml" in only(read_text({**files(), "third.yml": b"x"})).message
