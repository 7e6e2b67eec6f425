"""The self-check marks what members type as the table says, like the sandbox and Moodle."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bridge.curriculum.moodle_xml import question_xml
from bridge.curriculum.question_types.register import question_from_xml
from tests.contract.typed_answer_cases import CASES, TypedAnswer

every_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda each: f"{each.language}-{each.typed!a}"
)


@every_case
def test_self_check(case: TypedAnswer) -> None:
    marked = case.question.mark([case.typed], "", language=case.language)
    assert marked.right is case.right


@every_case
def test_what_is_exported(case: TypedAnswer) -> None:
    exported = question_from_xml(ElementTree.fromstring(question_xml("c", "q", case.question))[0])
    assert exported.mark([case.typed], "", language=case.language).right is case.right
