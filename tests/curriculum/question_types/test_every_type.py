"""Every question type in the register is documented, has a template, and works.

The examples come from docs/curricula.md, so a new type is tested here without a change.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.moodle_xml import question_xml
from bridge.curriculum.question_types import register
from bridge.curriculum.question_types.question import Question
from bridge.curriculum.question_types.register import QUESTION_TYPES, TYPE_NAMES
from tests.support.documented_questions import DOCS, documented_questions

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "bridge" / "curriculum" / "question_types"
PLUGIN_CHECK = ROOT / "bridge" / "moodle" / "companion" / "classes" / "question_check.php"
TEMPLATES = ROOT / "templates" / "web" / "questions"
REGISTER = "QUESTION_TYPES in bridge/curriculum/question_types/register.py"
QUESTIONS = documented_questions()
SEED = "a-seed"
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.key)


def in_moodle(question: Question) -> Question:
    """The question as the sandbox reads it."""
    root = ElementTree.fromstring(question_xml("small", "quiz", question))
    return register.question_from_xml(root[0])


def test_every_type_is_registered() -> None:
    written = {
        name
        for path in MODULES.glob("*.py")
        for name in re.findall(
            r'^    type: ClassVar\[str\] = "(.+)"', path.read_text("utf-8"), re.M
        )
    }
    assert not (left_out := written - set(TYPE_NAMES)), f"add {left_out} to {REGISTER}"
    assert len(TYPE_NAMES) == len(set(TYPE_NAMES))


def test_every_type_has_a_template() -> None:
    found = {path.stem for path in TEMPLATES.glob("*.html")} - {"shared"}
    lacking = set(TYPE_NAMES) - found
    assert not lacking, f"add templates/web/questions/<type>.html, as shared.html says: {lacking}"
    assert not (unknown := found - set(TYPE_NAMES)), f"no type in {REGISTER} has {unknown}"


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_every_template_has_all_macros(name: str) -> None:
    found = re.findall(r"{%-? macro (\w+)\(", (TEMPLATES / f"{name}.html").read_text("utf-8"))
    lacking = {"ask", "verdict", "preview", "answers"} - set(found)
    assert not lacking, f"add the macros {lacking} to templates/web/questions/{name}.html"


def test_every_type_is_documented() -> None:
    lacking = set(TYPE_NAMES) - {question.type for question in QUESTIONS}
    assert not lacking, f"docs/curricula.md has no example in YAML of {lacking}"
    listed = next(line for line in DOCS.splitlines() if line.startswith("| `type` |"))
    _, becomes = DOCS.split("## What a question becomes in Moodle")
    places = {
        "the paragraphs (**type**: …)": re.findall(r"(?m)^\*\*([a-z-]+)\*\*: ", DOCS),
        "the row of `type`": re.findall(r"`([a-z-]+)`", listed)[1:],
        "the table in What a question becomes in Moodle": re.findall(
            r"(?m)^\| ([a-z][a-z-]*) \|", becomes
        )[1:],
    }
    for place, written in places.items():
        assert written == list(TYPE_NAMES), (
            f"in docs/curricula.md, {place} must have the types in the order of {REGISTER}: "
            f"{', '.join(TYPE_NAMES)}"
        )


def test_the_moodle_plugin_accepts_every_type() -> None:
    accepted = re.findall(r"(?m)^            '([a-z]+)' => ", PLUGIN_CHECK.read_text("utf-8"))
    # Moodle's importer reads `matching` as the type `match`.
    known = {"matching" if name == "match" else name for name in accepted}
    refused = {kind.moodle_type for kind in QUESTION_TYPES} - known
    assert not refused, (
        f"the plugin refuses the Moodle types {refused}: say in "
        "bridge/moodle/companion/classes/question_check.php which flaws such a question can have"
    )


def test_every_type_has_its_own_test() -> None:
    modules = {each.__module__.rpartition(".")[2] for each in QUESTION_TYPES}
    here = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    lacking = [f"tests/curriculum/question_types/test_{each}.py" for each in modules - here]
    assert not lacking, f"add {lacking}: what only this type does"


@every_question
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_right_response_is_right_and_no_response_is_not(
    question: Question, language: str
) -> None:
    for asked in (question, in_moodle(question)):
        right = asked.mark(asked.right_response(SEED), SEED, language=language)
        assert (right.fraction, right.right, right.answered) == (1.0, True, True)
        for nothing in ([], [""], ["", ""]):
            none = asked.mark(nothing, SEED, language=language)
            assert (none.fraction, none.right, none.answered) == (0.0, False, False)
        assert asked.right_answers


@every_question
def test_the_question_survives_moodle_xml(question: Question) -> None:
    read = in_moodle(question)
    assert type(read) is type(question)
    assert read.key == f"quiz.{question.key}"
    assert len(read.form(SEED)) == len(question.form(SEED))
    assert question_xml("small", "quiz", read).count("<answer ") == question_xml(
        "small", "quiz", question
    ).count("<answer ")


@every_question
def test_the_form_depends_only_on_the_seed(question: Question) -> None:
    assert question.form("1") == question.form("1")
    names = [field.name for field in question.form("1")]
    assert len(names) == len(set(names))


@given(st.sampled_from(QUESTIONS), st.lists(st.text(max_size=30), max_size=5), st.text())
def test_no_response_makes_marking_fail(question: Question, response: list[str], seed: str) -> None:
    for language in ("en", "fr"):
        marking = question.mark(response, seed, language=language)
        assert 0.0 <= marking.fraction <= 1.0
        assert marking == question.mark(response, seed, language=language)
