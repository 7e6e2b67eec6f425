"""`one`: exactly one choice is right."""

from __future__ import annotations

from bridge.curriculum.question_types.choices import Choice
from bridge.curriculum.question_types.question import Marking
from bridge.curriculum.question_types.single_choice import SingleChoice
from tests.support.sample_curricula import text

SEED = "a-seed"
QUESTION = SingleChoice(
    "one",
    text("Which **one**?"),
    choices=(
        Choice(text("The first"), True, text("Indeed.")),
        Choice(text("The second"), False, text("Not that.")),
    ),
)


def said(marking: Marking) -> list[tuple[str, str]]:
    return [(note.verdict, note.feedback.pick()) for note in marking.notes]


def test_one_choice() -> None:
    assert QUESTION.mark(["0"], SEED).right
    wrong = QUESTION.mark(["1"], SEED)
    assert wrong.fraction == 0
    assert said(wrong) == [("wrong", "Not that.")]
    assert [answer.pick() for answer in QUESTION.right_answers] == ["The first"]


def test_choosing_everything_does_not_help() -> None:
    assert not QUESTION.mark(["1", "0"], SEED).right


def test_the_order_is_stable_for_one_seed() -> None:
    eight = SingleChoice(
        "q", text("?"), choices=tuple(Choice(text(str(n)), n == 0) for n in range(8))
    )
    assert eight.choice_order("1:1") == eight.choice_order("1:1")
    assert sorted(eight.choice_order("1:1")) == list(range(8))
    assert len({tuple(eight.choice_order(f"{n}:1")) for n in range(20)}) > 10
    (field,) = eight.form("2:1")
    shown = eight.choice_order("2:1")
    assert [option.value for option in field.options] == [str(at) for at in shown]
