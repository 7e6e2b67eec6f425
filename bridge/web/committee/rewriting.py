"""Quizzes ranked by first tries that failed, with the questions most missed, for one visitor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bridge.curriculum.markdown import to_inline_html
from bridge.curriculum.model import Question, Quiz, Text
from bridge.store import quiz_figures, runs
from bridge.store.quiz_tables import QuestionFigure, QuizFigure
from bridge.web.collaborators import Collaborators
from bridge.web.committee.filters import Filters, Step
from bridge.web.committee.ranking import ranked
from bridge.web.curricula.lines import Lines
from bridge.web.language import visitors_language

Tries = Mapping[tuple[str, str], Counter[str]]
"""Curriculum and quiz -> how many `tries`, `failed`, `lately_tries`, `lately_failed`."""
Answers = Mapping[tuple[str, str, str], Counter[str]]
"""Curriculum, quiz and question -> how often `asked`, `wrong`, `partly`."""


@dataclass(frozen=True, slots=True)
class Missed:
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
class Tried:
    """A quiz and the first tries at it in the regions shown; `lately`: of the last weeks.

    `questions`: all that were asked, the most missed first.
    """

    step: Step
    title: str
    lang: str
    tries: int
    failed: int
    lately_tries: int
    lately_failed: int
    questions: Sequence[Missed]
    edit: str

    @property
    def share(self) -> float:
        return self.failed / self.tries if self.tries else 0.0

    def most_missed(self, most: int) -> list[Missed]:
        return [each for each in self.questions if each.missed][:most]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """`quizzes`: all with a first try, the most failed first. `counted_at`: None before the first
    time. `possible`: whether Moodle can tell of attempts at all; it cannot without the companion.
    """

    quizzes: Sequence[Tried]
    counted_at: datetime | None
    possible: bool


def rewriting(house: Collaborators, asked: Filters) -> Rewriting:
    """What was counted last, for the regions and milestones asked for. Two queries."""
    keys = {step.curriculum.key for step in asked.chosen}
    with house.database.reading() as session:
        figures = quiz_figures.quizzes(session, asked.scope)
        answers = quiz_figures.questions(session, keys) if figures else []
        run = None if figures else runs.last_run(session, "quizzes", ok_only=True)
    if not figures:
        possible = run is None or run.detail.get("way") != "core"
        return Rewriting([], run.finished_at if run else None, possible)
    found = _Found(house, _tries(figures), _answers(answers))
    tried = ranked(found.quizzes(asked.chosen), lambda quiz: (quiz.failed, quiz.tries))
    return Rewriting(tried, max(figure.counted_at for figure in figures), True)


def _tries(figures: Iterable[QuizFigure]) -> Tries:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in figures:
        counts.setdefault((one.curriculum, one.quiz), Counter()).update(
            tries=one.tries,
            failed=one.failed,
            lately_tries=one.lately_tries,
            lately_failed=one.lately_failed,
        )
    return counts


def _answers(figures: Iterable[QuestionFigure]) -> Answers:
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for one in figures:
        place = (one.curriculum, one.quiz, one.question)
        counts[place] = Counter(asked=one.asked, wrong=one.wrong, partly=one.partly)
    return counts


class _Found:
    """Figures put beside what the curricula say, under the keys of now and those before."""

    def __init__(self, house: Collaborators, tries: Tries, answers: Answers) -> None:
        self._language = visitors_language(house.config)
        self._lines = Lines(house)
        self._tries = tries
        self._answers = answers

    def quizzes(self, steps: Iterable[Step]) -> Iterator[Tried]:
        for step in steps:
            for quiz in step.milestone.course.quizzes:
                keys = [(step.curriculum.key, key) for key in _keys(quiz)]
                count = _sum(self._tries.get(key) for key in keys)
                if count["tries"]:
                    yield self._tried(step, quiz, count)

    def _tried(self, step: Step, quiz: Quiz, count: Counter[str]) -> Tried:
        title, lang = self._in_words(quiz.title)
        questions = ranked(self._missed(step, quiz), lambda each: (each.missed, each.asked))
        return Tried(
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

    def _missed(self, step: Step, quiz: Quiz) -> Iterator[Missed]:
        path = step.curriculum.key
        for question in quiz.questions:
            keys = [(path, one, other) for one in _keys(quiz) for other in _keys(question)]
            count = _sum(self._answers.get(key) for key in keys)
            if count["asked"]:
                text, lang = self._in_words(question.text)
                edit = self._lines.of(path, quiz.key, question.key)
                yield Missed(
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
