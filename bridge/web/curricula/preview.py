"""A milestone and its quizzes as a learner sees them, from a text that is not saved."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from bridge.curriculum.model import Curriculum, Milestone
from bridge.web.common.services import Services
from bridge.web.common.visitor import for_committee
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles, unified
from bridge.web.layout.language import visitors_language


def register_routes(pages: Blueprint, services: Services) -> None:
    """`…/preview`: nothing of it is stored, and its quizzes lead nowhere."""
    desk = CurriculumFiles(services.config)

    @pages.post("/<folder>/<file>/preview")
    @for_committee(chairs=False)
    def preview(folder: str, file: str) -> str | tuple[str, int]:
        sheet = desk.open(folder, file)
        text = unified(request.form.get("text", ""))
        checked = desk.check(sheet, text)
        path = checked.reading.curriculum
        if path is None:
            page = render_template("web/curricula/unseen.html", sheet=sheet, checked=checked)
            return page, 422
        steps = _steps(path, text)
        language = visitors_language(services.config)
        speech = language if language in path.languages else path.languages[0]
        return render_template(
            "web/curricula/preview.html", sheet=sheet, path=path, steps=steps, speech=speech
        )


def _steps(path: Curriculum, text: str) -> list[Milestone]:
    """The milestone this file holds; all of them for curriculum.yaml."""
    keys = {
        line.partition(":")[2].split("#")[0].strip(" '\"")
        for line in text.split("\n")
        if line.startswith("milestone:")
    }
    found = [step for step in path.milestones if step.key in keys]
    return found or list(path.milestones)
