"""A site with the companion plugin. Reading takes one call, plus one per course."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import assert_never

from bridge.curriculum.model import curriculum_prefix
from bridge.errors import MoodleMisconfigured, MoodleRefused
from bridge.messages import Message, Quote
from bridge.moodle.client.batches import DEFAULT_MAX_INPUT_VARS
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Value
from bridge.moodle.schemas.companion import Arranged, CourseState, Imported, Saved, SiteState
from bridge.moodle.site.companion_requests import (
    SAVE,
    WITH_FILES,
    files_to_send,
    in_parts,
    too_old_for_images,
)
from bridge.moodle.site.companion_resources import (
    content_resources,
    course_resource,
    module_ids,
    site_resources,
)
from bridge.moodle.site.core_writer import KINDS, Ids, activities, write
from bridge.plan import ACTIVITIES, Change, Kind, Resource

CONTRACT = 1
"""The version of the plugin's functions that this release uses."""
NO_COURSE = "unknowncourse"
RENAMED: Mapping[Kind, tuple[str, ...]] = {
    "section": ("section",),
    "page": ("activity",),
    "link": ("activity",),
    "quiz": ("questioncategory", "activity"),
    "question": ("question",),
    "badge": ("badge",),
}
"""The plugin's names of each kind in a rename. A quiz is found by its activity, which is renamed
last, so that an interrupted rename is repeated."""


