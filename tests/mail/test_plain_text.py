"""The text version of an email has no Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bridge.config import Config
from bridge.curriculum.model import Acknowledgement, Text
from bridge.mail.examples import LANGUAGES, examples
from bridge.mail.plain_text import to_plain_text
from tests.support.sample_curricula import small

MARKDOWN = "# Hello\n\n**Bold**, *italic*, `code` and [a link](https://x.example/)\n\n- one\n- two"
MARKS = re.compile(r"\*\*|__|\]\(|`|^#+ |^[-*] |(?<!\w)[*_](?=\w)", re.MULTILINE)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**bold**, *italic* and `code`", "bold, italic and code"),
        ("# Title\n\nText", "Title\n\nText"),
        ("[a link](https://x.example/a_b)", "a link (https://x.example/a_b)"),
        ("<https://y.example>", "https://y.example"),
        ("[us](mailto:us@x.example)", "us (us@x.example)"),
        ("- one\n- two\n\nafter", "• one\n• two\n\nafter"),
        ("- one\n\n- two", "• one\n\n• two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("> quoted\n\n2 \\* 3 < 4 & 5", "quoted\n\n2 * 3 < 4 & 5"),
        ("one  \ntwo", "one\ntwo"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a  b\n  1  2"),
        ("![a picture](images/a.png)", "a picture"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_marks_become_plain_text(markdown: str, plain: str) -> None:
    assert to_plain_text(markdown) == plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_email_has_markdown_in_its_text(language: str) -> None:
    text = Text((("en", MARKDOWN), ("fr", MARKDOWN)))
    curriculum = small()
    steps = tuple(
        replace(each, summary=text, next=text, acknowledgement=Acknowledgement(message=text))
        for each in curriculum.milestones
    )
    for each in examples(Config(), [replace(curriculum, milestones=steps)]):
        body = each.render(Config(), language).text.partition("\n-- \n")[0]
        assert MARKS.findall(body) == [], f"{each.name}: {body}"
