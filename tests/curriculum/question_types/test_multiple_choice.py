"""`many`: several choices can be right."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bridge.curriculum.question_types.choices import Choice
from bridge.curriculum.question_types.multiple_choice import MultipleChoice
from tests.support.sample_curricula import text

SEED = "a-seed"
QUESTION = MultipleChoice(
    "many",
    text("Which of them?"),
    choices=(
        Choice(text("This"), True),
        Choice(text("That"), True, text("That as well.")),
        Choice(text("Neither"), False),
    ),
)


@pytest.mark.parametrize(
    ("response", "fraction", "verdicts"),
    [
        (["0", "1"], 1.0, ["right", "right"]),
        (["0"], 0.5, ["right", "missed"]),
        (["0", "1", "2"], 0.0, ["right", "right", "wrong"]),
        (["0", "2"], 0.0, ["right", "missed", "wrong"]),
        (["2"], 0.0, ["missed", "missed", "wrong"]),
        ([], 0.0, ["missed", "missed"]),
    ],
)
def test_several_choices(response: list[str], fraction: float, verdicts: list[str]) -> None:
    marking = QUESTION.mark(response, SEED)
    assert marking.fraction == fraction
    assert marking.right is (fraction == 1.0)
    assert [note.verdict for note in marking.notes] == verdicts


def test_three_thirds_are_right() -> None:
    """Moodle stores seven decimals, so the sum is slightly less than one."""
    choices = tuple(Choice(text(str(n)), n < 3) for n in range(4))
    marking = MultipleChoice("q", text("?"), choices=choices).mark(["0", "1", "2"], SEED)
    assert marking.fraction == 0.9999999
    assert marking.right


def test_shares_in_moodle_xml_are_kept() -> None:
    xml = (
        '<question type="multichoice"><name><text>n</text></name><questiontext><text>?</text>'
        '</questiontext><single>false</single><answer fraction="75"><text>A</text></answer>'
        '<answer fraction="25"><text>B</text></answer></question>'
    )
    question = MultipleChoice.from_moodle_xml(ElementTree.fromstring(xml))
    assert question.mark(["0"], SEED).fraction == 0.75
