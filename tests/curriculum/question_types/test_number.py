"""`number`: a number that the member types."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.xml_reading import BadQuestion
from tests.curriculum.question_types.bilingual import messages_of


@pytest.mark.parametrize("answers", [("twenty",), ("nan",), ("1", "2"), ()])
def test_xml_that_is_refused(answers: tuple[str, ...]) -> None:
    inside = "".join(f'<answer fraction="100"><text>{each}</text></answer>' for each in answers)
    node = ElementTree.fromstring(f'<question type="numerical">{inside}</question>')
    with pytest.raises(BadQuestion, match=r"number|exactly one|No answer"):
        Number.from_moodle_xml(node)


QUESTION = """
- question: days
  type: number
  text: {{en: How many?, fr: Combien?}}
  feedback: {{en: So many., fr: Tant.}}
  number: {number}
  tolerance: {tolerance}
"""


@pytest.mark.parametrize(
    ("number", "tolerance", "languages", "misread"),
    [
        ("3.5", "0", "en, fr", "`3,5` as 35 for members who read `en`"),
        ("3.0", "0", "en, fr", ""),
        ("-0.5", "0", "en, fr", "`-0,5` as -5 for members who read `en`"),
        ("999", "0", "en, fr", ""),
        ("1000", "0", "en, fr", "`1,000` as 1 for members who read `fr`"),
        ("980", "30", "en, fr", "`1,010` as 1.01 for members who read `fr`"),
        ("25", "0.5", "en, fr", "`24,5` as 245 for members who read `en`"),
        ("3.5", "0", "en", ""),
        ("1234567.5", "0", "en", ""),
        ("3.5", "0", "fr", ""),
        ("12000", "0", "fr", ""),
        ("3.5", "0", "de, fr", ""),
        ("3.5", "0", "en, de", "`3,5` as 35 for members who read `en`"),
        ("1000", "0", "de", "`1.000` as 1 for members who read `de`"),
        ("3.5", "0", "fr, fr-ca", ""),
    ],
)
def test_languages_that_write_numbers_differently(
    number: str, tolerance: str, languages: str, misread: str
) -> None:
    codes = [code.strip() for code in languages.split(",")]
    text = ", ".join(f"{code}: How many" for code in codes)
    question = QUESTION.format(number=number, tolerance=tolerance).replace(
        "en: How many?, fr: Combien?", text
    )
    feedback = question.replace("en: So many., fr: Tant.", text)
    found = messages_of(feedback, languages)
    assert found == ([("warning", f"Moodle reads {misread}.")] if misread else [])


def test_a_tolerance_that_accepts_zero() -> None:
    found = messages_of(QUESTION.format(number="5", tolerance="5"))
    assert found == [("warning", "With a tolerance of 5, 0 counts as 5.")]
    for number, tolerance in (("5", "4"), ("0", "3"), ("-5", "4")):
        assert messages_of(QUESTION.format(number=number, tolerance=tolerance)) == []
