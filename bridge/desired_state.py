"""Turn a curriculum into the Resources that Moodle should have, in the order to create them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace

from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.markdown import (
    escape_title,
    moodle_html,
    multilang,
    title_text,
    to_html,
    to_line_html,
)
from bridge.curriculum.model import (
    Activity,
    Curriculum,
    Link,
    Milestone,
    Page,
    Quiz,
    Section,
    Text,
    idnumber,
)
from bridge.curriculum.moodle_xml import content_hash, question_xml
from bridge.plan import SECTION, Kind, Resource, Value, stored_image

MAX_SHORT_NAME_LENGTH = 100
"""Characters that Moodle keeps of the names of competencies, frameworks and templates."""
MAX_COURSE_SHORT_NAME_LENGTH = 255
TEMPLATE_KEY = "path"
"""Key of the resources for the whole curriculum: its category, framework and template."""

UNTIMED: dict[str, Value] = {
    "time limit": 0,
    "opens": 0,
    "closes": 0,
    "attempts allowed": 0,
    "grading": "highest",
    "completion": "on passing",
}
"""Settings of every quiz: they check knowledge and don't weed people out. 0 means no limit."""
ON_VIEW: dict[str, Value] = {"completion": "on view"}


def build_desired_state(curriculum: Curriculum) -> tuple[Resource, ...]:
    """All resources for `curriculum`, each after the ones that contain it."""
    courses = (_course(curriculum, milestone) for milestone in curriculum.milestones)
    return (*_site_wide(curriculum), *(resource for course in courses for resource in course))


def _site_wide(curriculum: Curriculum) -> Iterator[Resource]:
    top, title = idnumber(curriculum.key, TEMPLATE_KEY), curriculum.title.pick()
    short = _short(curriculum.title)
    competencies = tuple(idnumber(curriculum.key, m.key) for m in curriculum.milestones)
    yield Resource("category", top, title, {"name": title_text(curriculum.title)})
    yield Resource("framework", top, title, {"name": short})
    for milestone in curriculum.milestones:
        yield _for_milestone("cohort", curriculum, milestone)
        yield _for_milestone("competency", curriculum, milestone)
        yield from _badge(curriculum, milestone)
    yield Resource("template", top, title, {"name": short, "competencies": competencies})


def _for_milestone(
    kind: Kind, curriculum: Curriculum, milestone: Milestone, **more: Value
) -> Resource:
    name = (_short if kind == "competency" else title_text)(milestone.title)
    return Resource(
        kind,
        idnumber(curriculum.key, milestone.key),
        milestone.title.pick(),
        {"name": name, **more},
        previously=_former(curriculum, *former_keys(milestone)),
    )


def _short(title: Text, max_length: int = MAX_SHORT_NAME_LENGTH) -> str:
    """A short title: in all languages if they fit, else in the first one."""
    full = title_text(title)
    return full if len(full) <= max_length else escape_title(title.pick())[:max_length]


def _course_short_name(curriculum: Curriculum, milestone: Milestone) -> str:
    """What Moodle shows in the breadcrumb, such as `Steward · Our path`. Unique on a site, unless
    two curricula have the same title."""
    title = milestone.title
    same = [each for each in curriculum.milestones if each.title.pick() == title.pick()]
    key = f" ({milestone.key})" if len(same) > 1 else ""
    names = tuple(
        (language, f"{name} · {curriculum.title.pick(language)}{key}")
        for language, name in title.translations
    )
    return _short(replace(title, translations=names), MAX_COURSE_SHORT_NAME_LENGTH)


def _side_by_side(text: Text) -> str:
    """All languages, separated by slashes. Moodle doesn't filter a badge's name and description
    (`badges/renderer.php`, 4.5), so language tags would be visible."""
    return " / ".join(dict.fromkeys(escape_title(title) for _, title in text.translations))


def _badge(curriculum: Curriculum, milestone: Milestone) -> Iterator[Resource]:
    """The milestone's badge. A renamed milestone keeps it."""
    badge = milestone.acknowledgement.badge
    if badge is None:
        return
    fields = {
        "name": _side_by_side(badge.name),
        "description": _side_by_side(badge.description or milestone.title),
    }
    if badge.content:
        fields["image"] = hashlib.sha256(badge.content).hexdigest()[:40]
    key = idnumber(curriculum.key, milestone.key)
    image = b64encode(badge.content).decode()
    former = _former(curriculum, *former_keys(milestone))
    yield Resource("badge", key, badge.name.pick(), fields, payload=image, previously=former)


