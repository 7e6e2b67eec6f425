r"""Formulas: `\( … \)`, `\[ … \]` and `$$ … $$` reach Moodle as typed, and pages as MathML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.formulas.syntax import ENDS, unclosed_formulas, without_formulas
from bridge.curriculum.markdown import moodle_html, to_html, to_inline_html
from bridge.curriculum.problems import Problem
from bridge.curriculum.text import Text
from tests.curriculum.sample_files import read_first

BODY = "            Hello."


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (r"So \(a*b*c_1_2\) is it.", r"<p>So \(a*b*c_1_2\) is it.</p>"),
        (r"\(a < b & \frac{1}{2}\)", r"<p>\(a &lt; b &amp; \frac{1}{2}\)</p>"),
        (r"$$x^2 \\ y$$ and *more*", r"<p>$$x^2 \\ y$$ and <em>more</em></p>"),
        ("\\[\na\n- b\n= c\n\\]", "<p>\\[\na\n- b\n= c\n\\]</p>"),
        ("Text\n$$\n# a\n$$\nmore", "<p>Text</p>\n<p>$$\n# a\n$$</p>\n<p>more</p>"),
        ("- \\(x\\)\n- $$y$$", "<ul>\n<li>\\(x\\)</li>\n<li>$$y$$</li>\n</ul>"),
        ("| a |\n|---|\n| \\(x_1\\) |", None),
        (r"\[a\](b)", r"<p>\[a\](b)</p>"),
        (r"[\(x\)](https://a.org)",
         r'<p><a href="https://a.org" rel="noopener noreferrer">\(x\)</a></p>'),
    ],
)  # fmt: skip
def test_moodle_gets_a_formula_as_typed(markdown: str, html: str | None) -> None:
    found = to_html(markdown)
    assert found.replace("\n", "") == (html or found).replace("\n", "")
    assert "<em>" not in found.partition("and")[0]
    if html is None:
        assert r"<td>\(x_1\)</td>" in found


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("5*3*2", "<p>5<em>3</em>2</p>"),
        (r"\(a", "<p>(a</p>"),
        (r"\\(a\\)", "<p>\\(a\\)</p>"),
        (r"`\(a\)` *b*", "<p><code>\\(a\\)</code> <em>b</em></p>"),
        ("It costs $5 or $$ *a*", "<p>It costs $5 or $$ <em>a</em></p>"),
        ("$$a\n\nb$$", "<p>$$a</p>\n<p>b$$</p>"),
        (r"\(\)", "<p>()</p>"),
    ],
)
def test_what_is_no_formula_is_read_as_before(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_a_french_formula_gets_no_spaces() -> None:
    text = Text((("en", "a"), ("fr", r"Donc \(a : b ; c\) : oui")))
    assert r"\(a : b ; c\)" in moodle_html(text)
    assert "\u00a0: oui" in moodle_html(text)


def test_pages_show_mathml() -> None:
    html = to_html(r"So \(\frac{a}{b} < \text{x < y}\).", mathml=True)
    assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>" in html
    assert "x&nbsp;&lt;&nbsp;y" in html
    assert '<math display="block">' in to_html("$$x$$", mathml=True)
    assert "<math" in to_inline_html(r"\(x\)", mathml=True)


@pytest.mark.parametrize("formula", [r"\frac", r"\left(", "a_", r"{" * 50, r"\begin{x}"])
def test_a_formula_that_cannot_be_converted_stays_as_typed(formula: str) -> None:
    assert formula in to_html(rf"\({formula} \)", mathml=True)


@pytest.mark.parametrize(
    "formula",
    [r"\href{javascript:alert(1)}{x}", r"\text{<script>alert(1)</script>}", "<img src=x onerror=y>",
     r"\class{a}{b}", r"\style{position:fixed}{b}"],
)  # fmt: skip
def test_no_formula_brings_a_script_onto_a_page(formula: str) -> None:
    html = to_html(rf"\({formula}\)", mathml=True)
    for bad in ("<script", "href=", "<img", "style="):
        assert bad not in html


def problems(text: str) -> list[Problem]:
    return [each for each in read_first(BODY, f"            {text}").problems if each]


@pytest.mark.parametrize(
    ("text", "column", "opening"),
    [
        (r"So \(a + b is it.", 16, r"\("),
        (r"So \[a + b is it.", 16, r"\["),
        ("So $$a + b is it.", 16, "$$"),
        (r"\(a\) and \(b", 23, r"\("),
    ],
)
def test_a_formula_without_an_end_is_a_warning(text: str, column: int, opening: str) -> None:
    (problem,) = problems(text)
    assert (problem.severity, problem.line, problem.column) == ("warning", 18, column)
    assert f"the formula that begins with `{opening}` has no end" in problem.message
    assert f"end it with `{ENDS[opening]}`" in problem.suggestion


@pytest.mark.parametrize("text", [r"\(a*b*c\)", "$$5*3*2$$", r"`\(`", r"\\(", "It costs $5."])
def test_a_formula_causes_no_warning(text: str) -> None:
    assert problems(text) == []


def test_a_product_outside_a_formula_is_still_a_warning() -> None:
    (problem,) = problems("5*3*2")
    assert "the stars in" in problem.message


def test_a_formula_in_a_plain_text_is_a_warning() -> None:
    found = read_first("title: First Step", r"title: 'First \(x\)'").problems
    assert "is plain text" in found[0].message


@given(st.text("ab*_`$\\()[]<&\n ", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    to_html(text, mathml=True)
    assert len(without_formulas(text)) == len(text)
    assert len(list(unclosed_formulas(text))) <= len(text)
