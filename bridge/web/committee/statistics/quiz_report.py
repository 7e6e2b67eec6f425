"""What to rewrite: all quizzes by first tries that failed, page by page and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee import charts
from bridge.web.committee.csv_export import csv_response
from bridge.web.committee.filters import PAGE_SIZE, Filters, read_filters
from bridge.web.committee.statistics.quiz_statistics import (
    MissedQuestionRow,
    QuizRow,
    QuizStatistics,
    read_quiz_statistics,
)
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee
from bridge.web.layout.formatting import time_ago

SHOWN = 5
"""How many quizzes the overview shows, and how many questions of each the page."""
MAX_ROWS = 3
"""How many questions of each quiz the overview shows."""


@dataclass(frozen=True, slots=True)
class QuizPage:
    """Some of the quizzes, as a page shows them. `begin`: the rank of the first; `most`: how many
    questions of each; `counted`: how long ago, in words, '' before the first time."""

    found: QuizStatistics
    shown: Sequence[QuizRow]
    begin: int
    most: int
    counted: str

    @property
    def plot(self) -> Markup:
        """The share of first tries that failed, a bar a quiz, and the same in words."""
        places = list(enumerate(self.shown, self.begin))
        bars = [(f"{place}. {quiz.title}", round(100 * quiz.share)) for place, quiz in places]
        words = "; ".join(
            gettext("%(place)s. %(title)s: %(failed)s of %(tries)s", place=place,
                    title=quiz.title, failed=quiz.failed, tries=quiz.tries)
            for place, quiz in places
        )  # fmt: skip
        said = gettext("Share of first tries that failed, in per cent.")
        return charts.shares(bars, f"{said} {words}")


def worst_quizzes(services: Services, asked: Filters) -> QuizPage:
    """The few quizzes the overview shows: those failed most at the first try."""
    found = read_quiz_statistics(services, asked)
    failed = [quiz for quiz in found.quizzes if quiz.failed]
    return QuizPage(found, failed[:SHOWN], 1, MAX_ROWS, _counted(services, found))


def blueprint(services: Services) -> Blueprint:
    """`/committee/rewrite`, and as CSV. Chairs see the tries of their regions alone."""
    pages = Blueprint("rewrite", __name__, url_prefix="/committee/rewrite")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked = read_filters(services)
        found = read_quiz_statistics(services, asked)
        shown = found.quizzes[asked.after : asked.after + PAGE_SIZE]
        goes_on = len(found.quizzes) > asked.after + PAGE_SIZE
        first, after = asked.pages("rewrite.index", goes_on, asked.after + PAGE_SIZE)
        return render_template(
            "web/committee/rewrite.html",
            filters=asked,
            part=QuizPage(found, shown, asked.after + 1, SHOWN, _counted(services, found)),
            first=first,
            next=after,
        )

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        return csv_response(
            "rewrite",
            _heads(),
            _cells(read_quiz_statistics(services, read_filters(services)).quizzes),
        )

    return pages


def _counted(services: Services, found: QuizStatistics) -> str:
    return time_ago(services.now() - found.counted_at) if found.counted_at else ""


def _heads() -> list[str]:
    return [
        gettext("Milestone"), gettext("Quiz"), gettext("First tries"), gettext("Failed"),
        gettext("Share"), gettext("First tries lately"), gettext("Failed lately"),
        gettext("Question"), gettext("Asked (all regions)"), gettext("Wrong"),
        gettext("Partly right"), gettext("Share missed"),
    ]  # fmt: skip


def _cells(quizzes: Sequence[QuizRow]) -> Iterator[tuple[object, ...]]:
    """A line a question, and one for a quiz of which no question is known."""
    for quiz in quizzes:
        mine = (quiz.step.title, quiz.title, quiz.tries, quiz.failed, round(quiz.share, 4),
                quiz.lately_tries, quiz.lately_failed)  # fmt: skip
        for question in quiz.questions:
            yield (*mine, *_question(question))
        if not quiz.questions:
            yield (*mine, *(None,) * 5)


def _question(one: MissedQuestionRow) -> tuple[object, ...]:
    return one.text, one.asked, one.wrong, one.partly, round(one.share, 4)
