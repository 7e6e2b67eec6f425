"""A fake Moodle in memory that applies plans, with items that keep their identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bridge.curriculum.model import Curriculum
from bridge.desired_state import build_desired_state
from bridge.plan import ACTIVITIES, SECTION, Change, Plan, Resource, Value, as_lists, diff


@dataclass(eq=False)
class Item:
    """An item in Moodle. Found by kind and idnumber, compared by identity."""

    kind: str
    idnumber: str
    title: str
    fields: dict[str, Value]
    course: Item | None = None
    parent: Item | None = None
    attempts: int = 0
    inside: list[Item] = field(default_factory=list)


class Refused(Exception):
    """Moodle would reject this."""


class FakeMoodle:
    """Applies plans one change at a time, as strictly as Moodle does."""

    def __init__(self) -> None:
        self.things: list[Item] = []

    def plan(self, curriculum: Curriculum, max_share: float = 1.0) -> Plan:
        return diff(build_desired_state(curriculum), self.read(), max_share=max_share)

    def sync(self, curriculum: Curriculum) -> Plan:
        plan = self.plan(curriculum)
        for change in plan.changes:
            self.apply(change)
        return plan

    def get(self, kind: str, idnumber: str) -> Item:
        for thing in self.things:
            if thing.kind == kind and thing.idnumber == idnumber:
                return thing
        raise Refused(f"there is no {kind} {idnumber}")

    def find(self, kind: str, key: str) -> Item:
        return self.get(kind, f"stewardpath:path:{key}")

    def read(self) -> Iterator[Resource]:
        for thing in self.things:
            yield Resource(
                thing.kind,  # type: ignore[arg-type]
                thing.idnumber,
                thing.title,
                dict(self._fields(thing)),
                thing.course.idnumber if thing.course else "",
                attempts=thing.attempts,
            )
            if thing.kind == "course":
                order = {"order": tuple(self._order(thing))}
                yield Resource("outline", thing.idnumber, "order", order, thing.idnumber)

    def _fields(self, thing: Item) -> Iterator[tuple[str, Value]]:
        for name, value in thing.fields.items():
            listed = name in ("questions", "competencies")
            yield name, tuple(t.idnumber for t in thing.inside) if listed else value

    def _order(self, course: Item) -> Iterator[str]:
        for section in course.inside:
            yield SECTION + section.idnumber
            yield from (activity.idnumber for activity in section.inside)

    def apply(self, change: Change) -> None:
        resource = change.resource
        if change.action == "rename":
            self._free(resource)
            self.get(resource.kind, change.former).idnumber = resource.idnumber
        elif resource.kind == "outline":
            self._arrange(resource)
        elif change.action == "create":
            self._free(resource)
            self._create(resource)
        else:
            self._set(self.get(resource.kind, resource.idnumber), resource)

    def _free(self, resource: Resource) -> None:
        kinds = ACTIVITIES if resource.kind in ACTIVITIES else {resource.kind}
        for thing in self.things:
            if thing.kind in kinds and thing.idnumber == resource.idnumber:
                raise Refused(f"{resource.idnumber} is taken")

    def _create(self, resource: Resource) -> None:
        course = self.get("course", resource.course) if resource.course else None
        thing = Item(resource.kind, resource.idnumber, resource.title, {}, course)
        if resource.kind == "section" and course:
            course.inside.append(thing)
        if resource.kind in ACTIVITIES:
            self._put(thing, resource)
        self._set(thing, resource)
        self.things.append(thing)

    def _put(self, thing: Item, resource: Resource) -> None:
        section = self.get("section", resource.parent)
        if section.course is not thing.course:
            raise Refused(f"{resource.parent} is in another course")
        if thing.parent is not section:
            if thing.parent:
                thing.parent.inside.remove(thing)
            section.inside.append(thing)
            thing.parent = section

    def _set(self, thing: Item, resource: Resource) -> None:
        fields = dict(resource.fields)
        thing.fields = fields
        thing.title = resource.title
        if resource.kind in ACTIVITIES and fields["visible"]:
            self._put(thing, resource)
        for name, kind in (("questions", "question"), ("competencies", "competency")):
            names = fields.get(name, ())
            assert isinstance(names, tuple)
            wanted = [self.get(kind, idnumber) for idnumber in names]
            if name == "competencies":
                thing.inside += [t for t in wanted if t not in thing.inside]
            elif name in fields and wanted != thing.inside:
                if thing.attempts:
                    raise Refused(f"{thing.idnumber} has attempts")
                thing.inside = wanted

    def _arrange(self, resource: Resource) -> None:
        course = self.get("course", resource.idnumber)
        order = resource.fields["order"]
        assert isinstance(order, tuple)
        first = []
        for name, activities in as_lists(order).items():
            section = self.get("section", name.removeprefix(SECTION))
            wanted = [next(self._activity(idnumber, course)) for idnumber in activities]
            for activity in wanted:
                if activity.parent:
                    activity.parent.inside.remove(activity)
                activity.parent = section
            section.inside = [*wanted, *section.inside]
            first.append(section)
        course.inside = [*(s for s in course.inside if s not in first), *first]

    def _activity(self, idnumber: str, course: Item) -> Iterator[Item]:
        for thing in self.things:
            if thing.kind in ACTIVITIES and thing.idnumber == idnumber and thing.course is course:
                yield thing
        raise Refused(f"there is no activity {idnumber}")
