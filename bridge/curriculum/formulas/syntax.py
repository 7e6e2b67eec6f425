r"""Where formulas are in a Markdown text: `\( … \)` in a line, `\[ … \]` and `$$ … $$` displayed.

These are the delimiters that Moodle's MathJax filter reads (filter/mathjaxloader, 4.5). A formula
has no empty line, and at most MAX_FORMULA_LENGTH characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

MAX_FORMULA_LENGTH = 1000
FORMULA = "formula"
"""The type of its tokens. `markup` is the delimiter that it begins with."""
ENDS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_CODE = re.compile(r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\[^(\[]")
_INTERESTING = re.compile(r"[`\\]|\$\$")
"""Where code, a formula or an escape may begin."""
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_DELIMITERS = 2
_MAX_INDENT = 3


def add_formulas(parser: MarkdownIt) -> MarkdownIt:
    """Let a parser leave formulas as they are, in tokens of the type FORMULA."""
    parser.inline.ruler.before("escape", FORMULA, _inline)
    parser.block.ruler.before("fence", FORMULA, _block, {"alt": ["paragraph"]})
    return parser


def end_of_formula(text: str, start: int) -> int:
    """Where the formula that begins at `start` ends; -1 if none begins there, or it has no end."""
    closing = ENDS.get(text[start : start + _DELIMITERS])
    if closing is None:
        return -1
    inside = start + _DELIMITERS
    at = text.find(closing, inside, inside + MAX_FORMULA_LENGTH + _DELIMITERS)
    content = text[inside:at]
    return (
        at + _DELIMITERS if at > 0 and content.strip() and not _EMPTY_LINE.search(content) else -1
    )


def without_formulas(text: str) -> str:
    """The text with spaces instead of each formula and each code."""
    parts, last = [], 0
    for start, end, opening in _places(text):
        if end > 0 and opening:
            parts += [text[last:start], " " * (end - start)]
            last = end
    return "".join([*parts, text[last:]])


def unclosed_formulas(text: str) -> Iterator[tuple[int, str]]:
    """Where a formula begins that has no end, and the delimiter it begins with."""
    for start, end, opening in _places(text):
        if end < 0:
            yield start, opening


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end (-1: none) and delimiter of each formula that isn't in code."""
    at = 0
    while found := _INTERESTING.search(text, at):
        at = found.start()
        opening = text[at : at + _DELIMITERS]
        if text[at] == "`" and (code := _CODE.match(text, at)):
            at = code.end()
        elif opening in ENDS:
            end = end_of_formula(text, at)
            yield at, end, opening
            at = end if end > 0 else at + _DELIMITERS
        elif _ESCAPED.match(text, at):
            at += _DELIMITERS
        else:
            at += 1


def _inline(state: StateInline, silent: bool) -> bool:
    end = end_of_formula(state.src[: state.posMax], state.pos)
    if end < 0:
        return False
    if not silent:
        token = state.push(FORMULA, "", 0)
        token.markup = state.src[state.pos : state.pos + _DELIMITERS]
        token.content = state.src[state.pos + _DELIMITERS : end - _DELIMITERS]
    state.pos = end
    return True


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A displayed formula on lines of its own, whatever its lines look like."""
    start = state.bMarks[first] + state.tShift[first]
    if state.sCount[first] - state.blkIndent > _MAX_INDENT:
        return False
    if state.src[start : start + _DELIMITERS] not in ("\\[", "$$"):
        return False
    end = end_of_formula(state.src, start)
    line = next((at for at in range(first, last) if start < end <= state.eMarks[at]), -1)
    if line < 0 or state.src[end : state.eMarks[line]].strip():
        return False
    if not silent:
        text = state.getLines(first, line + 1, state.blkIndent, False).strip()
        state.push("paragraph_open", "p", 1)
        token = state.push(FORMULA, "", 0)
        token.markup, token.content = text[:_DELIMITERS], text[_DELIMITERS:-_DELIMITERS]
        state.push("paragraph_close", "p", -1)
    state.line = line + 1
    return True
