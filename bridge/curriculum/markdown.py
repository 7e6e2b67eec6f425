"""Convert Markdown to HTML that is safe for Moodle and for pages, even if the input is hostile.

Raw HTML in the Markdown is escaped, so it is shown as typed. The output of markdown-it is cleaned
again by nh3, so that safety does not depend on one library. The output never contains `<span>`:
Moodle's multilang filter ends a translation at the first `</span>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from bridge.curriculum.text import Text
from bridge.typography import french_spacing

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
_TAG = re.compile(r"<[^>]*>")
_MULTILANG = re.compile(r'<span lang="([\w-]+)" class="multilang">(.*?)</span>', re.DOTALL)


def to_html(markdown: str) -> str:
    """Safe HTML of a Markdown text (CommonMark, tables, ~~strikethrough~~)."""
    return clean(_ALIGNMENT.sub(r'<\1 align="\2">', _parser().render(markdown))).strip()


def to_inline_html(markdown: str) -> str:
    """Safe HTML of one line: bold, italics, code and links, without paragraphs or lists."""
    return clean(_parser().renderInline(" ".join(markdown.split()))).strip()


def to_line_html(markdown: str) -> str:
    """Safe HTML without block elements: paragraphs and list items become lines.

    For course summaries in several languages. Moodle's cleaner breaks a `span` around a block
    element, and would then show all languages.
    """
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", markdown.strip())
    return "<br>".join(to_inline_html(part) for part in parts)


def clean(html: str) -> str:
    """The HTML with only the tags, attributes and link schemes listed above."""
    import nh3  # imported late: reading a curriculum doesn't need it

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def multilang(text: Text, render: Callable[[str], str]) -> str:
    """All translations in Moodle's multilang format, or the only translation on its own.

    `render` converts one translation to HTML (`to_html`, `to_inline_html`) or plain text
    (`escape_title`). Moodle's filter_multilang then shows the visitor's language. French gets its
    no-break spaces.
    """
    rendered = [
        (language, _with_spaces(render(body), language))
        for language, body in text.translations
        if body.strip()
    ]
    if len(rendered) < 2:
        return rendered[0][1] if rendered else ""
    return "".join(
        f'<span lang="{language}" class="multilang">{body}</span>' for language, body in rendered
    )


def _with_spaces(rendered: str, language: str) -> str:
    is_french = re.split("[-_]", language)[0] == "fr"
    return french_spacing(rendered) if is_french else rendered


def title_text(text: Text) -> str:
    """A title for Moodle's name fields: plain text, in multilang format if needed."""
    return multilang(text, escape_title)


def without_marks(text: str) -> str:
    """A multilang text from Moodle made readable: `[en] Welcome [fr] Bienvenue`."""
    return _MULTILANG.sub(r"[\1] \2 ", text).rstrip()


def split_languages(text: str) -> list[str]:
    """The translations of a multilang text, as `[en] Welcome`; the text itself if it is none."""
    found = _MULTILANG.findall(text)
    return [f"[{language}] {body}" for language, body in found] or [text]


def shown_titles(name: str) -> set[str]:
    """The ways in which Moodle may show a title that is stored as `name`.

    As stored, in one of its languages, or in all of them run together if the multilang filter is
    off.
    """
    bodies = [body for _, body in _MULTILANG.findall(name)]
    return {unescape(text) for text in (name, _TAG.sub("", name), *bodies)}


def is_filtered(name: str, shown: str) -> bool | None:
    """Whether Moodle shows a title that is stored as `name` in one language only.

    None if that can't be told: in one language, or shown in another way.
    """
    bodies = {unescape(body) for _, body in _MULTILANG.findall(name)}
    if len(bodies) < 2:
        return None
    text = unescape(shown)
    return True if text in bodies else False if text in shown_titles(name) else None


def escape_title(title: str) -> str:
    """One line of plain text for Moodle's `name` fields, which it shows with format_string().

    format_string() removes everything that looks like a tag, so `<` and `>` become entities. It
    escapes `&` unless an entity seems to follow, so only such an `&` is escaped here. `Q & A` stays
    readable where Moodle sends names as plain text.
    """
    line = _READ_AS_ENTITY.sub("&amp;", " ".join(title.split()))
    return line.replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # imported late: a third of the time `validate` takes

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
