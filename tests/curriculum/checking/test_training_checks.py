"""What trains an expectation must exist."""

from __future__ import annotations

import pytest

from bridge.curriculum.reader import Reading, read_text
from bridge.curriculum.requirements.training import NO_TRAINING, Trainer, Training
from tests.curriculum.sample_files import FIRST, SECOND, TOP, png

SESSIONS = "sessions:\n  - session: first-aid\n    title: First aid\n"
PLAIN = "  - Knows where the agreement is\n"


def reading(parts: str) -> Reading:
    """The sample curriculum, in which these parts train the expectation of the first step."""
    lines = "".join(f"      - {part}\n" for part in parts.split(", "))
    with_parts = f"  - expectation: Knows *where*\n    trained-by:\n{lines}{PLAIN}"
    files = {
        "curriculum.yaml": TOP,
        "first-step.yaml": FIRST.replace(PLAIN, with_parts),
        "second-step.yaml": SECOND,
        "sessions.yaml": SESSIONS,
    }
    encoded = {name: text.encode() for name, text in files.items()}
    return read_text({**encoded, "badges/second.png": png()})


def test_parts_of_every_kind_are_read() -> None:
    read = reading("page: welcome, link: agreement, session: first-aid, signoff: met-in-person")
    assert read.curriculum, read.errors
    step = read.curriculum.milestones[0]
    training = Training(
        (
            Trainer("page", "welcome"),
            Trainer("link", "agreement"),
            Trainer("session", "first-aid"),
            Trainer("signoff", "met-in-person"),
        )
    )
    assert step.training == (training, NO_TRAINING)
    assert [(text.pick(), found) for text, found in step.trained_expectations] == [
        ("Knows *where*", training),
        ("Knows where the agreement is", NO_TRAINING),
    ]
    assert [each.key for each in training.teaching] == ["welcome", "agreement", "first-aid"]
    assert [each.key for each in training.assessing] == ["met-in-person"]
    assert training.shown_by == training.assessing


def test_without_an_assessment_the_teaching_counts() -> None:
    training = Training((Trainer("page", "welcome"),))
    assert training.shown_by == training.parts


@pytest.mark.parametrize(
    ("part", "message", "advice"),
    [
        ("page: welcom", "There is no page `welcom`.", "did you mean `welcome`?"),
        ("link: welcome", "`welcome` is a page, not a link.", "write `page: welcome`"),
        ("quiz: nothing-like-it", "There is no quiz `nothing-like-it`.", ""),
        ("session: first-ade", "There is no session `first-ade`.", "did you mean `first-aid`?"),
        (
            "signoff: met-in-persn",
            "No milestone requires the sign-off `met-in-persn`.",
            "did you mean `met-in-person`?",
        ),
        ("page: welcome, page: welcome", "`page: welcome` is listed twice.", "delete one"),
    ],
)
def test_a_part_that_does_not_exist(part: str, message: str, advice: str) -> None:
    [problem] = reading(part).errors
    assert (str(problem.message), str(problem.suggestion)) == (message, advice)
    assert (problem.file, problem.line) == ("first-step.yaml", 11 if ", " in part else 10)


def test_a_kind_that_trains_nothing() -> None:
    [problem] = reading("milestone: second-step").errors
    assert "`page:` or `link:` or `quiz:` or `session:` or `signoff:`" in str(problem.message)
