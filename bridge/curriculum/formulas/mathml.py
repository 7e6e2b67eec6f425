"""Formulas as MathML, which browsers show and screen readers read without a script."""

from __future__ import annotations

from functools import lru_cache
from html import unescape
from xml.etree import ElementTree

CACHE_SIZE = 256
TAGS = frozenset({
    "math", "mrow", "mi", "mn", "mo", "ms", "mspace", "mtext", "mfrac", "msqrt", "mroot", "mstyle",
    "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts",
    "mtable", "mtr", "mtd", "mpadded", "mphantom", "menclose", "merror", "none",
})  # fmt: skip
ATTRIBUTES = {
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "separator", "lspace", "rspace", "minsize", "maxsize"},
    "mi": {"mathvariant"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign"},
    "mover": {"accent"},
    "munder": {"accentunder"},
}


@lru_cache(maxsize=CACHE_SIZE)
def to_mathml(formula: str, *, display: bool) -> str:
    """The MathML of a formula in LaTeX; '' if it can't be converted. Not sanitised."""
    from latex2mathml.converter import convert_to_element  # imported late: few texts have formulas

    try:
        element = convert_to_element(formula.strip(), display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - it raises many kinds; the source is shown instead
        return ""
    for each in element.iter():
        each.text = unescape(each.text) if each.text else each.text
    return ElementTree.tostring(element, encoding="unicode")
