"""Convert Markdown to HTML that is safe for Moodle and for pages, even if the input is hostile.

Raw HTML in the Markdown is escaped, so it is shown as typed. The output of markdown-it is cleaned
again by nh3, so that safety does not depend on one library. The output never contains `<span>`:
Moodle's multilang filter ends a translation at the first `</span>`.

An image is shown only if `images` gives its address; otherwise its alternative text is. So no page
and no email loads an image of another site. Formulas stay as typed, for Moodle's filter, or become
MathML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from html import escape, unescape
from typing import TYPE_CHECKING

from bridge.curriculum.formulas.mathml import ATTRIBUTES as MATHML_ATTRIBUTES
from bridge.curriculum.formulas.mathml import TAGS as MATHML_TAGS
from bridge.curriculum.formulas.mathml import to_mathml
from bridge.curriculum.formulas.syntax import ENDS, FORMULA, add_formulas
from bridge.curriculum.text import Text
from bridge.typography import french_spacing

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

ImageAddress = Callable[[str], str]
"""The address of an image, by its path from the curriculum's folder; '' if it isn't shown."""
FLUID = "img-fluid"
"""Bootstrap's class for images that are never wider than the screen, here and in Moodle."""
PLUGIN_FILE = "@@PLUGINFILE@@/"
"""What Moodle replaces with the address of the files that belong to a text."""
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


def no_image(_path: str) -> str:
    """Show no image, but its alternative text."""
    return ""


def to_html(markdown: str, images: ImageAddress = no_image, *, mathml: bool = False) -> str:
    """Safe HTML of a Markdown text (CommonMark, tables, ~~strikethrough~~)."""
    rendered = _parser().render(markdown, {"images": images, "mathml": mathml})
    return clean(_ALIGNMENT.sub(r'<\1 align="\2">', rendered)).strip()


def to_inline_html(markdown: str, images: ImageAddress = no_image, *, mathml: bool = False) -> str:
    """Safe HTML of one line: bold, italics, code and links, without paragraphs or lists."""
    line = " ".join(markdown.split())
    return clean(_parser().renderInline(line, {"images": images, "mathml": mathml})).strip()


def moodle_html(text: Text) -> str:
    """A Markdown text as Moodle stores it, with images from the files that belong to the text."""
    return multilang(text, partial(to_html, images=_plugin_file))


def moodle_inline_html(text: Text) -> str:
    """One line of Markdown as Moodle stores it."""
    return multilang(text, partial(to_inline_html, images=_plugin_file))


def _plugin_file(path: str) -> str:
    return PLUGIN_FILE + path.rpartition("/")[2]


def image_references(markdown: str) -> list[tuple[str, str]]:
    """The address and the alternative text of each image, as typed."""
    if "![" not in markdown:
        return []
    found = [
        token
        for block in _parser().parse(markdown)
        for token in block.children or []
        if token.type == "image"
    ]
    return [(str(token.attrGet("src") or ""), token.content) for token in found]


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
        tags={*TAGS, *MATHML_TAGS},
        attributes=_ATTRIBUTES | MATHML_ATTRIBUTES,
        allowed_classes={"img": {FLUID}},
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

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    parser.add_render_rule(FORMULA, _formula)
    return add_formulas(parser)


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict,
    env: MutableMapping[str, object],
) -> str:  # fmt: skip
    token = tokens[at]
    alternative = renderer.renderInlineAsText(token.children, options, env)
    address_of = env.get("images")
    address = address_of(str(token.attrGet("src") or "")) if callable(address_of) else ""
    if not address:
        return escape(alternative)
    title = token.attrGet("title")
    titled = f' title="{escape(str(title))}"' if title else ""
    return f'<img class="{FLUID}" src="{escape(address)}" alt="{escape(alternative)}"{titled}>'


def _formula(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict,
    env: MutableMapping[str, object],
) -> str:  # fmt: skip
    token = tokens[at]
    display = token.markup != "\\("
    mathml = to_mathml(token.content, display=display) if env.get("mathml") else ""
    return mathml or escape(f"{token.markup}{token.content}{ENDS[token.markup]}", quote=False)
