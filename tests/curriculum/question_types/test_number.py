"""`number`: a number that the member types."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.xml_reading import BadQuestion
from tests.support.sample_curricula import text

SEED = "a-seed"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("1800.5", True),
        ("1800,5", True),
        ("1,800.5", True),
        ("$1 800.50", True),
        ("1801", True),
        ("1801.01", False),
        ("", False),
        ("NaN", False),
        ("1e3", False),
        ("1.8e3", False),
        ("Infinity", False),
        ("9" * 100, False),
        ("١٨٠٠", False),
    ],
)
def test_ways_to_write_a_number(typed: str, right: bool) -> None:
    question = Number("sum", text("How much?"), number="1800.5", tolerance="0.5")
    assert question.mark([typed], SEED).right is right


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("25", True),
        ("25.5", True),
        ("24,5", True),
        ("2.5e1", True),
        ("25.51", False),
        ("$25", False),
        ("about 25", False),
        ("", False),
        ("1e9", False),
        ("nan", False),
    ],
)
def test_as_moodle_reads_a_number(typed: str, right: bool) -> None:
    question = Number("days", text("How many?"), number="25", tolerance="0.5")
    assert question.mark([typed], SEED, as_moodle=True).right is right


@pytest.mark.parametrize("answers", [("twenty",), ("nan",), ("1", "2"), ()])
def test_xml_that_is_refused(answers: tuple[str, ...]) -> None:
    inside = "".join(f'<answer fraction="100"><text>{each}</text></answer>' for each in answers)
    node = ElementTree.fromstring(f'<question type="numerical">{inside}</question>')
    with pytest.raises(BadQuestion, match=r"number|exactly one|No answer"):
        Number.from_moodle_xml(node)
