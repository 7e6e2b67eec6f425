"""Markdown becomes safe HTML, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.curriculum.markdown import (
    TAGS,
    clean,
    escape_title,
    moodle_inline_html,
    multilang,
    title_text,
    to_html,
    to_inline_html,
    to_line_html,
    without_marks,
)
from bridge.curriculum.model import NO_TEXT, Text

BOTH = Text((("en", "*Hello*"), ("fr", "*Bonjour*")))

FRAGMENTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "![x](data:text/html;base64,AAAA)",
    "<javascript:alert(1)>",
    "[r]: javascript:alert(1)\n\n[r]",
    "<a href='https://x' onclick='x'>",
    "<svg/onload=x>",
    "<iframe src=https://x>",
    "<style>*{}</style>",
    "</span>",
    '<span lang="fr" class="multilang">',
    "| a | b |\n|:--|--:|\n| 1 | <b> |",
    "```\n</span><script>\n```",
    "`<i>`",
    "<!-- --!><script>",
    "https://example.org",
    "[x](https://example.org 'a\"b')",
    "~~gone~~",
    "&lt;script&gt;",
    "\u0000",
    "\n\n",
    "> ",
    "- ",
    "# ",
    "    ",
]
MARKDOWN = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=8).map("".join)
ALLOWED = {"href", "src", "alt", "title", "rel", "start", "align"}


class Inspector(HTMLParser):
    """Fails on any tag, attribute or URL that is not allowed in our HTML."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ALLOWED
            if name in {"href", "src"}:
                assert str(value).lower().startswith(("http://", "https://", "mailto:"))
            if tag == "a" and name == "rel":
                assert "noopener" in str(value)

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


@settings(max_examples=300, deadline=None)
@given(MARKDOWN)
def test_no_dangerous_html_gets_through(markdown: str) -> None:
    for html in (to_html(markdown), to_inline_html(markdown)):
        Inspector().feed(html)
        assert "<span" not in html
        assert "</span" not in html


@settings(max_examples=200, deadline=None)
@given(MARKDOWN)
def test_cleaning_is_idempotent(markdown: str) -> None:
    html = to_html(markdown)
    assert clean(html) == html
    assert to_html(markdown) == html


def test_the_inspector_can_fail() -> None:
    for bad in ("<script>", "<a onclick=x>", "<a href='javascript:x'>", "<!-- x -->"):
        with pytest.raises(AssertionError):
            Inspector().feed(bad)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <s>d</s> <code>e</code></p>"),
        (
            "[a](https://b.org/?c=1&d=2)",
            '<p><a href="https://b.org/?c=1&amp;d=2" rel="noopener noreferrer">a</a></p>',
        ),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ('<span lang="en" class="multilang">a</span>', "a"),
        ("<script>a</script>b", "b"),
        ('<p onclick="x" style="y">a</p>', "<p>a</p>"),
        ('<a href="ftp://x.org">a</a>', '<a rel="noopener noreferrer">a</a>'),
        (
            '<a href="mailto:a@b.org">a</a>',
            '<a href="mailto:a@b.org" rel="noopener noreferrer">a</a>',
        ),
        ('<img src="data:image/png;base64,AA" alt="a">', '<img alt="a">'),
    ],
)
def test_cleaning_does_not_rely_on_the_parser(html: str, cleaned: str) -> None:
    assert clean(html) == cleaned


def test_tables_keep_their_alignment_without_style_attributes() -> None:
    html = to_html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert '<th align="center">a</th>' in html
    assert '<td align="right">2</td>' in html
    assert "style" not in html


def test_one_line_stays_one_line() -> None:
    assert to_inline_html("1. a *b*\nc") == "1. a <em>b</em> c"
    assert to_inline_html("- x") == "- x"


def test_several_languages_use_the_multilang_format() -> None:
    assert multilang(BOTH, to_inline_html) == (
        '<span lang="en" class="multilang"><em>Hello</em></span>'
        '<span lang="fr" class="multilang"><em>Bonjour</em></span>'
    )


def test_one_language_stays_plain() -> None:
    assert multilang(Text((("en", "a"), ("fr", " "))), to_inline_html) == "a"
    assert multilang(NO_TEXT, to_html) == ""


@pytest.mark.parametrize(
    ("title", "stored"),
    [
        ("Q & A", "Q & A"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("R&amp;D", "R&amp;amp;D"),
        ("&#60;b", "&amp;#60;b"),
        ("&; & x;", "&; & x;"),
        ("two\n lines", "two lines"),
    ],
)
def test_titles_are_escaped_for_format_string(title: str, stored: str) -> None:
    assert escape_title(title) == stored


def test_titles_in_two_languages() -> None:
    assert title_text(Text((("en", "a<b"), ("fr", "é")))) == (
        '<span lang="en" class="multilang">a&lt;b</span><span lang="fr" class="multilang">é</span>'
    )


def test_language_tags_become_readable() -> None:
    both = Text((("en", "a<b"), ("fr-ca", "é")))
    assert without_marks(title_text(both)) == "[en] a&lt;b [fr-ca] é"
    assert without_marks("one language") == "one language"


def test_line_html_has_no_block_elements() -> None:
    html = to_line_html("One **bold** line\nand on.\n\n- first\n- second\n\n1. third")
    assert html == ("One <strong>bold</strong> line and on.<br>- first<br>- second<br>1. third")
    assert "<script" not in to_line_html("<script>x</script>\n\nok")


@pytest.mark.parametrize("render", [to_html, to_inline_html, to_line_html, escape_title])
def test_french_has_no_break_spaces_in_moodle_and_only_french(render: Callable[[str], str]) -> None:
    typed = "Il dit : « Oui ! »"
    french = multilang(Text((("en", typed), ("fr-ca", typed))), render)
    assert french.count("Il dit\u00a0: «\u00a0Oui\u202f!\u00a0»") == 1
    assert french.count(typed) == 1
    assert "dit\u00a0:" in multilang(Text((("fr", typed),)), render)
    assert "dit :" in multilang(Text((("", typed),)), render)


def test_an_image_is_shown_only_with_an_address() -> None:
    """Otherwise its alternative text is: no text loads an image of another site."""
    markdown = '![A *step* "x"](images/a.png "So") ![b](https://example.org/b.png)'
    found = to_html(markdown, {"images/a.png": "/images/1/a.png"}.get)  # type: ignore[arg-type]
    image = '<img class="img-fluid" src="/images/1/a.png" alt="A step &quot;x&quot;" title="So">'
    assert found == f"<p>{image} b</p>"
    assert to_html(markdown) == '<p>A step "x" b</p>'


def test_moodle_gets_the_name_of_the_file() -> None:
    both = Text((("en", "![a](images/a.png)"), ("fr", "![b](images/a.png)")))
    image = '<img class="img-fluid" src="@@PLUGINFILE@@/a.png" alt="{}">'
    assert moodle_inline_html(both) == (
        f'<span lang="en" class="multilang">{image.format("a")}</span>'
        f'<span lang="fr" class="multilang">{image.format("b")}</span>'
    )
