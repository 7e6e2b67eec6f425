"""A preview of a milestone and its quizzes, from text that isn't saved."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from bridge.curriculum.model import Curriculum, Milestone
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles, normalize_line_ends
from bridge.web.layout.language import visitors_language


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `…/preview`. It saves nothing, and its quizzes can't be submitted."""
    files = CurriculumFiles(services.config)

    @pages.post("/<folder>/<file>/preview")
    @open_to("curricula")
    def preview(folder: str, file: str) -> str | tuple[str, int]:
        curriculum_file = files.open(folder, file)
        text = normalize_line_ends(request.form.get("text", ""))
        checked = files.check(curriculum_file, text)
        curriculum = checked.reading.curriculum
        if curriculum is None:
            page = render_template(
                "web/curricula/no-preview.html", file=curriculum_file, checked=checked
            )
            return page, 422
        milestones = _milestones_of(curriculum, text)
        language = visitors_language(services.config)
        content_language = language if language in curriculum.languages else curriculum.languages[0]
        return render_template(
            "web/curricula/preview.html",
            file=curriculum_file,
            curriculum=curriculum,
            milestones=milestones,
            content_language=content_language,
        )


def _milestones_of(curriculum: Curriculum, text: str) -> list[Milestone]:
    """The milestones defined in `text`; all milestones for curriculum.yaml."""
    keys = {
        line.partition(":")[2].split("#")[0].strip(" '\"")
        for line in text.split("\n")
        if line.startswith("milestone:")
    }
    found = [each for each in curriculum.milestones if each.key in keys]
    return found or list(curriculum.milestones)
