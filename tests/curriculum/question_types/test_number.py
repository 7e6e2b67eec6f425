"""`number`: a number that the member types."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bridge.curriculum.question_types.number import Number
from bridge.curriculum.question_types.xml_reading import BadQuestion


@pytest.mark.parametrize("answers", [("twenty",), ("nan",), ("1", "2"), ()])
def test_xml_that_is_refused(answers: tuple[str, ...]) -> None:
    inside = "".join(f'<answer fraction="100"><text>{each}</text></answer>' for each in answers)
    node = ElementTree.fromstring(f'<question type="numerical">{inside}</question>')
    with pytest.raises(BadQuestion, match=r"number|exactly one|No answer"):
        Number.from_moodle_xml(node)
