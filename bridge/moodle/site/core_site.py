"""A site without the companion plugin, limited to what Moodle's core functions can do.

Courses, cohorts and competencies are found by idnumber, sections by name. Core functions can't
create a page, link, quiz or badge (source: Moodle 4.5.6, `course/format/classes/external/`), so a
person must make those. After that they are found by ID number or by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from html import unescape
from typing import TypeVar

from bridge.curriculum.markdown import is_filtered, shown_titles
from bridge.curriculum.model import curriculum_prefix
from bridge.desired_state import TEMPLATE_KEY
from bridge.errors import MoodleRefused, MoodleUnavailable
from bridge.messages import Message
from bridge.moodle.client.batches import DEFAULT_MAX_INPUT_VARS
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.protocol import Params
from bridge.moodle.schemas.base import Count, Id, MoodleModel, Text
from bridge.moodle.schemas.core import (
    Category,
    Cohort,
    Cohorts,
    Competency,
    CourseModuleAnswer,
    Framework,
    Renamed,
    ScaleValue,
    Template,
)
from bridge.moodle.site.core_writer import KINDS, SYSTEM, Ids, activities, template_mark, write
from bridge.plan import ACTIVITIES, Change, Kind, Resource, Value

MODNAMES: dict[str, Kind] = {"page": "page", "url": "link", "quiz": "quiz"}
T = TypeVar("T")
ABLE: frozenset[Kind] = KINDS | {"section"}
SEEN: frozenset[Kind] = ABLE | ACTIVITIES
SCALES_TRIED = range(1, 6)
NO_SCALE = "Error"
"""Moodle's answer for a missing scale: a PHP error without a code."""
LANGUAGE_NAME = "core_get_string"
INVALID_PARAMETER = "invalidparameter"
UNNAMED = ("New section", "Nouvelle section")
"""Moodle's names of unnamed sections (`newsection` in its language packs)."""


class CourseRow(MoodleModel):
    id: Id
    idnumber: Text = ""
    fullname: str
    shortname: str
    summary: Text = ""
    visible: bool = True


class CourseRows(MoodleModel):
    courses: tuple[CourseRow, ...]


class Module(MoodleModel):
    id: Id
    name: str
    modname: str
    visible: bool = True


class SectionRow(MoodleModel):
    id: Id
    section: Count
    name: str
    summary: Text = ""
    visible: bool = True
    modules: tuple[Module, ...] = ()


