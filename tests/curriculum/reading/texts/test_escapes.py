"""Backslashes in double quotes that YAML takes for escapes are reported."""

from __future__ import annotations

import pytest

from tests.curriculum.sample_files import only, read_first

NEXT = "next: Go on."
TAB_OR_LINE = (
    r"\times \text \theta \tau \to \tan \top \triangle \tfrac "
    r"\neq \ne \nu \not \notin \neg \nabla \nmid \ni"
)
CONTROL = (
    r"\rho \right \rangle \beta \bar \binom \begin \frac \forall \alpha \approx \angle "
    r"\vec \vert \varphi "
    r"\eta \equiv \epsilon \exists \Lambda \Leftarrow \Pi \Phi \Psi \Nu"
)
UNKNOWN = r"\xi \underline \Upsilon \sum \delta \gamma \mu \cdot \infty \omega \( \["


@pytest.mark.parametrize("command", f"{TAB_OR_LINE} {CONTROL} {UNKNOWN}".split())
@pytest.mark.parametrize("text", ["So $$ 2 {} 3 $$ now", "It is {} good", "One\n  and {} x"])
def test_a_formula_in_double_quotes_is_reported(text: str, command: str) -> None:
    typed = text.format(command)
    problems = read_first(NEXT, f'next: "{typed}"').problems
    row = 29 + typed.count("\n")
    column = typed.partition("\n  ")[2].find("\\") + 3 if "\n" in typed else typed.find("\\") + 8
    places = [(each.line, each.column) for each in problems]
    assert len(problems) == 1, problems
    assert places == [(row, column)] or "no such code" in problems[0].message
    assert "single quotes" in problems[0].suggestion
    assert "invisible" not in problems[0].message
    kept = read_first(NEXT, f"next: '{typed}'").curriculum
    assert kept is not None
    assert command in kept.milestones[0].next.pick("en")


@pytest.mark.parametrize(
    "typed",
    [r"One\nTwo", r"One\ne.g. two", r"a \"b\" c", r"2 \\times 3", r"$$ 2 \\neq 3 $$", r"1\_%",
     r"caf\u00e9", r"One\n\nNew paragraph", r"$$ a \\\\ b $$\nnow"],
)  # fmt: skip
def test_escapes_that_are_meant_have_no_warning(typed: str) -> None:
    assert read_first(NEXT, f'next: "{typed}"').problems == ()


@pytest.mark.parametrize("typed", [r"C:\temp", r"C:\Docs\new", r"C:/x\new", r"see D:\notes.pdf"])
def test_a_path_is_reported(typed: str) -> None:
    problems = read_first(NEXT, f'next: "{typed}"').problems
    assert "backslash begins a code" in problems[0].message


def test_a_formula_in_an_answer_in_one_language_is_reported() -> None:
    problem = only(read_first(NEXT, r'next: {en: "So $$ 2 \times 3 $$"}'))
    assert (problem.line, problem.column) == (29, 21)


@pytest.mark.parametrize("command", CONTROL.split())
def test_a_formula_that_brings_an_invisible_character_is_an_error(command: str) -> None:
    problem = only(read_first(NEXT, f'next: {{en: "It is {command} good"}}'))
    assert (problem.severity, problem.line, problem.column) == ("error", 29, 19)
    assert f"`{command[:2]}` disappears" in problem.message


@pytest.mark.parametrize("typed", [r"a \u202e b", r"a \x07 b", r"a \r b", r"a \N\L b"])
def test_other_escapes_of_invisible_characters_are_named(typed: str) -> None:
    problem = only(read_first(NEXT, f'next: "{typed}"'))
    assert "invisible control character" in problem.message
    assert problem.severity == "error"
