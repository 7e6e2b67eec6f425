"""What one run knows about the site and the curricula: looked up once, used by every batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.curriculum.value_types import KEY_PATTERN
from bridge.errors import ConfigError, MoodleMisconfigured, MoodleRefused, StewardpathError
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import Site, connect
from bridge.moodle.site.core_writer import Ids
from bridge.plan import Kind
from bridge.progress import milestone_renames_of

KEY = re.compile(KEY_PATTERN)


class DeliveryTarget(Protocol):
    """What a delivery is about: a claimed delivery, or one that is done."""

    @property
    def target(self) -> str: ...

    @property
    def payload(self) -> Mapping[str, object]: ...


class NotInMoodle(MoodleMisconfigured):
    """One course, cohort or badge isn't in Moodle yet. Deliveries that don't need it go on."""


class DamagedPayload(StewardpathError):
    """A delivery's stored payload doesn't say what the delivery is about."""


class SiteLookup:
    """Finds the curriculum, the milestone and the Moodle objects that a delivery is about."""

    def __init__(self, moodle: Moodle, curricula: Sequence[Curriculum]) -> None:
        self.moodle = moodle
        self._curricula = {curriculum.key: curriculum for curriculum in curricula}
        self._ids: dict[str, Ids] = {}
        self._packs: dict[str, bool] = {}

    @cached_property
    def site(self) -> Site:
        return connect(self.moodle)

    @property
    def surveyed_site(self) -> Site:
        """The site with its settings, which the plugin reports with each curriculum."""
        for curriculum in self._curricula:
            self.ids(curriculum)
        return self.site

    @property
    def has_companion(self) -> bool:
        return self.site.way == "companion"

    def has_language_pack(self, language: str) -> bool:
        """Whether Moodle has a pack for the language, as far as the site shows it."""
        if language not in self._packs:
            self._packs[language] = bool(self.surveyed_site.language_packs([language]))
        return self._packs[language]

    def ids(self, curriculum: str) -> Ids:
        """Moodle's ids of everything it holds of this curriculum (key)."""
        if curriculum not in self._ids:
            self._ids[curriculum] = self.site.look_up(curriculum)
        return self._ids[curriculum]

    def curriculum(self, delivery: DeliveryTarget) -> Curriculum:
        """Raises ConfigError if its folder has been removed."""
        return find_curriculum(self._curricula.values(), delivery)

    def milestone(self, delivery: DeliveryTarget) -> tuple[Curriculum, Milestone]:
        """Raises ConfigError, or MoodleRefused if the milestone has been removed."""
        curriculum = self.curriculum(delivery)
        key = milestone_key(curriculum, delivery)
        milestone = curriculum.milestone(key)
        if milestone is None:
            raise MoodleRefused(f"the milestone {key} is not in the curriculum any more.")
        return curriculum, milestone

    def object_id(self, kind: Kind, delivery: DeliveryTarget) -> int:
        """Moodle's id of the object that the delivery is about.

        Raises NotInMoodle or DamagedPayload.
        """
        target = self.target(delivery)
        found = self.ids(curriculum_key(delivery)).get((kind, target))
        if found is None:
            raise NotInMoodle(
                f"the {kind} {target} is not in Moodle yet.",
                todo="Run `stewardpath apply`.",
            )
        return found

    def target(self, delivery: DeliveryTarget) -> str:
        """The current idnumber: the milestone may have been renamed since this was queued."""
        curriculum = self._curricula.get(curriculum_key(delivery))
        if curriculum is None or "milestone" not in delivery.payload:
            return delivery.target
        return idnumber(curriculum.key, milestone_key(curriculum, delivery))


def find_curriculum(curricula: Iterable[Curriculum], delivery: DeliveryTarget) -> Curriculum:
    """The curriculum that the delivery is about. Raises ConfigError if it has been removed."""
    key = curriculum_key(delivery)
    found = next((curriculum for curriculum in curricula if curriculum.key == key), None)
    if found is None:
        raise ConfigError(
            f"the curriculum {key} is not here any more.", todo="Put its folder back."
        )
    return found


def milestone_key(curriculum: Curriculum, delivery: DeliveryTarget) -> str:
    """The current key of the delivery's milestone, which may have been renamed."""
    key = queued_milestone(delivery)
    return milestone_renames_of(curriculum).get(key, key)


def curriculum_key(delivery: DeliveryTarget) -> str:
    """The key of the delivery's curriculum. Raises DamagedPayload."""
    return _payload_key(delivery, "curriculum")


def queued_milestone(delivery: DeliveryTarget) -> str:
    """The key that the milestone had when this was queued. Raises DamagedPayload."""
    return _payload_key(delivery, "milestone")


def _payload_key(delivery: DeliveryTarget, name: str) -> str:
    payload: object = delivery.payload
    value = payload.get(name) if isinstance(payload, Mapping) else None
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise DamagedPayload(
            f"the stored payload is damaged: it names no {name}. Its text is kept.",
            todo="Restore this row from a backup, then try again.",
        )
    return value
