"""Marks that learners would see, or that keep an answer from counting, are warnings."""

from __future__ import annotations

import pytest

from tests.curriculum.sample_files import read_first, read_second

NEXT = "next: Go on."


@pytest.mark.parametrize(
    "text",
    [
        "Read [it](https://u.test/my file.pdf).",
        "Read [it] (https://u.test).",
        "Read [it](https://u.test",
        "Read [it](https://union .test) today.",
        "#Heading",
        "##heading",
        "Words\n  ##Heading",
        "** bold **",
        "**bold",
        "Say **it now.",
        "a) one\n  b) two",
        "(a) one\n  (b) two",
        "Write to [us](mailto:).",
    ],
)
def test_broken_marks_in_a_text(text: str) -> None:
    (problem,) = read_first(NEXT, f"next: |\n  {text}").problems
    assert problem.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "Read [it](https://u.test/my%20file.pdf).",
        "[Draft] (see below)",
        "Item [a](https://u.test) (the first)",
        "#5 is ours, and #union too",
        "**bold** and \\*\\*stars\\*\\*",
        "`[x] (https://u.test)` and `** x **`",
        "a) one thing, b) another",
        "Write to [us](mailto:us@union.test?subject=Hello).",
    ],
)
def test_marks_that_are_meant(text: str) -> None:
    assert read_first(NEXT, f"next: |\n  {text}").problems == ()


@pytest.mark.parametrize(
    "answer",
    ["_délégué_", "« délégué »", "'\"rep\"'", "'“rep”'", "rep.", "rep, shop rep, union rep",
     "rep or agent", "rep/agent", "rep ou agent", '"**rep**"'],
)  # fmt: skip
def test_an_answer_that_nobody_types(answer: str) -> None:
    (problem,) = read_second("- steward\n", f"- {answer}\n").problems
    assert problem.severity == "warning"
    assert problem.suggestion


@pytest.mark.parametrize("answer", ["M.", "a.m.", "rank and file", "10/12", "'*rep*'", "3,5 h"])
def test_an_answer_with_marks_of_its_own(answer: str) -> None:
    assert read_second("- steward\n", f"- {answer}\n").problems == ()


@pytest.mark.parametrize(
    "block",
    [">\n  # Title\n  Words", ">\n  | a |\n  | - |", ">\n  - a\n  - b",
     "|\n  Hello\n  en: Hello", "|\n  Hello\n  - question: x", "|\n  Hello\n  access: open"],
)  # fmt: skip
def test_a_block_that_hides_its_structure(block: str) -> None:
    (problem,) = read_first(NEXT, f"next: {block}").problems
    assert problem.suggestion


@pytest.mark.parametrize(
    "block",
    [">\n  One\n  two", ">\n  # Title\n\n  Words", "|\n  - a\n  - b", "|\n  Note: hello\n  - a: b"],
)
def test_a_block_that_is_read_as_meant(block: str) -> None:
    assert read_first(NEXT, f"next: {block}").problems == ()
