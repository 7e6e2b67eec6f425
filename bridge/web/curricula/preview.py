"""A preview of milestones with their quizzes, of topics, or of forms: text that isn't saved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request

from bridge.config import Config
from bridge.curriculum.forms.form import Form
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.reader import FORMS_FILE, PROGRAMS_FILE, SESSIONS_FILE
from bridge.curriculum.requirements.credited import required_keys
from bridge.curriculum.topics import Topic, names_of
from bridge.web.common.access import open_to
from bridge.web.common.limits.costly_pages import Places, costly
from bridge.web.common.services import Services
from bridge.web.curricula.storage.curriculum_files import CurriculumFiles, normalize_line_ends
from bridge.web.layout.formatting import audience_words
from bridge.web.layout.language import visitors_language

TEMPLATES = {
    SESSIONS_FILE: "topics.html",
    PROGRAMS_FILE: "programs.html",
    FORMS_FILE: "forms.html",
}
"""The previews of the files without a milestone."""


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic, the conditions of its audience, and the milestones that it counts towards."""

    topic: Topic
    conditions: list[str]
    counts_towards: list[Milestone]


def register_routes(pages: Blueprint, services: Services, places: Places) -> None:
    """Add `…/preview`. It saves nothing, and its quizzes and forms can't be submitted."""
    files = CurriculumFiles(services.config)

    @pages.post("/<folder>/<file>/preview")
    @open_to("curricula")
    @costly(places)
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
        language = visitors_language(services.config)
        content_language = language if language in curriculum.languages else curriculum.languages[0]
        return render_template(
            f"web/curricula/preview/{TEMPLATES.get(file, 'milestones.html')}",
            file=curriculum_file,
            curriculum=curriculum,
            milestones=_milestones_of(curriculum, text),
            topics=_shown_topics(curriculum, services.config, content_language),
            programs=curriculum.programs,
            with_unique_fields=_with_unique_fields,
            forms=[_with_unique_fields(each) for each in curriculum.forms],
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


def _shown_topics(curriculum: Curriculum, config: Config, language: str) -> list[ShownTopic]:
    return [
        ShownTopic(
            each,
            audience_words(each.audience, curriculum, config, language),
            [
                milestone
                for milestone in curriculum.milestones
                if required_keys(milestone.requirements, "session").intersection(names_of(each))
            ],
        )
        for each in curriculum.topics
    ]


def _with_unique_fields(form: Form) -> Form:
    """The form with other keys of its fields, so that several forms can be on one page."""
    fields = (replace(each, key=f"{form.key}-{each.key}".replace("/", "-")) for each in form.fields)
    return replace(form, fields=tuple(fields))
