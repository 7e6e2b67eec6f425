"""What to rewrite: all quizzes by first tries that failed, page by page and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from markupsafe import Markup

from bridge.web.collaborators import Collaborators
from bridge.web.committee import plots
from bridge.web.committee.filters import PAGE, Filters, filters
from bridge.web.committee.rewriting import Missed, Rewriting, Tried, rewriting
from bridge.web.committee.sheet import sheet
from bridge.web.identity import for_committee
from bridge.web.words import ago

SHOWN = 5
"""How many quizzes the overview shows, and how many questions of each the page."""
MOST = 3
"""How many questions of each quiz the overview shows."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the quizzes, as a page shows them. `begin`: the rank of the first; `most`: how many
    questions of each; `counted`: how long ago, in words, '' before the first time."""

    found: Rewriting
    shown: Sequence[Tried]
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
        return plots.shares(bars, f"{said} {words}")


def worst(house: Collaborators, asked: Filters) -> Part:
    """The few quizzes the overview shows: those failed most at the first try."""
    found = rewriting(house, asked)
    failed = [quiz for quiz in found.quizzes if quiz.failed]
    return Part(found, failed[:SHOWN], 1, MOST, _counted(house, found))


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/rewrite`, and as CSV. Chairs see the tries of their regions alone."""
    pages = Blueprint("rewrite", __name__, url_prefix="/committee/rewrite")

    @pages.get("")
    @for_committee()
    def index() -> str:
        asked = filters(house)
        found = rewriting(house, asked)
        shown = found.quizzes[asked.after : asked.after + PAGE]
        goes_on = len(found.quizzes) > asked.after + PAGE
        first, after = asked.pages("rewrite.index", goes_on, asked.after + PAGE)
        return render_template(
            "web/committee/rewrite.html",
            filters=asked,
            part=Part(found, shown, asked.after + 1, SHOWN, _counted(house, found)),
            first=first,
            next=after,
        )

    @pages.get("/list.csv")
    @for_committee()
    def table() -> Response:
        return sheet("rewrite", _heads(), _cells(rewriting(house, filters(house)).quizzes))

    return pages


def _counted(house: Collaborators, found: Rewriting) -> str:
    return ago(house.now() - found.counted_at) if found.counted_at else ""


def _heads() -> list[str]:
    return [
        gettext("Milestone"), gettext("Quiz"), gettext("First tries"), gettext("Failed"),
        gettext("Share"), gettext("First tries lately"), gettext("Failed lately"),
        gettext("Question"), gettext("Asked (all regions)"), gettext("Wrong"),
        gettext("Partly right"), gettext("Share missed"),
    ]  # fmt: skip


def _cells(quizzes: Sequence[Tried]) -> Iterator[tuple[object, ...]]:
    """A line a question, and one for a quiz of which no question is known."""
    for quiz in quizzes:
        mine = (quiz.step.title, quiz.title, quiz.tries, quiz.failed, round(quiz.share, 4),
                quiz.lately_tries, quiz.lately_failed)  # fmt: skip
        for question in quiz.questions:
            yield (*mine, *_question(question))
        if not quiz.questions:
            yield (*mine, *(None,) * 5)


def _question(one: Missed) -> tuple[object, ...]:
    return one.text, one.asked, one.wrong, one.partly, round(one.share, 4)
