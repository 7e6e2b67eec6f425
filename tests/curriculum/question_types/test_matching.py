"""`match`: pairs to match."""

from __future__ import annotations

from bridge.curriculum.question_types.matching import Matching, Pair
from tests.support.sample_curricula import text

SEED = "a-seed"
QUESTION = Matching(
    "pairs",
    text("Who does what?"),
    pairs=(
        Pair(text("Steward"), text("Helps")),
        Pair(text("Chair"), text("Presides")),
        Pair(text(""), text("Sells")),
    ),
)


def test_pairs_in_the_order_they_are_shown() -> None:
    lefts = QUESTION.left_sides(SEED)
    assert sorted(lefts) == [0, 1]
    assert sorted(QUESTION.right_sides(SEED)) == [0, 1, 2]
    assert QUESTION.mark([str(at) for at in lefts], SEED).right
    one = QUESTION.mark([str(lefts[0]), "2"], SEED)
    assert [note.verdict for note in one.notes] == ["right", "wrong"]
    assert [note.answer for note in one.notes] == [QUESTION.pairs[at].right for at in lefts]
    assert not QUESTION.mark([], SEED).answered


def test_each_pair_counts_the_same() -> None:
    first, second = (str(at) for at in QUESTION.left_sides(SEED))
    for response, fraction in (([first, second], 1), ([first, ""], 0.5), (["", ""], 0)):
        assert QUESTION.mark(response, SEED).fraction == fraction


def test_a_right_side_that_occurs_twice_is_offered_once() -> None:
    pairs = (*QUESTION.pairs, Pair(text("Delegate"), text("Helps")))
    question = Matching("pairs", text("?"), pairs=pairs)
    assert sorted(question.right_sides(SEED)) == [0, 1, 2]
    assert question.mark(question.right_response(SEED), SEED).right


def test_right_answers() -> None:
    shown = [answer.pick() for answer in QUESTION.right_answers]
    assert shown == ["Steward → Helps", "Chair → Presides"]
