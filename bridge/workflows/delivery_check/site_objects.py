"""What Moodle has now: the ids of our objects, and what accounts have of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.model import Curriculum, idnumber
from bridge.delivery_check import CheckedKind, Promise
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.member_states import (
    MEMBER_STATES,
    ReadAccounts,
    by_companion,
    by_core,
)
from bridge.plan import Kind
from bridge.store.delivery.promises import DoneDelivery
from bridge.workflows.delivery.site_lookup import (
    DamagedPayload,
    SiteLookup,
    curriculum_key,
    milestone_key,
)

OBJECTS: Mapping[CheckedKind, Kind | None] = {
    "account": None,
    "enrol": "course",
    "cohort": "cohort",
    "cohort-leave": "cohort",
    "plan": "template",
    "competency": "competency",
    "badge": "badge",
    "badge-revoke": "badge",
}
"""What each kind of delivery is about."""


class SiteObjects:
    """Finds the Moodle objects that deliveries are about, each only once."""

    def __init__(self, moodle: Moodle, curricula: Sequence[Curriculum]) -> None:
        self._moodle = moodle
        self._curricula = {curriculum.key: curriculum for curriculum in curricula}
        self._lookup = SiteLookup(moodle, curricula)
        self._known: dict[tuple[CheckedKind, str], int | None] = {}

    def promise(self, delivery: DoneDelivery, account: int) -> Promise:
        """The promise that a delivery is, with the id that its object has in Moodle now."""
        key = delivery.kind, delivery.target
        if key not in self._known:
            self._known[key] = self._object_id(delivery)
        return Promise(
            delivery.id,
            delivery.member_id,
            delivery.kind,
            self._known[key],
            account,
            delivery.object_id,
            delivery.account_id,
        )

    def _object_id(self, delivery: DoneDelivery) -> int | None:
        """None if Moodle doesn't have it, or the curriculum doesn't any more."""
        kind = OBJECTS[delivery.kind]
        try:
            curriculum = self._curricula.get(curriculum_key(delivery)) if kind else None
            if kind is None or curriculum is None:
                return None
            if "milestone" in delivery.payload:
                milestone = milestone_key(curriculum, delivery)
                if curriculum.milestone(milestone) is None:
                    return None
            ids = self._lookup.ids(curriculum.key)
            # A badge may still be there under the milestone's former key.
            former = ids.get((kind, delivery.target))
            return former or ids.get((kind, self._lookup.target(delivery)))
        except DamagedPayload:
            return None

    def current_ids(self, curriculum: Curriculum) -> dict[tuple[Kind, str], int]:
        """The ids of the curriculum's objects by kind and idnumber, also under former idnumbers."""
        ids = dict(self._lookup.ids(curriculum.key))
        former = {each.key: former_keys(each) for each in curriculum.milestones}
        for (kind, target), object_id in self._lookup.ids(curriculum.key).items():
            if kind in OBJECTS.values():
                for old in former.get(target.rpartition(":")[2], ()):
                    ids.setdefault((kind, idnumber(curriculum.key, old)), object_id)
        return ids

    def has_language_pack(self, language: str) -> bool:
        """Whether Moodle has a pack for the language."""
        return self._lookup.has_language_pack(language)

    def account_reader(self) -> ReadAccounts:
        """Reads accounts with the plugin, or with core functions if it is missing or old."""
        if MEMBER_STATES in self._lookup.site.functions:
            return by_companion(self._moodle)
        ids = [self._lookup.ids(key) for key in self._curricula]
        courses = {id_ for found in ids for (kind, _), id_ in found.items() if kind == "course"}
        cohorts = {id_ for found in ids for (kind, _), id_ in found.items() if kind == "cohort"}
        return by_core(self._moodle, sorted(courses), sorted(cohorts))
