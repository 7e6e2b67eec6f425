"""Writes with core functions: categories, courses, cohorts, competencies and templates.

`Ids` maps (kind, idnumber) to Moodle's id. Reading fills it, and writing keeps it up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType
from typing import assert_never

from bridge.errors import MoodleMisconfigured, MoodleRefused
from bridge.messages import Message, Quote
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.protocol import Params, Value
from bridge.moodle.schemas.core import Created, Template, Warnings
from bridge.plan import ACTIVITIES, Change, Kind, Resource
from bridge.plan import KINDS as KIND_NAMES

Ids = dict[tuple[Kind, str], int]
SYSTEM: Mapping[str, Value] = {"contextlevel": "system", "instanceid": 0}
TEMPLATES: Params = {
    "context": SYSTEM,
    "includes": "self",
    "moodlewssettingraw": True,
}
HTML = 1
"""Moodle's FORMAT_HTML."""


KINDS: frozenset[Kind] = frozenset(
    {"category", "course", "cohort", "framework", "competency", "template"}
)


def activities(ids: Ids) -> dict[str, int]:
    """The course module ids in `ids`, by idnumber."""
    return {idnumber: cmid for (kind, idnumber), cmid in ids.items() if kind in ACTIVITIES}


def write(moodle: Moodle, ids: Ids, change: Change, *, scale: int) -> None:
    """Apply one change of a site-wide resource. `scale`: id of the competency scale."""
    resource = change.resource
    match change.action:
        case "create":
            ids[change.key] = _CREATE[resource.kind](moodle, ids, resource, scale)
        case "rename":
            ids[change.key] = ids.pop((resource.kind, change.former))
            _UPDATE[resource.kind](moodle, ids, resource)
        case "change" | "hide":
            _UPDATE[resource.kind](moodle, ids, resource)
        case "by-hand":
            raise AssertionError("a step has no change by hand")
        case _:
            assert_never(change.action)


def _create_category(moodle: Moodle, _ids: Ids, resource: Resource, _scale: int) -> int:
    category = {"name": resource.fields["name"], "idnumber": resource.idnumber, "parent": 0}
    return _first(moodle, "core_course_create_categories", {"categories": [category]})


def _update_category(moodle: Moodle, ids: Ids, resource: Resource) -> None:
    row = {**_identity(ids, resource), "name": resource.fields["name"]}
    moodle.call("core_course_update_categories", {"categories": [row]}, NoneType)


def _create_course(moodle: Moodle, ids: Ids, resource: Resource, _scale: int) -> int:
    category = _single(ids, "category")
    course = {
        **_course_row(resource),
        "categoryid": category,
        "format": "topics",
        "numsections": 0,
        "enablecompletion": 1,
    }
    return _first(moodle, "core_course_create_courses", {"courses": [course]})


def _update_course(moodle: Moodle, ids: Ids, resource: Resource) -> None:
    row = {"id": ids["course", resource.idnumber], **_course_row(resource), "enablecompletion": 1}
    answer = moodle.call("core_course_update_courses", {"courses": [row]}, Warnings)
    for warning in answer.warnings:
        raise MoodleRefused(
            Quote(warning.message, ""), code=warning.warningcode, where=resource.idnumber
        )


def _course_row(resource: Resource) -> dict[str, Value]:
    fields = resource.fields
    return {
        "fullname": fields["name"],
        "shortname": fields["shortname"],
        "idnumber": resource.idnumber,
        "summary": fields["summary"],
        "summaryformat": HTML,
        "visible": fields["visible"],
    }


def _create_cohort(moodle: Moodle, _ids: Ids, resource: Resource, _scale: int) -> int:
    return _first(moodle, "core_cohort_create_cohorts", {"cohorts": [_cohort_row(resource)]})


def _update_cohort(moodle: Moodle, ids: Ids, resource: Resource) -> None:
    row = {"id": ids["cohort", resource.idnumber], **_cohort_row(resource)}
    moodle.call("core_cohort_update_cohorts", {"cohorts": [row]}, NoneType)


def _cohort_row(resource: Resource) -> dict[str, Value]:
    return {
        "categorytype": {"type": "system", "value": ""},
        "name": resource.fields["name"],
        "idnumber": resource.idnumber,
        "visible": 0,
    }


def _create_framework(moodle: Moodle, _ids: Ids, resource: Resource, scale: int) -> int:
    if not scale:
        raise MoodleMisconfigured(
            Message("the site has no scale for rating competencies."),
            where=moodle.url,
            todo=Message(
                "Add one under Site administration > Grades > Scales, with the name “Default "
                "competence scale” and the values “Not yet competent, Competent”."
            ),
        )
    default = f'[{{"scaleid":"{scale}"}},{{"id":1,"scaledefault":1,"proficient":0}},'
    framework = {
        "shortname": resource.fields["name"],
        "idnumber": resource.idnumber,
        "visible": 1,
        "scaleid": scale,
        "scaleconfiguration": default + '{"id":2,"scaledefault":0,"proficient":1}]',
        **SYSTEM,
    }
    return _created(
        moodle,
        "core_competency_create_competency_framework",
        {"competencyframework": framework},
    )


