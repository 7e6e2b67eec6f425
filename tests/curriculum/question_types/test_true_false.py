"""`true-false`: a statement that is true or false."""

from __future__ import annotations

from bridge.curriculum.question_types.true_false import TrueFalse
from tests.support.sample_curricula import text

SEED = "a-seed"
QUESTION = TrueFalse(
    "truth", text("Is it so?"), correct=True, if_true=text("It is."), if_false=text("Look again.")
)


def test_true_or_false() -> None:
    assert QUESTION.mark(["true"], SEED).right
    wrong = QUESTION.mark(["false"], SEED)
    assert [(n.verdict, n.feedback.pick()) for n in wrong.notes] == [("wrong", "Look again.")]
    assert not QUESTION.mark(["1"], SEED).answered
