"""Quizzes ranked by first tries that failed, with the questions most missed, for one visitor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bridge.curriculum.markdown import to_inline_html
from bridge.curriculum.model import Question, Quiz, Text
from bridge.store.operations import runs
from bridge.store.statistics import quiz_statistics
from bridge.store.tables.statistics import QuestionStatistic, QuizStatistic
from bridge.web.committee.filters import Filters, MilestoneOption
from bridge.web.committee.statistics.ranking import rank_by_failure
from bridge.web.common.services import Services
from bridge.web.curricula.editor_links import EditorLinks
from bridge.web.layout.language import visitors_language

Tries = Mapping[tuple[str, str], Counter[str]]
"""Curriculum and quiz -> how many `tries`, `failed`, `lately_tries`, `lately_failed`."""
Answers = Mapping[tuple[str, str, str], Counter[str]]
"""Curriculum, quiz and question -> how often `asked`, `wrong`, `partly`."""


@dataclass(frozen=True, slots=True)
class MissedQuestionRow:
    """A question in first attempts of all regions. `edit`: where it is edited, '' for nowhere."""

    key: str
    text: str
    lang: str
    asked: int
    wrong: int
    partly: int
    edit: str

    @property
    def missed(self) -> int:
        return self.wrong + self.partly

    @property
    def share(self) -> float:
        return self.missed / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz and the first tries at it in the regions shown; `lately`: of the last weeks.

    `questions`: all that were asked, the most missed first.
    """

    step: MilestoneOption
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

    def most_missed(self, most: int) -> list[MissedQuestionRow]:
        return [each for each in self.questions if each.missed][:most]


@dataclass(frozen=True, slots=True)
class QuizStatistics:
    """`quizzes`: all with a first try, the most failed first. `counted_at`: None before the first
    time. `possible`: whether Moodle can tell of attempts at all; it cannot without the companion.
    """

    quizzes: Sequence[QuizRow]
    counted_at: datetime | None
    possible: bool


def read_quiz_statistics(services: Services, asked: Filters) -> QuizStatistics:
    """What was counted last, for the regions and milestones asked for. Two queries."""
    keys = {step.curriculum.key for step in asked.chosen}
    with services.database.reading() as session:
        figures = quiz_statistics.quizzes(session, asked.scope)
        answers = quiz_statistics.questions(session, keys) if figures else []
        run = None if figures else runs.last_run(session, "quizzes", ok_only=True)
    if not figures:
        possible = run is None or run.detail.get("way") != "core"
        return QuizStatistics([], run.finished_at if run else None, possible)
    found = _Found(services, _tries(figures), _answers(answers))
    tried = rank_by_failure(found.quizzes(asked.chosen), lambda quiz: (quiz.failed, quiz.tries))
    return QuizStatistics(tried, max(figure.counted_at for figure in figures), True)


def _tries(figures: Iterable[QuizStatistic]) -> Tries:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in figures:
        counts.setdefault((one.curriculum, one.quiz), Counter()).update(
            tries=one.tries,
            failed=one.failed,
            lately_tries=one.lately_tries,
            lately_failed=one.lately_failed,
        )
    return counts


def _answers(figures: Iterable[QuestionStatistic]) -> Answers:
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for one in figures:
        place = (one.curriculum, one.quiz, one.question)
        counts[place] = Counter(asked=one.asked, wrong=one.wrong, partly=one.partly)
    return counts


class _Found:
    """Figures put beside what the curricula say, under the keys of now and those before."""

    def __init__(self, services: Services, tries: Tries, answers: Answers) -> None:
        self._language = visitors_language(services.config)
        self._lines = EditorLinks(services)
        self._tries = tries
        self._answers = answers

    def quizzes(self, steps: Iterable[MilestoneOption]) -> Iterator[QuizRow]:
        for step in steps:
            for quiz in step.milestone.course.quizzes:
                keys = [(step.curriculum.key, key) for key in _keys(quiz)]
                count = _sum(self._tries.get(key) for key in keys)
                if count["tries"]:
                    yield self._tried(step, quiz, count)

    def _tried(self, step: MilestoneOption, quiz: Quiz, count: Counter[str]) -> QuizRow:
        title, lang = self._in_words(quiz.title)
        questions = rank_by_failure(
            self._missed(step, quiz), lambda each: (each.missed, each.asked)
        )
        return QuizRow(
            step=step,
            title=title,
            lang=lang,
            tries=count["tries"],
            failed=count["failed"],
            lately_tries=count["lately_tries"],
            lately_failed=count["lately_failed"],
            questions=questions,
            edit=self._lines.of(step.curriculum.key, quiz.key),
        )

    def _missed(self, step: MilestoneOption, quiz: Quiz) -> Iterator[MissedQuestionRow]:
        path = step.curriculum.key
        for question in quiz.questions:
            keys = [(path, one, other) for one in _keys(quiz) for other in _keys(question)]
            count = _sum(self._answers.get(key) for key in keys)
            if count["asked"]:
                text, lang = self._in_words(question.text)
                edit = self._lines.of(path, quiz.key, question.key)
                yield MissedQuestionRow(
                    question.key, text, lang, count["asked"], count["wrong"], count["partly"], edit
                )

    def _in_words(self, text: Text) -> tuple[str, str]:
        """One plain line in the visitor's language, or else in another; and which it is."""
        written = text.pick(self._language)
        lang = next((each for each, body in text.translations if body == written), "")
        return str(Markup(to_inline_html(written)).striptags()), lang  # noqa: S704 - sanitised


def _keys(one: Quiz | Question) -> tuple[str, ...]:
    return tuple(filter(None, (one.key, one.previously)))


def _sum(counts: Iterable[Counter[str] | None]) -> Counter[str]:
    return sum((count for count in counts if count), Counter[str]())
