"""Twice the text takes about twice the work, whatever the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from bridge.curriculum.markdown import to_html, to_inline_html
from bridge.curriculum.reader import read_text
from bridge.typography import french_spacing
from tests.support.work import count_calls

MARKDOWN: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "[" * n,
    "images": lambda n: "![" * n,
    "stars": lambda n: "*a " * n,
    "mixed marks": lambda n: "*a**b_c__d" * n,
    "links": lambda n: "[a](" * n,
    "backquotes": lambda n: "`a" * n,
    "quotes in quotes": lambda n: ">" * 50 + "a\n" * n,
    "a table": lambda n: "|a|b|\n|-|-|\n" + "|x\n" * n,
    "references": lambda n: "".join(f"[a{i}]: b\n\n[a{i}]\n\n" for i in range(n // 4)),
}


@pytest.mark.parametrize("make", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_grows_with_the_text(make: Callable[[int], str]) -> None:
    to_html("warm up")
    for render in (to_html, to_inline_html):
        once, twice = (count_calls(partial(render, make(n))) for n in (300, 600))
        assert twice < 2.5 * once


def curriculum(names: int) -> dict[str, bytes]:
    wrong = "".join(f"  - quiz: qiuz-{n:05d}\n" for n in range(names))
    right = "".join(f"    - quiz: quiz-{n:05d}\n      title: T\n" for n in range(names))
    text = (
        f"milestone: m\ntitle: T\nrequirements:\n{wrong}course:\n  title: C\n  sections:\n"
        f"  - title: S\n    activities:\n{right}"
    )
    top = "curriculum: c\ntitle: T\nlanguages: [en]\nmilestones:\n- m\n"
    return {"curriculum.yaml": top.encode(), "m.yaml": text.encode()}


def test_checking_many_wrong_names_grows_with_their_number() -> None:
    read_text(curriculum(1))
    once, twice = (count_calls(lambda n=n: read_text(curriculum(n))) for n in (700, 1400))
    assert twice < 2.5 * once


def test_french_spacing_reads_a_long_text_once() -> None:
    """Each of these would take hours if it were read again at every mark."""
    assert french_spacing("a" + " " * 2_000_000 + "b").count(" ") == 2_000_000
    assert french_spacing("<code>" * 500_000).startswith("<code>")
    assert french_spacing("<code " * 500_000).startswith("<code")
    assert french_spacing("<b>a !</b> <code>b !</code> c !") == (
        "<b>a\u202f!</b> <code>b !</code> c\u202f!"
    )
