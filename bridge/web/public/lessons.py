"""Lessons and practice quizzes of open milestones. They need no account and save nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, Milestone, Page, Quiz
from bridge.curriculum.question_types.question import Marking, Question
from bridge.web.common.services import Services
from bridge.web.layout.language import visitors_language
from bridge.web.public.lookups import content_language, find_milestone, lessons


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
        path, step = _find_open_milestone(services, curriculum, milestone)
        found = _quiz(step, quiz)
        seed = secrets.token_hex(8)
        asked = [_render_question(question, seed) for question in found.questions]
        return _render(
            services,
            "web/public/lessons/quiz.html",
            path,
            step,
            found,
            asked=asked,
            seed=seed,
            right=None,
        )

    @pages.post("/path/<curriculum>/<milestone>/quiz/<quiz>")
    def check(curriculum: str, milestone: str, quiz: str) -> str:
        path, step = _find_open_milestone(services, curriculum, milestone)
        found = _quiz(step, quiz)
        seed, language = _seed(), visitors_language(services.config)
        asked = [
            _render_question(q, seed, request.form.getlist(f"q-{q.key}"), language)
            for q in found.questions
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
            right=right,
        )


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


def _seed() -> str:
    seed = request.form.get("seed", "")
    return seed if re.fullmatch("[0-9a-f]{16}", seed) else "0" * 16


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
