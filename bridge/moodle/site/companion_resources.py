"""Converts the plugin's answers into the Resources that a plan compares. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from bridge.moodle.schemas.companion import (
    ActivityState,
    CourseHead,
    CourseState,
    ModuleName,
    QuizState,
    SectionState,
    SiteState,
    StoredFile,
    TemplateState,
)
from bridge.moodle.site.core_writer import Ids, template_mark
from bridge.plan import SECTION, Kind, Resource, Value, stored_image

MODULES: Mapping[ModuleName, Kind] = {"page": "page", "url": "link", "quiz": "quiz"}
HIGHEST = 1
"""Moodle's QUIZ_GRADEHIGHEST."""
AUTOMATIC = 2
"""Moodle's COMPLETION_TRACKING_AUTOMATIC."""
GRADING = {HIGHEST: "highest", 2: "average", 3: "first", 4: "last"}


def site_resources(state: SiteState, ids: Ids) -> Iterator[Resource]:
    """The managed site-wide resources; stores their ids in `ids`."""
    for category in state.categories:
        ids["category", category.idnumber] = category.id
        yield Resource("category", category.idnumber, category.name, {"name": category.name})
    for framework in state.frameworks:
        ids["framework", framework.idnumber] = framework.id
        yield _named("framework", framework.idnumber, framework.shortname)
    for cohort in state.cohorts:
        ids["cohort", cohort.idnumber] = cohort.id
        yield _named("cohort", cohort.idnumber, cohort.name)
    for competency in state.competencies:
        ids["competency", competency.idnumber] = competency.id
        yield _named("competency", competency.idnumber, competency.shortname)
    for badge in state.badges:
        ids["badge", badge.idnumber] = badge.id
        fields = {"name": badge.name, "description": badge.description, "image": badge.imagehash}
        yield Resource("badge", badge.idnumber, badge.name, fields)
    yield from _templates(state, ids)


def _named(kind: Kind, idnumber: str, name: str) -> Resource:
    return Resource(kind, idnumber, name, {"name": name})


def _templates(state: SiteState, ids: Ids) -> Iterator[Resource]:
    """Templates have no idnumber in Moodle, so it is in their description."""
    names = {competency.id: competency.idnumber for competency in state.competencies}
    for framework in state.frameworks:
        template = _marked(state.templates, framework.idnumber)
        if template:
            ids["template", framework.idnumber] = template.id
            members = tuple(names.get(id_, "") for id_ in template.competencyids)
            fields: dict[str, Value] = {"name": template.shortname, "competencies": members}
            yield Resource("template", framework.idnumber, template.shortname, fields)


def _marked(templates: Iterable[TemplateState], idnumber: str) -> TemplateState | None:
    mark = template_mark(idnumber)
    return next((t for t in templates if mark in t.description), None)


def course_resource(course: CourseHead) -> Resource:
    """A course as a resource, without its content."""
    fields: dict[str, Value] = {
        "name": course.fullname,
        "shortname": course.shortname,
        "summary": course.summary,
        "visible": course.visible,
        "completion": course.enablecompletion,
    }
    return Resource("course", course.idnumber, course.fullname, fields)


def content_resources(state: CourseState) -> Iterator[Resource]:
    """The sections, activities, questions and order of a course, as resources."""
    course = state.course.idnumber
    for section in state.sections:
        fields: dict[str, Value] = {
            "name": section.name,
            "summary": section.summary,
            "visible": section.visible,
            **_images(section.files),
        }
        yield Resource("section", section.idnumber, section.name, fields, course)
    for question in state.questions:
        content: dict[str, Value] = {"content": question.hash}
        yield Resource("question", question.idnumber, question.idnumber, content, course)
    for activity in state.activities:
        yield _activity(activity, course)
    order = tuple(_order(state.sections, state.activities))
    yield Resource("outline", course, "order", {"order": order}, course)


def module_ids(state: CourseState) -> Ids:
    """The course module ids of a course's visible activities."""
    return {(MODULES[a.modname], a.idnumber): a.cmid for a in state.activities if a.visible}


def _activity(activity: ActivityState, course: str) -> Resource:
    kind = MODULES[activity.modname]
    fields: dict[str, Value] = {"name": activity.name, "visible": activity.visible}
    fields |= _images(activity.files)
    attempts = 0
    match activity.modname:
        case "page":
            fields |= {"content": activity.content, "completion": _viewing(activity)}
        case "url":
            fields |= {"url": activity.content, "description": activity.intro}
            fields |= {"completion": _viewing(activity)}
        case "quiz":
            if activity.quiz:
                fields |= {"description": activity.intro, **_quiz(activity, activity.quiz)}
                attempts = activity.quiz.attemptcount
        case _:
            assert_never(activity.modname)
    parent = activity.sectionidnumber
    return Resource(
        kind, activity.idnumber, activity.name, fields, course, parent, attempts=attempts
    )


def _images(files: Sequence[StoredFile] | None) -> dict[str, Value]:
    """The field with a text's files. Missing, so that it isn't compared, with older plugins."""
    if files is None:
        return {}
    return {"images": tuple(sorted(stored_image(file.name, file.hash) for file in files))}


def _viewing(activity: ActivityState) -> str:
    return "on view" if activity.completion == AUTOMATIC and activity.completionview else "changed"


def _quiz(activity: ActivityState, quiz: QuizState) -> dict[str, Value]:
    passing = quiz.completionpassgrade and quiz.completionusegrade
    share = 100.0 * quiz.gradepass / quiz.grade if quiz.grade else 0.0
    return {
        "pass mark": round(share, 2),
        "time limit": quiz.timelimit,
        "opens": quiz.timeopen,
        "closes": quiz.timeclose,
        "attempts allowed": quiz.attempts,
        "grading": GRADING.get(quiz.grademethod, "changed"),
        "completion": "on passing" if activity.completion == AUTOMATIC and passing else "changed",
        "questions": quiz.questions,
    }


def _order(sections: Iterable[SectionState], activities: Iterable[ActivityState]) -> Iterator[str]:
    inside = sorted(activities, key=lambda activity: activity.position)
    for section in sections:
        yield SECTION + section.idnumber
        yield from (a.idnumber for a in inside if a.sectionidnumber == section.idnumber)