def _update_framework(moodle: Moodle, ids: Ids, resource: Resource) -> None:
    row = {**_identity(ids, resource), "shortname": resource.fields["name"]}
    function = "core_competency_update_competency_framework"
    moodle.change(function, {"competencyframework": row})


def _create_competency(moodle: Moodle, ids: Ids, resource: Resource, _scale: int) -> int:
    framework = _single(ids, "framework")
    competency = {
        "shortname": resource.fields["name"],
        "idnumber": resource.idnumber,
        "competencyframeworkid": framework,
        "parentid": 0,
    }
    return _created(moodle, "core_competency_create_competency", {"competency": competency})


def _update_competency(moodle: Moodle, ids: Ids, resource: Resource) -> None:
    row = {**_identity(ids, resource), "shortname": resource.fields["name"]}
    moodle.change("core_competency_update_competency", {"competency": row})


def _create_template(moodle: Moodle, ids: Ids, resource: Resource, _scale: int) -> int:
    """Not without its competencies. An earlier attempt may have created it (templates are only
    seen together with their framework), so look it up first."""
    _competency_ids(ids, resource)
    mark = template_mark(resource.idnumber)
    listed = moodle.call("core_competency_list_templates", TEMPLATES, list[Template])
    template = next((each.id for each in listed if mark in each.description), None)
    if template is None:
        row = {**_template_row(resource), "duedate": 0, "visible": 1, **SYSTEM}
        template = _created(moodle, "core_competency_create_template", {"template": row})
    _add_competencies(moodle, ids, template, resource)
    return template


def _update_template(moodle: Moodle, ids: Ids, resource: Resource) -> None:
    template = ids["template", resource.idnumber]
    row = {"id": template, **_template_row(resource)}
    moodle.change("core_competency_update_template", {"template": row})
    _add_competencies(moodle, ids, template, resource)


def _template_row(resource: Resource) -> dict[str, Value]:
    """Templates have no idnumber, so it is in the description."""
    return {
        "shortname": resource.fields["name"],
        "description": template_mark(resource.idnumber),
        "descriptionformat": HTML,
    }


def template_mark(idnumber: str) -> str:
    """The description of a managed template, by which it is found."""
    return f"<p>Kept by Stewardpath: {idnumber}</p>"


def _add_competencies(moodle: Moodle, ids: Ids, template: int, resource: Resource) -> None:
    for competency in _competency_ids(ids, resource):
        pair: Params = {"templateid": template, "competencyid": competency}
        moodle.call("core_competency_add_competency_to_template", pair, bool)


def _competency_ids(ids: Ids, resource: Resource) -> list[int]:
    """The ids of a template's competencies. Raises MoodleRefused if one is missing."""
    names = resource.fields["competencies"]
    assert isinstance(names, tuple)  # noqa: S101
    return [_known(ids, "competency", name) for name in names]


def _identity(ids: Ids, resource: Resource) -> dict[str, Value]:
    return {"id": ids[resource.kind, resource.idnumber], "idnumber": resource.idnumber}


def _single(ids: Ids, kind: Kind) -> int:
    """The id of the only resource of a kind."""
    return _known(ids, kind, next((name for found, name in ids if found == kind), ""))


def _known(ids: Ids, kind: Kind, idnumber: str) -> int:
    """The id of a resource that this step needs; Moodle may have refused to create it."""
    if (kind, idnumber) not in ids:
        raise MoodleRefused(
            Message(
                "%(key)s (%(kind)s) is missing in Moodle, and this change needs it.",
                kind=KIND_NAMES[kind], key=idnumber,
            )
        )  # fmt: skip
    return ids[kind, idnumber]


def _first(moodle: Moodle, function: str, params: Mapping[str, Value]) -> int:
    return moodle.call(function, params, tuple[Created])[0].id


def _created(moodle: Moodle, function: str, params: Mapping[str, Value]) -> int:
    return moodle.call(function, params, Created).id


_CREATE: Mapping[Kind, Callable[[Moodle, Ids, Resource, int], int]] = {
    "category": _create_category,
    "course": _create_course,
    "cohort": _create_cohort,
    "framework": _create_framework,
    "competency": _create_competency,
    "template": _create_template,
}
_UPDATE: Mapping[Kind, Callable[[Moodle, Ids, Resource], None]] = {
    "category": _update_category,
    "course": _update_course,
    "cohort": _update_cohort,
    "framework": _update_framework,
    "competency": _update_competency,
    "template": _update_template,
}
