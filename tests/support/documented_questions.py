"""The questions in docs/curricula.md. Tests of every question type use them."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

from bridge.curriculum.question_types.question import Question
from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import SECOND, files

DOCS = (Path(__file__).parents[2] / "docs" / "curricula.md").read_text("utf-8")
EXAMPLES = [dedent(e) for e in re.findall(r"(?ms)^ *```yaml\n(.*?)^ *```$", DOCS)]
QUESTION_EXAMPLES = [example for example in EXAMPLES if example.startswith("- question:")]


def read_questions(example: str) -> Reading:
    """The reading of a small curriculum whose only quiz has the questions of an example."""
    start, end = SECOND.index("            - question: single"), SECOND.index("requirements:")
    return read_text(files(second=SECOND[:start] + indent(example, " " * 12) + SECOND[end:]))


def documented_questions() -> tuple[Question, ...]:
    """All questions of the examples, in order."""
    found: list[Question] = []
    for example in QUESTION_EXAMPLES:
        reading = read_questions(example)
        curriculum, problems = reading.curriculum, "\n".join(map(str, reading.problems))
        assert curriculum, (
            "an example in docs/curricula.md has errors; is its type in QUESTION_TYPES in "
            f"bridge/curriculum/question_types/register.py?\n{problems}\n{example}"
        )
        found += (q for quiz in curriculum.milestones[1].course.quizzes for q in quiz.questions)
    return tuple(found)
