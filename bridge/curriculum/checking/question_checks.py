"""Check that questions can be answered, and that Moodle accepts them."""

from __future__ import annotations

from bridge.curriculum.parsed_curriculum import ParsedCurriculum, activities
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.question_types.register import type_of
from bridge.messages import Message


def check_questions(parsed: ParsedCurriculum, report: Report) -> None:
    """Report questions that have no right answer, no feedback, or too few or too many answers."""
    for milestone in parsed.milestones:
        for activity in activities(milestone):
            for question in activity.records("questions"):
                _check(question, report)


def _check(question: ParsedRecord, report: Report) -> None:
    kind = type_of(question)
    kind.check(question, report)
    if not (question.has("feedback") or kind.explains_every_answer(question)):
        report.error(
            question.position_of("question"),
            Message("This question has no feedback to show after the answer."),
            Message("add `feedback:` to the question or to each of its answers"),
        )
