"""Lessons and practice quizzes of open milestones. They need no account and save nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, Milestone, Page, Quiz
from bridge.curriculum.question_types.question import Marking, Question
from bridge.curriculum.question_types.responses import TRIMMED
from bridge.printable_text import replace_unprintable
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.public.lookups import content_language, find_milestone, lessons

MAX_ANSWERS, MAX_LENGTH = 30, 200
"""Answers to one question, and characters of each. No right answer is longer."""


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """One question on the page. Its parts are shown in an order that depends only on `seed`."""

    question: Question
    seed: str
    given: Sequence[str]
    marked: Marking | None


def blueprint(services: Services) -> Blueprint:
    """`/path/<curriculum>/<milestone>/<page>` and `…/quiz/<quiz>`."""
    pages = Blueprint("lessons", __name__)
    _add_page_route(pages, services)
    _add_quiz_routes(pages, services)
    return pages


def _add_page_route(pages: Blueprint, services: Services) -> None:
    @pages.get("/path/<curriculum>/<milestone>/<page>")
    def page(curriculum: str, milestone: str, page: str) -> str:
        path, step = _find_open_milestone(services, curriculum, milestone)
        found = next(
            (a for a in step.course.activities if isinstance(a, Page) and _has_key(a, page)), None
        )
        if found is None:
            raise NotFound
        return _render(services, "web/public/lessons/page.html", path, step, found)


def _add_quiz_routes(pages: Blueprint, services: Services) -> None:
    @pages.get("/path/<curriculum>/<milestone>/quiz/<quiz>")
    def quiz(curriculum: str, milestone: str, quiz: str) -> str:
        """Without answers, the questions; with those that a check has put into the address, both.

        So Back leads to a page that the browser can open again.
        """
        path, step = _find_open_milestone(services, curriculum, milestone)
        found, is_checked = _quiz(step, quiz), "seed" in request.args
        seed = _seed(request.args) if is_checked else secrets.token_hex(8)
        language = visitors_language(services.config)
        asked = [
            _render_question(
                question, seed, _answers(request.args, question) if is_checked else None, language
            )
            for question in found.questions
        ]
        right = sum(each.marked is not None and each.marked.right for each in asked)
        return _render(
            services,
            "web/public/lessons/quiz.html",
            path,
            step,
            found,
            asked=asked,
            seed=seed,
            right=right if is_checked else None,
        )

    @pages.post("/path/<curriculum>/<milestone>/quiz/<quiz>")
    def check(curriculum: str, milestone: str, quiz: str) -> Response:
        _, step = _find_open_milestone(services, curriculum, milestone)
        given = {
            f"q-{each.key}": _answers(request.form, each) for each in _quiz(step, quiz).questions
        }
        here = {"curriculum": curriculum, "milestone": milestone, "quiz": quiz}
        address = url_for("lessons.quiz", **here, seed=_seed(request.form), **given)  # type: ignore[arg-type]
        return redirect(address, 303)


def _find_open_milestone(
    services: Services, curriculum: str, milestone: str
) -> tuple[Curriculum, Milestone]:
    """A milestone that needs no account. Raises NotFound for others."""
    path, step = find_milestone(services, curriculum, milestone)
    if step.access != "open":
        raise NotFound
    return path, step


def _has_key(activity: Page | Quiz, key: str) -> bool:
    return key in all_keys(activity)


def _quiz(step: Milestone, key: str) -> Quiz:
    for quiz in step.course.quizzes:
        if _has_key(quiz, key):
            return quiz
    raise NotFound


def _render_question(
    question: Question, seed: str, given: Sequence[str] | None = None, language: str = "en"
) -> RenderedQuestion:
    own = f"{seed}:{question.key}"
    marked = None if given is None else question.mark(given, own, language=language)
    return RenderedQuestion(question, own, given or (), marked)


def _seed(values: MultiDict[str, str]) -> str:
    seed = values.get("seed", "")
    return seed if re.fullmatch("[0-9a-f]{16}", seed) else "0" * 16


def _answers(values: MultiDict[str, str], question: Question) -> list[str]:
    """What was chosen or typed, short enough for an address.

    An invisible character makes an answer wrong, as in Moodle; addresses have U+FFFD for it.
    """
    given = values.getlist(f"q-{question.key}")[:MAX_ANSWERS]
    return [replace_unprintable(each.strip(TRIMMED), "\ufffd")[:MAX_LENGTH] for each in given]


def _render(
    services: Services,
    template: str,
    path: Curriculum,
    step: Milestone,
    activity: Page | Quiz,
    **more: object,
) -> str:
    every = lessons(path, step)
    at = next(n for n, each in enumerate(every) if each.key == activity.key)
    around = {
        "place": at + 1,
        "total": len(every),
        "before": every[at - 1] if at else None,
        "after": every[at + 1] if at + 1 < len(every) else None,
    }
    speech = content_language(path, visitors_language(services.config))
    known = {"path": path, "step": step, "activity": activity, "speech": speech}
    return render_template(template, **known, **around, **more)
