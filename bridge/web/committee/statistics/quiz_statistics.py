"""Quiz statistics for one visitor: quizzes by failure rate, with their questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.markdown import to_inline_html
from bridge.curriculum.model import Quiz, Text
from bridge.store.operations import runs
from bridge.store.statistics import quiz_statistics
from bridge.store.tables.statistics import QuestionStatistic, QuizStatistic
from bridge.web.committee.statistics.ranking import rank_by_failure
from bridge.web.common.editor_links import EditorLinks
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.lists.filter_fields import MilestoneOption
from bridge.web.lists.filters import Filters

AttemptCounts = Mapping[tuple[str, str], Counter[str]]
"""(Curriculum, quiz) -> counts of `tries`, `failed`, `lately_tries`, `lately_failed`."""
QuestionCounts = Mapping[tuple[str, str, str], Counter[str]]
"""(Curriculum, quiz, question) -> counts of `asked`, `wrong`, `partly`."""


@dataclass(frozen=True, slots=True)
class MissedQuestionRow:
    """The answers to a question in first attempts, in all regions.

    `edit`: the link to the editor, or ''.
    """

    key: str
    text: str
    lang: str
    asked: int
    wrong: int
    partly: int
    edit: str

    @property
    def missed(self) -> int:
        """Answers that were wrong, blank or only partly correct."""
        return self.wrong + self.partly

    @property
    def share(self) -> float:
        return self.missed / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class QuizRow:
    """First attempts at a quiz in the chosen regions. `lately_…`: in the last 12 weeks.

    `questions`: the questions that were asked, most missed first. `edit`: the link to the editor,
    or ''.
    """

    milestone: MilestoneOption
    title: str
    lang: str
    tries: int
    failed: int
    lately_tries: int
    lately_failed: int
    questions: Sequence[MissedQuestionRow]
    edit: str

    @property
    def share(self) -> float:
        return self.failed / self.tries if self.tries else 0.0

    def most_missed(self, limit: int) -> list[MissedQuestionRow]:
        return [each for each in self.questions if each.missed][:limit]


@dataclass(frozen=True, slots=True)
class QuizStatistics:
    """`quizzes`: all quizzes with a first attempt, highest failure rate first.

    `counted_at`: when they were counted, None if never. `possible`: False without the companion
    plugin, because Moodle then has no list of attempts.
    """

    quizzes: Sequence[QuizRow]
    counted_at: datetime | None
    possible: bool


def read_quiz_statistics(services: Services, filters: Filters) -> QuizStatistics:
    """The latest statistics for the chosen regions and milestones. Two queries."""
    keys = {option.curriculum.key for option in filters.chosen_milestones}
    with services.database.reading() as session:
        quizzes = quiz_statistics.load_quiz_statistics(session, filters.scope)
        questions = quiz_statistics.load_question_statistics(session, keys) if quizzes else []
        run = None if quizzes else runs.last_run(session, "quizzes", ok_only=True)
    if not quizzes:
        possible = run is None or run.detail.get("way") != "core"
        return QuizStatistics([], run.finished_at if run else None, possible)
    reader = _RowBuilder(services, _attempt_counts(quizzes), _question_counts(questions))
    rows = rank_by_failure(
        reader.quizzes(filters.chosen_milestones), lambda quiz: (quiz.failed, quiz.tries)
    )
    return QuizStatistics(rows, max(each.counted_at for each in quizzes), True)


def _attempt_counts(statistics: Iterable[QuizStatistic]) -> AttemptCounts:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in statistics:
        counts.setdefault((one.curriculum, one.quiz), Counter()).update(
            tries=one.tries,
            failed=one.failed,
            lately_tries=one.lately_tries,
            lately_failed=one.lately_failed,
        )
    return counts


def _question_counts(statistics: Iterable[QuestionStatistic]) -> QuestionCounts:
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for one in statistics:
        key = (one.curriculum, one.quiz, one.question)
        counts[key] = Counter(asked=one.asked, wrong=one.wrong, partly=one.partly)
    return counts


class _RowBuilder:
    """Combines the counts with the curricula. Counts under previous keys are added."""

    def __init__(
        self, services: Services, attempts: AttemptCounts, questions: QuestionCounts
    ) -> None:
        self._language = visitors_language(services.config)
        self._links = EditorLinks(services)
        self._attempts = attempts
        self._questions = questions

    def quizzes(self, options: Iterable[MilestoneOption]) -> Iterator[QuizRow]:
        for option in options:
            for quiz in option.milestone.course.quizzes:
                keys = [(option.curriculum.key, key) for key in all_keys(quiz)]
                count = _sum(self._attempts.get(key) for key in keys)
                if count["tries"]:
                    yield self._quiz_row(option, quiz, count)

    def _quiz_row(self, option: MilestoneOption, quiz: Quiz, count: Counter[str]) -> QuizRow:
        title, lang = self._plain_text(quiz.title)
        questions = rank_by_failure(
            self._question_rows(option, quiz), lambda each: (each.missed, each.asked)
        )
        return QuizRow(
            milestone=option,
            title=title,
            lang=lang,
            tries=count["tries"],
            failed=count["failed"],
            lately_tries=count["lately_tries"],
            lately_failed=count["lately_failed"],
            questions=questions,
            edit=self._links.of(option.curriculum.key, quiz.key),
        )

    def _question_rows(self, option: MilestoneOption, quiz: Quiz) -> Iterator[MissedQuestionRow]:
        curriculum = option.curriculum.key
        for question in quiz.questions:
            keys = [
                (curriculum, quiz_key, key)
                for quiz_key in all_keys(quiz)
                for key in all_keys(question)
            ]
            count = _sum(self._questions.get(key) for key in keys)
            if count["asked"]:
                text, lang = self._plain_text(question.text)
                edit = self._links.of(curriculum, quiz.key, question.key)
                yield MissedQuestionRow(
                    question.key, text, lang, count["asked"], count["wrong"], count["partly"], edit
                )

    def _plain_text(self, text: Text) -> tuple[str, str]:
        """The text without markup, in the visitor's language if there is one, and its language."""
        markdown = text.shown(self._language)
        lang = next((each for each, body in text.translations if body == markdown), "")
        return str(Markup(to_inline_html(markdown)).striptags()), lang  # noqa: S704 - sanitised


def _sum(counts: Iterable[Counter[str] | None]) -> Counter[str]:
    return sum((count for count in counts if count), Counter[str]())