def _course(curriculum: Curriculum, milestone: Milestone) -> Iterator[Resource]:
    course = idnumber(curriculum.key, milestone.key)
    yield _for_milestone(
        "course",
        curriculum,
        milestone,
        shortname=_course_short_name(curriculum, milestone),
        summary=_course_summary(milestone.summary),
        visible=True,
        completion=True,
    )
    for section in milestone.course.sections:
        yield _section(curriculum, course, section)
        for activity in section.activities:
            yield from _activity(curriculum, course, section, activity)
    order = tuple(_order(curriculum, milestone))
    former = _former(curriculum, *former_keys(milestone))
    yield Resource("outline", course, "order", {"order": order}, course, previously=former)


def _section(curriculum: Curriculum, course: str, section: Section) -> Resource:
    return Resource(
        "section",
        idnumber(curriculum.key, section.key),
        section.title.pick(),
        {
            "name": title_text(section.title),
            "summary": moodle_html(section.summary),
            **_images(section.summary),
            "visible": True,
        },
        course,
        previously=_former(curriculum, *former_keys(section)),
        images=section.summary.images,
    )


def _activity(
    curriculum: Curriculum, course: str, section: Section, activity: Activity
) -> Iterator[Resource]:
    kind, fields, text = _kind_and_fields(activity)
    if isinstance(activity, Quiz):
        questions = tuple(_questions(curriculum, course, activity))
        yield from questions
        fields["questions"] = tuple(question.idnumber for question in questions)
    yield Resource(
        kind,
        idnumber(curriculum.key, activity.key),
        activity.title.pick(),
        {"name": title_text(activity.title), **fields, **_images(text), "visible": True},
        course,
        parent=idnumber(curriculum.key, section.key),
        previously=_former(curriculum, *former_keys(activity)),
        images=text.images,
    )


def _kind_and_fields(activity: Activity) -> tuple[Kind, dict[str, Value], Text]:
    """The kind of an activity, its own fields, and the text that its images belong to."""
    match activity:
        case Page():
            return "page", {"content": moodle_html(activity.body), **ON_VIEW}, activity.body
        case Link():
            fields = {"url": activity.url, "description": moodle_html(activity.description)}
            return "link", {**fields, **ON_VIEW}, activity.description
        case Quiz():
            own = {"description": moodle_html(activity.intro)}
            mark = float(activity.pass_mark)
            return "quiz", {**own, "pass mark": mark, **UNTIMED}, activity.intro


def _questions(curriculum: Curriculum, course: str, quiz: Quiz) -> Iterator[Resource]:
    for question in quiz.questions:
        key = f"{quiz.key}.{question.key}"
        formers = {
            f"{in_quiz}.{name}": None
            for in_quiz in (*former_keys(quiz), quiz.key)
            for name in (*former_keys(question), question.key)
            if in_quiz and name and (in_quiz, name) != (quiz.key, question.key)
        }
        yield Resource(
            "question",
            idnumber(curriculum.key, key),
            question.text.pick(),
            {"content": content_hash(curriculum.key, quiz.key, question)},
            course,
            parent=idnumber(curriculum.key, quiz.key),
            previously=tuple(idnumber(curriculum.key, former) for former in formers),
            payload=question_xml(curriculum.key, quiz.key, question),
        )


def _order(curriculum: Curriculum, milestone: Milestone) -> Iterator[str]:
    for section in milestone.course.sections:
        yield SECTION + idnumber(curriculum.key, section.key)
        for activity in section.activities:
            yield idnumber(curriculum.key, activity.key)


def _former(curriculum: Curriculum, *keys: str) -> tuple[str, ...]:
    return tuple(idnumber(curriculum.key, key) for key in keys if key)


def _course_summary(text: Text) -> str:
    """Without block elements if there are several languages: Moodle's cleaner breaks those."""
    several = len(text.languages) > 1
    return multilang(text, to_line_html if several else to_html) if text else ""


def _images(text: Text) -> dict[str, Value]:
    """The images of a text: a name and the beginning of a hash, as `stored_image` gives them."""
    return {"images": tuple(sorted(stored_image(i.name, i.moodle_hash) for i in text.images))}