class CompanionSite:
    """Reads and writes with local_stewardpath. Call `read` before `apply`."""

    way = "companion"
    able: frozenset[Kind] | None = None
    seen: frozenset[Kind] | None = None

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
        self.numbers_locked = False
        self.emails_confirmed = False
        self._moodle = moodle
        self._languages: frozenset[str] = frozenset()
        self._ids: Ids = {}
        self._titles: dict[str, str] = {}
        self._scale = 0
        self._plugin = ""
        self._stores_files = False

    def look_up(self, curriculum: str) -> Ids:
        """The Moodle ids of the curriculum's objects, without the courses' content."""
        self._survey(curriculum)
        return self._ids

    def read(self, curriculum: str, desired: Sequence[Resource]) -> list[Resource]:
        """All resources of `curriculum` on the site: one call, plus one per course."""
        self._titles = {r.idnumber: r.title for r in desired if r.kind == "quiz"}
        state, resources = self._survey(curriculum)
        for course in state.courses:
            params = {"courseid": course.id}
            content = self._moodle.call(PLUGIN + "get_course_state", params, CourseState)
            self._ids |= module_ids(content)
            resources += [course_resource(course), *content_resources(content)]
        return resources

    def activities(self) -> Mapping[str, int]:
        """The course module ids of the activities that a learner can open, by idnumber."""
        return activities(self._ids)

    def language_packs(self, wanted: Collection[str]) -> frozenset[str] | None:
        """Those of these languages that Moodle has a pack for. Older plugins don't report them."""
        return self._languages & frozenset(wanted) if self._languages else None

    def _survey(self, curriculum: str) -> tuple[SiteState, list[Resource]]:
        state = site_state(self._moodle, curriculum)
        self._ids = {("course", course.idnumber): course.id for course in state.courses}
        self._scale = state.competencyscale
        self._plugin = state.release
        self._stores_files = bool(state.storesfiles)
        self.max_fields = state.maxinputvars
        self._languages = frozenset(state.languages)
        self.filters_languages = state.settings.multilang
        self.numbers_locked = bool(state.numberlocked)
        self.emails_confirmed = bool(state.emailchangeconfirmation)
        return state, list(site_resources(state, self._ids))

    def apply(self, step: Sequence[Change]) -> None:
        """Apply one step: one call, or two for a course or template with many parts."""
        first = step[0]
        kind = first.resource.kind
        if kind in KINDS:
            write(self._moodle, self._ids, first, scale=self._scale)
            return
        match first.action:
            case "rename":
                self._rename(first)
            case "hide":
                self._hide(first)
            case "create" | "change" if kind == "question":
                self._import(step)
            case "create" | "change":
                self._save(first.resource)
            case "by-hand":
                raise AssertionError("a step has no change by hand")
            case _:
                assert_never(first.action)

    def _save(self, resource: Resource) -> None:
        function, params = SAVE[resource.kind](resource)
        if resource.kind != "badge":
            params = {**self._course(resource), **params}
        if resource.kind in WITH_FILES and self._stores_files:
            params = {**params, "files": files_to_send(resource)}
        elif resource.images:
            raise too_old_for_images(self._plugin, resource, self._moodle.url)
        if resource.kind == "outline":
            self._moodle.call(PLUGIN + function, params, Arranged)
            return
        saved = self._moodle.call(PLUGIN + function, params, Saved)
        self._ids[resource.kind, resource.idnumber] = saved.id

    def _import(self, step: Sequence[Change]) -> None:
        for part in in_parts([change.resource for change in step]):
            self._import_part(part)

    def _import_part(self, resources: Sequence[Resource]) -> None:
        quiz = resources[0].parent
        questions = [
            {"idnumber": r.idnumber, "hash": r.fields["content"], "xml": r.payload}
            for r in resources
        ]
        params = {
            **self._course(resources[0]),
            "category": quiz,
            "categoryname": self._titles.get(quiz, quiz),
            "questions": questions,
        }
        function = PLUGIN + "import_questions"
        answer = self._moodle.call(function, params, Imported)
        if {q.idnumber for q in answer.questions} != {r.idnumber for r in resources}:
            raise unexpected_answer("other questions than those sent", function, "questions")
        for question in answer.questions:
            if question.action == "failed":
                said = Quote(question.error, "")
                raise MoodleRefused(said, code="badquestionxml", where=question.idnumber)

    def _rename(self, change: Change) -> None:
        resource = change.resource
        for kind in RENAMED[resource.kind]:
            names = {"from": change.former, "to": resource.idnumber}
            params = {**self._course(resource), "kind": kind, **names}
            try:
                self._moodle.call(PLUGIN + "rename", params, Saved)
            except MoodleRefused as error:
                if kind == "badge" and error.code == NO_COURSE:
                    self._save(resource)  # plugins before 1.4.0 can't rename it: it gets a new one
                elif error.code != "unknowncategory":
                    raise
        if (former := (resource.kind, change.former)) in self._ids:
            self._ids[change.key] = self._ids.pop(former)

    def _hide(self, change: Change) -> None:
        resource = change.resource
        kind = "activity" if resource.kind in ACTIVITIES else resource.kind
        params = {**self._course(resource), "kind": kind, "idnumber": resource.idnumber}
        self._moodle.call(PLUGIN + "set_visibility", {**params, "visible": False}, Saved)
        self._ids.pop(change.key, None)

    def _course(self, resource: Resource) -> dict[str, Value]:
        return {"courseid": self._ids.get(("course", resource.course or resource.idnumber), 0)}


def site_state(moodle: Moodle, curriculum: str) -> SiteState:
    """The site and one curriculum's objects on it. Raises MoodleMisconfigured if the plugin is too
    old or too new for this release."""
    params = {"prefix": curriculum_prefix(curriculum)}
    state = moodle.call(PLUGIN + "get_site_state", params, SiteState)
    if state.contract != CONTRACT:
        raise MoodleMisconfigured(
            Message(
                "the companion plugin %(release)s uses version %(theirs)s of the plugin's "
                "functions, but this Stewardpath needs version %(ours)s.",
                release=state.release,
                theirs=str(state.contract),
                ours=str(CONTRACT),
            ),
            where=moodle.url,
            todo=Message(
                "Run `stewardpath moodle plugin --output FILE.zip` and install that plugin in "
                "Moodle."
            ),
        )
    return state
