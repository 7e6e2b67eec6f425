"""Markdown -> HTML that is safe to give to Moodle and to a page, whoever wrote it.

Raw HTML in the Markdown is shown as typed, not obeyed. What markdown-it makes is cleaned again
by nh3, so that safety does not hang on one of the two. No `<span>` comes out: Moodle's
multilang filter ends a translation at the first `</span>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.curriculum.model import Text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SCHEMES = frozenset({"http", "https", "mailto"})
_INLINE_TAGS = {"a", "abbr", "br", "code", "del", "em", "img", "s", "strong", "sub", "sup"}
_BLOCK_TAGS = {"blockquote", "dd", "dl", "dt", "hr", "li", "ol", "p", "pre", "ul"}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = frozenset(_INLINE_TAGS | _BLOCK_TAGS | _HEADINGS | _TABLE_TAGS)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
_ALIGNMENT = re.compile(r'<(t[dh]) style="text-align:(left|center|right)">')
_READ_AS_ENTITY = re.compile(r"&(?=[a-zA-Z0-9#]{1,8};)")
_MARKED = re.compile(r'<span lang="([\w-]+)" class="multilang">(.*?)</span>', re.DOTALL)


def to_html(markdown: str) -> str:
    """Safe HTML of a Markdown text (CommonMark, tables, ~~strikethrough~~), '' for nothing."""
    return clean(_ALIGNMENT.sub(r'<\1 align="\2">', _parser().render(markdown))).strip()


def to_inline_html(markdown: str) -> str:
    """Safe HTML of one line: bold, italics, code and links, but no paragraphs or lists."""
    return clean(_parser().renderInline(" ".join(markdown.split()))).strip()


def to_line_html(markdown: str) -> str:
    """Safe HTML without blocks: paragraphs, lists and the like become lines.

    For texts in several languages where Moodle cleans what it shows (course summaries): its
    cleaner takes a `span` around a block apart, and then shows every language.
    """
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", markdown.strip())
    return "<br>".join(to_inline_html(part) for part in parts)


def clean(html: str) -> str:
    """HTML with nothing in it but the tags, attributes and link schemes listed above."""
    import nh3  # late: nothing that only reads a curriculum needs it

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def multilang(text: Text, render: Callable[[str], str]) -> str:
    """All translations in Moodle's multilang form; as it is if there is only one.

    `render` turns one translation into HTML (`to_html`, `to_inline_html`) or plain text
    (`escape_title`). Moodle's filter shows the visitor's language; see filter_multilang.
    """
    written = [(language, body) for language, body in text.translations if body.strip()]
    if len(written) < 2:
        return render(written[0][1]) if written else ""
    return "".join(
        f'<span lang="{language}" class="multilang">{render(body)}</span>'
        for language, body in written
    )


def title_text(text: Text) -> str:
    """A title as Moodle's name fields take it: plain text, multilang if need be."""
    return multilang(text, escape_title)


def without_marks(text: str) -> str:
    """A text from Moodle for a person to read: `[en] Welcome [fr] Bienvenue`."""
    return _MARKED.sub(r"[\1] \2 ", text).rstrip()


def escape_title(title: str) -> str:
    """One plain line for Moodle's `name` fields, which are shown through format_string().

    That strips everything that looks like a tag, so `<` and `>` are given as entities. It
    escapes `&` itself, unless an entity seems to begin there: only that `&` is escaped, and
    `Q & A` stays readable where Moodle sends names as plain text.
    """
    line = _READ_AS_ENTITY.sub("&amp;", " ".join(title.split()))
    return line.replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # late: a third of the time `validate` takes

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