class CoreSite:
    """Reads and writes with core functions. Call `read` before `apply`."""

    way = "core"
    able: frozenset[Kind] | None = ABLE
    seen: frozenset[Kind] | None = SEEN

    def __init__(
        self,
        moodle: Moodle,
        user: int,
        functions: frozenset[str] = frozenset(),
        language: str = "",
    ) -> None:
        self.user = user
        self.language = language
        self.functions = functions
        self.max_fields = DEFAULT_MAX_INPUT_VARS
        self.filters_languages: bool | None = None
        # Core functions don't return settings; Moodle's defaults are: confirm emails, lock nothing.
        self.numbers_locked = False
        self.emails_confirmed = True
        self._moodle = moodle
        self._ids: Ids = {}
        self._sections: dict[int, set[int]] = {}
        self._unnamed: dict[int, list[int]] = {}
        self._scale = 0
        self._packs: dict[str, bool] = {}

    def look_up(self, curriculum: str) -> Ids:
        """The Moodle ids of the curriculum's objects, without the courses' content."""
        self._survey(curriculum)
        return self._ids

    def read(self, curriculum: str, desired: Sequence[Resource]) -> list[Resource]:
        """The resources that core functions return: a few calls, plus one per course."""
        self.filters_languages = None
        courses, resources = self._survey(curriculum)
        for course in courses:
            inside = [r for r in desired if r.course == course.idnumber]
            resources += [_course(course), *self._contents(course, inside)]
        return resources

    def _survey(self, curriculum: str) -> tuple[list[CourseRow], list[Resource]]:
        self._ids = {}
        prefix = curriculum_prefix(curriculum)
        resources = [*self._category(prefix), *self._cohorts(prefix), *self._competencies(prefix)]
        courses = self._courses(prefix)
        self._ids |= {("course", course.idnumber): course.id for course in courses}
        return courses, resources

    def language_packs(self, wanted: Collection[str]) -> frozenset[str] | None:
        """Those of these languages that Moodle has a pack for: one call for each new language."""
        if LANGUAGE_NAME not in self.functions:
            return None
        for language in set(wanted) - self._packs.keys():
            self._packs[language] = self._has_pack(language)
        return frozenset(language for language in wanted if self._packs[language])

    def _has_pack(self, language: str) -> bool:
        """Ask for the language's own name. Moodle rejects a language without a pack
        (`PARAM_LANG` in `lib/classes/param.php`, 4.5)."""
        if language == "en":
            return True
        params: Params = {"stringid": "thislanguage", "component": "langconfig", "lang": language}
        try:
            self._moodle.call(LANGUAGE_NAME, params, str)
        except MoodleRefused as error:
            if error.code != INVALID_PARAMETER:
                raise
            return False
        return True

    def activities(self) -> Mapping[str, int]:
        """The course module ids of the activities that a learner can open, by idnumber."""
        return activities(self._ids)

    def apply(self, step: Sequence[Change]) -> None:
        """Apply one step: a few calls."""
        for change in step:
            if change.resource.kind == "section":
                self._section(change.resource)
            else:
                write(self._moodle, self._ids, change, scale=self._scale)

    def _raw(self, function: str, params: Params, answer: type[T]) -> T:
        """Call a function that returns texts as stored, not as filtered for a user."""
        return self._moodle.call(function, {**params, "moodlewssettingraw": True}, answer)

    def _category(self, prefix: str) -> Iterator[Resource]:
        criteria: Params = {"criteria": [{"key": "idnumber", "value": prefix + TEMPLATE_KEY}]}
        found = self._raw("core_course_get_categories", criteria, list[Category])
        for category in found:
            if category.idnumber != prefix + TEMPLATE_KEY:
                continue  # Moodle also returns subcategories.
            self._ids["category", category.idnumber] = category.id
            yield Resource("category", category.idnumber, category.name, {"name": category.name})

    def _courses(self, prefix: str) -> list[CourseRow]:
        category = self._ids.get(("category", prefix + TEMPLATE_KEY))
        if category is None:
            return []
        params: Params = {"field": "category", "value": category}
        answer = self._raw("core_course_get_courses_by_field", params, CourseRows)
        return [course for course in answer.courses if course.idnumber.startswith(prefix)]

    def _cohorts(self, prefix: str) -> Iterator[Resource]:
        params: Params = {"query": prefix, "context": SYSTEM, "limitnum": 500}
        answer = self._raw("core_cohort_search_cohorts", params, Cohorts)
        yield from (self._cohort(c) for c in answer.cohorts if c.idnumber.startswith(prefix))

    def _cohort(self, cohort: Cohort) -> Resource:
        self._ids["cohort", cohort.idnumber] = cohort.id
        return Resource("cohort", cohort.idnumber, cohort.name, {"name": cohort.name})

    def _competencies(self, prefix: str) -> Iterator[Resource]:
        params: Params = {"context": SYSTEM, "includes": "self"}
        function = "core_competency_list_competency_frameworks"
        frameworks = self._raw(function, params, list[Framework])
        framework = next((f for f in frameworks if f.idnumber == prefix + TEMPLATE_KEY), None)
        self._scale = framework.scaleid if framework else self._find_scale()
        if framework is None:
            return
        self._ids["framework", framework.idnumber] = framework.id
        name = framework.shortname
        yield Resource("framework", framework.idnumber, name, {"name": name})
        filters = [{"column": "competencyframeworkid", "value": str(framework.id)}]
        function = "core_competency_list_competencies"
        found = self._raw(function, {"filters": filters}, list[Competency])
        for competency in found:
            self._ids["competency", competency.idnumber] = competency.id
            fields = {"name": competency.shortname}
            yield Resource("competency", competency.idnumber, competency.shortname, fields)
        yield from self._template(framework.idnumber, params)

    def _template(self, idnumber: str, params: Params) -> Iterator[Resource]:
        templates = self._raw("core_competency_list_templates", params, list[Template])
        for template in templates:
            if template_mark(idnumber) in template.description:
                self._ids["template", idnumber] = template.id
                function = "core_competency_list_competencies_in_template"
                members = self._raw(function, {"id": template.id}, list[Competency])
                fields: dict[str, Value] = {
                    "name": template.shortname,
                    "competencies": tuple(c.idnumber for c in members),
                }
                yield Resource("template", idnumber, template.shortname, fields)

    def _find_scale(self) -> int:
        """Find the first scale with two values; core has no function that lists scales."""
        for scale in SCALES_TRIED:
            params: Params = {"scaleid": scale}
            function = "core_competency_get_scale_values"
            try:
                values = self._moodle.call(function, params, list[ScaleValue])
            except MoodleUnavailable as error:
                if error.code != NO_SCALE:
                    raise
                continue
            if len(values) == 2:
                return scale
        return 0

    def _contents(self, course: CourseRow, desired: Sequence[Resource]) -> Iterator[Resource]:
        rows = self._raw("core_course_get_contents", {"courseid": course.id}, list[SectionRow])
        wanted = [r for r in desired if r.kind == "section"]
        self._sections[course.id] = {row.id for row in rows}
        self._unnamed[course.id] = [row.id for row in rows if _is_unnamed(row)]
        for row in rows:
            if section := next((r for r in wanted if _is_shown_as(r, row.name)), None):
                wanted.remove(section)
                self._note_languages(section, row.name)
                self._ids["section", section.idnumber] = row.id
                fields: dict[str, Value] = {"name": section.fields["name"]}
                yield Resource("section", section.idnumber, row.name, fields, course.idnumber)
        modules = [module for row in rows for module in row.modules]
        yield from self._activities(modules, [r for r in desired if r.kind in ACTIVITIES])

    def _activities(
        self, modules: Sequence[Module], desired: Sequence[Resource]
    ) -> Iterator[Resource]:
        by_idnumber = {(r.kind, r.idnumber): r for r in desired}
        for module in modules:
            kind = MODNAMES.get(module.modname)
            if kind is None:
                continue
            named = [r for r in desired if r.kind == kind and _is_shown_as(r, module.name)]
            wanted = named[0] if len(named) == 1 else None
            wanted = wanted or by_idnumber.get((kind, self._idnumber(module.id)))
            if wanted:
                if module.visible:
                    self._ids[kind, wanted.idnumber] = module.id
                fields = {"name": wanted.fields["name"]}  # a person may have given it another
                yield Resource(kind, wanted.idnumber, module.name, fields, wanted.course)

    def _note_languages(self, section: Resource, shown: str) -> None:
        """Note whether Moodle shows a section's title in one language only. (It formats the names
        of activities without filters here: `lib/external/classes/util.php`, 4.5.)"""
        filtered = is_filtered(str(section.fields["name"]), shown)
        if filtered is not None:
            self.filters_languages = filtered and self.filters_languages is not False

    def _idnumber(self, module: int) -> str:
        function = "core_course_get_course_module"
        return self._moodle.call(function, {"cmid": module}, CourseModuleAnswer).cm.idnumber

    def _section(self, resource: Resource) -> None:
        """Name a new section: one left by an earlier try, or one added now."""
        section = self._ids.get(("section", resource.idnumber)) or self._empty_section(resource)
        params: Params = {
            "component": "format_topics",
            "itemtype": "sectionname",
            "itemid": section,
            "value": resource.fields["name"],
        }
        self._moodle.call("core_update_inplace_editable", params, Renamed)
        self._ids["section", resource.idnumber] = section

    def _empty_section(self, resource: Resource) -> int:
        course = self._ids.get(("course", resource.course), 0)
        if not self._unnamed.get(course):
            params: Params = {"action": "section_add", "courseid": course}
            self._moodle.call("core_courseformat_update_course", params, str)
            rows = self._moodle.call(
                "core_course_get_contents", {"courseid": course}, list[SectionRow]
            )
            known = self._sections.setdefault(course, set())
            self._unnamed[course] = [r.id for r in rows if r.section and r.id not in known]
            known.update(row.id for row in rows)
        if not self._unnamed[course]:
            raise MoodleRefused(Message("Moodle added no section."), where=resource.idnumber)
        return self._unnamed[course].pop(0)


def _is_shown_as(resource: Resource, name: str) -> bool:
    """Whether Moodle may show the resource with this name. (`core_course_get_contents` always
    formats names.)"""
    return unescape(name) in shown_titles(str(resource.fields["name"]))


def _is_unnamed(row: SectionRow) -> bool:
    """Whether a section is unchanged since it was added."""
    return row.section > 0 and row.name in UNNAMED and not row.modules and not row.summary


def _course(course: CourseRow) -> Resource:
    fields: dict[str, Value] = {
        "name": course.fullname,
        "shortname": course.shortname,
        "summary": course.summary,
        "visible": course.visible,
    }
    return Resource("course", course.idnumber, course.fullname, fields)
