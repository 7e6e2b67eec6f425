"""The reader accepts all examples in docs/curricula.md."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

from bridge.curriculum.problems import Report
from bridge.curriculum.reader import read_text
from bridge.curriculum.reading.yaml_nodes import read_nodes

from .sample_files import SECOND, files

DOCS = (Path(__file__).parents[2] / "docs" / "curricula.md").read_text("utf-8")
EXAMPLES = [dedent(e) for e in re.findall(r"(?ms)^ *```yaml\n(.*?)^ *```$", DOCS)]
QUESTIONS = [example for example in EXAMPLES if example.startswith("- question:")]


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.startswith("# yaml-language")])
def test_examples_are_yaml(example: str) -> None:
    report = Report()
    report.add_source("example.yaml", example)
    assert read_nodes("example.yaml", example, report) is not None
    assert report.problems() == ()


@pytest.mark.parametrize("example", QUESTIONS)
def test_question_examples_are_read(example: str) -> None:
    start, end = SECOND.index("            - question: single"), SECOND.index("requirements:")
    second = SECOND[:start] + indent(example, " " * 12) + SECOND[end:]
    assert read_text(files(second=second)).problems == ()


def test_every_question_type_has_an_example() -> None:
    types = {kind for example in QUESTIONS for kind in re.findall(r"type: (\S+)", example)}
    assert types == {"one", "many", "true-false", "short", "number", "match"}
