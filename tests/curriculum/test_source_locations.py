"""Quizzes and questions are located in their files."""

from __future__ import annotations

from bridge.curriculum.editing.source_locations import SourceLocation, source_locations
from bridge.curriculum.library.folders import files_of
from bridge.curriculum.reader import read_text
from bridge.resources import resource

FOLDER = resource("curricula") / "member-steward-path"


def test_quizzes_and_questions_of_the_shipped_curriculum_are_found() -> None:
    files = files_of(FOLDER)
    curriculum = read_text(files).curriculum
    assert curriculum is not None
    found = source_locations(files)
    quizzes = [quiz for milestone in curriculum.milestones for quiz in milestone.course.quizzes]
    expected = {(quiz.key, "") for quiz in quizzes}
    expected |= {(quiz.key, question.key) for quiz in quizzes for question in quiz.questions}
    assert set(found) == expected
    for (quiz, question), location in found.items():
        line = files[location.file].decode().splitlines()[location.line - 1]
        assert line.strip(" -") == (f"question: {question}" if question else f"quiz: {quiz}")


def test_a_required_quiz_is_not_a_quiz_location() -> None:
    text = b"milestone: a\nrequirements:\n  - quiz: check\n"
    assert source_locations({"a.yaml": text}) == {}


def test_unreadable_files_are_skipped() -> None:
    good = b"milestone: a\ncourse:\n  sections:\n  - activities:\n    - quiz: check\n"
    files = {
        "a.yaml": good, "b.yaml": b"\xff", "c.yaml": b"- [", "d.yaml": b"course: {sections: x}",
        "e.yml": good, "badges/f.yaml": good,
    }  # fmt: skip
    assert source_locations(files) == {("check", ""): SourceLocation("a.yaml", 5)}
