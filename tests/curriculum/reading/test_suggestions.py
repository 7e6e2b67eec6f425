"""Every suggestion can be followed: then the file has no problems."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import Reading, read_text
from bridge.messages import NOTHING
from tests.curriculum.reading.suggestions.example import Example
from tests.curriculum.reading.suggestions.examples import ELSEWHERE, EXAMPLES
from tests.curriculum.sample_files import FIRST, SECOND, TOP, changed, files

CURRICULUM = Path(__file__).parents[3] / "bridge" / "curriculum"
VERB = re.compile(
    r"(?:write|put|replace|delete|keep|use|add|if|for|move|begin|remove|rename|did you|start|check"
    r"|describe|end it|show"
    r"|double|type|save|split|create|copy|give|require|nothing can|there is no such type)\b"
    r"|`%\(name\)s` is already there"
)
SESSIONS = """\
sessions:
  - session: hearings
    title: Hearings
    credit: none
"""
FORMS = """\
forms:
  - form: why
    title: Why
    audience: members
    closes: 2030-01-31
    fields:
      - field: reason
        label: Why?
        type: long-text
"""
SAMPLES = {"top": TOP, "first": FIRST, "second": SECOND, "sessions": SESSIONS, "forms": FORMS}


def read(example: Example, new: str) -> Reading:
    text = changed(SAMPLES[example.file], example.old, new)
    if example.file in ("sessions", "forms"):
        return read_text({**files(), f"{example.file}.yaml": text.encode()})
    return read_text(files(**{example.file: text}))


def suggestion_of(problem: Problem) -> str:
    return problem.suggestion.template


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.typed[:40])
def test_a_followed_suggestion_leaves_no_problem(example: Example) -> None:
    suggestions = [suggestion_of(problem) for problem in read(example, example.typed).problems]
    assert example.suggestion in suggestions
    left = read(example, example.followed).problems
    assert [each for each in left if not is_new_language(each)] == []


def is_new_language(problem: Problem) -> bool:
    """Whether a problem is a text that is not translated to a language that was added."""
    return "is written in one language only" in problem.message


def templates() -> set[str]:
    """The suggestions in the code: texts of a `Message` that say what to do."""
    found = set()
    for path in CURRICULUM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and VERB.match(str(first.value)):
                    found.add(str(first.value))
    return found


def test_every_suggestion_has_an_example() -> None:
    shown = {example.suggestion for example in EXAMPLES} | ELSEWHERE
    assert sorted(templates() - shown) == [], "add an example to the folder suggestions"
    assert sorted(shown - templates()) == []


@pytest.mark.parametrize(
    ("old", "typed"),
    [
        ("requirements:\n", "requirements:\n  - page: wellcome\n"),
        ("access: open", "access: open\nentry: {after: [second-stepp, second-step]}"),
    ],
)
def test_what_is_there_already_is_not_suggested(old: str, typed: str) -> None:
    """Following such a suggestion would say the same twice."""
    problems = read_text(files(first=changed(FIRST, old, typed))).problems
    wrong = [each for each in problems if "There is no" in str(each.message)]
    assert [each.suggestion for each in wrong] == [NOTHING]


def test_one_misspelt_name_in_two_files_is_one_problem() -> None:
    """With two suggestions, following both would only swap the names."""
    for top, first in (("first-stepp", "first-step"), ("first-step", "first-stepp")):
        changes = {
            "top": changed(TOP, "[first-step,", f"[{top},"),
            "first": changed(FIRST, "milestone: first-step", f"milestone: {first}"),
        }
        listed = [
            each
            for each in read_text(files(**changes)).problems
            if "milestone: first" in each.message or "is not listed" in each.message
        ]
        assert [each.suggestion for each in listed] == ["did you mean `first-step`?"]
