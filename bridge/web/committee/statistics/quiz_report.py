"""The page “Quiz statistics”: quizzes ranked by failed first attempts, and its CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from markupsafe import Markup

from bridge.web.committee import charts
from bridge.web.committee.statistics.quiz_statistics import (
    MissedQuestionRow,
    QuizRow,
    QuizStatistics,
    read_quiz_statistics,
)
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.formatting import time_ago
from bridge.web.lists.csv_export import csv_response
from bridge.web.lists.filters import PAGE_SIZE, Filters, read_filters

MAX_QUIZZES_ON_DASHBOARD = 5
MAX_QUESTIONS_ON_DASHBOARD = 3
MAX_QUESTIONS = 5
"""How many questions of each quiz the page “Quiz statistics” shows."""


@dataclass(frozen=True, slots=True)
class QuizPage:
    """A page of the ranked quizzes.

    `first_rank`: the rank of the first quiz; `max_questions`: how many questions of each quiz to
    show; `updated`: when the statistics were calculated, such as "2 hours ago", or '' if never.
    """

    statistics: QuizStatistics
    quizzes: Sequence[QuizRow]
    first_rank: int
    max_questions: int
    updated: str

    @property
    def chart(self) -> Markup:
        """A bar for each quiz: the share of first attempts that failed."""
        ranked = list(enumerate(self.quizzes, self.first_rank))
        bars = [(f"{rank}. {quiz.title}", round(100 * quiz.share)) for rank, quiz in ranked]
        values = "; ".join(
            gettext("%(place)s. %(title)s: %(failed)s of %(tries)s", place=rank,
                    title=quiz.title, failed=quiz.failed, tries=quiz.tries)
            for rank, quiz in ranked
        )  # fmt: skip
        title = gettext("Failed first attempts in percent.")
        return charts.percentages(bars, f"{title} {values}")


def worst_quizzes(services: Services, filters: Filters) -> QuizPage:
    """The quizzes with the highest failure rates, for the dashboard."""
    statistics = read_quiz_statistics(services, filters)
    failed = [quiz for quiz in statistics.quizzes if quiz.failed]
    return QuizPage(
        statistics,
        failed[:MAX_QUIZZES_ON_DASHBOARD],
        1,
        MAX_QUESTIONS_ON_DASHBOARD,
        _updated(services, statistics),
    )


def blueprint(services: Services) -> Blueprint:
    """`/committee/quizzes` and its CSV. Chairs see only attempts from their regions."""
    pages = Blueprint("quiz_statistics", __name__, url_prefix="/committee/quizzes")

    @pages.get("")
    @open_to("statistics")
    def index() -> str:
        filters = read_filters(services)
        statistics = read_quiz_statistics(services, filters)
        shown = statistics.quizzes[filters.after : filters.after + PAGE_SIZE]
        has_more = len(statistics.quizzes) > filters.after + PAGE_SIZE
        first, after = filters.pages("quiz_statistics.index", has_more, filters.after + PAGE_SIZE)
        return render_template(
            "web/committee/quiz-report.html",
            filters=filters,
            page=QuizPage(
                statistics, shown, filters.after + 1, MAX_QUESTIONS, _updated(services, statistics)
            ),
            first=first,
            next=after,
        )

    @pages.get("/list.csv")
    @open_to("statistics")
    def table() -> Response:
        return csv_response(
            "quiz-statistics",
            _header(),
            _cells(read_quiz_statistics(services, read_filters(services)).quizzes),
        )

    return pages


def _updated(services: Services, statistics: QuizStatistics) -> str:
    return time_ago(services.now() - statistics.counted_at) if statistics.counted_at else ""


def _header() -> list[str]:
    return [
        gettext("Milestone"), gettext("Quiz"), gettext("First attempts"), gettext("Failed"),
        gettext("Share"), gettext("First attempts (last 12 weeks)"),
        gettext("Failed (last 12 weeks)"),
        gettext("Question"), gettext("Times asked (all regions)"), gettext("Wrong"),
        gettext("Partly correct"), gettext("Share wrong or partly correct"),
    ]  # fmt: skip


def _cells(quizzes: Sequence[QuizRow]) -> Iterator[tuple[object, ...]]:
    """A row for each question, or one row for a quiz without question statistics."""
    for quiz in quizzes:
        quiz_cells = (
            quiz.milestone.title, quiz.title, quiz.tries, quiz.failed, round(quiz.share, 4),
            quiz.lately_tries, quiz.lately_failed,
        )  # fmt: skip
        for question in quiz.questions:
            yield (*quiz_cells, *_question_cells(question))
        if not quiz.questions:
            yield (*quiz_cells, *(None,) * 5)


def _question_cells(question: MissedQuestionRow) -> tuple[object, ...]:
    return question.text, question.asked, question.wrong, question.partly, round(question.share, 4)
