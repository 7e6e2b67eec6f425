"""The reader accepts all examples in docs/curricula.md."""

from __future__ import annotations

import pytest

from bridge.curriculum.problems import Report
from bridge.curriculum.reading.yaml_nodes import read_nodes
from tests.support.documented_questions import EXAMPLES, QUESTION_EXAMPLES, read_questions


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.startswith("# yaml-language")])
def test_examples_are_yaml(example: str) -> None:
    report = Report()
    report.add_source("example.yaml", example)
    assert read_nodes("example.yaml", example, report) is not None
    assert report.problems() == ()


@pytest.mark.parametrize("example", QUESTION_EXAMPLES)
def test_question_examples_are_read(example: str) -> None:
    assert read_questions(example).problems == ()
