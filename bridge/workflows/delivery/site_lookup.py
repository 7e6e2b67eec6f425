"""What one run knows about the site and the curricula: looked up once, used by every batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby

from bridge.curriculum.model import Curriculum, Milestone, idnumber
from bridge.errors import ConfigError, MoodleMisconfigured, MoodleRefused
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import Site, connect
from bridge.moodle.site.core_writer import Ids
from bridge.plan import Kind
from bridge.progress import milestone_renames_of
from bridge.store.delivery.deliveries import ClaimedDelivery


class NotInMoodle(MoodleMisconfigured):
    """One course, cohort or badge isn't in Moodle yet. Deliveries that don't need it go on."""


class SiteLookup:
    """Finds the curriculum, the milestone and the Moodle objects that a delivery is about."""

    def __init__(self, moodle: Moodle, curricula: Sequence[Curriculum]) -> None:
        self.moodle = moodle
        self._curricula = {curriculum.key: curriculum for curriculum in curricula}
        self._ids: dict[str, Ids] = {}

    @cached_property
    def site(self) -> Site:
        return connect(self.moodle)

    @property
    def has_companion(self) -> bool:
        return self.site.way == "companion"

    @property
    def languages(self) -> frozenset[str]:
        """The languages that Moodle has packs for. They are known after the curricula are."""
        for curriculum in self._curricula:
            self.ids(curriculum)
        return self.site.languages

    def ids(self, curriculum: str) -> Ids:
        """Moodle's ids of everything it holds of this curriculum (key)."""
        if curriculum not in self._ids:
            self._ids[curriculum] = self.site.look_up(curriculum)
        return self._ids[curriculum]

    def curriculum(self, delivery: ClaimedDelivery) -> Curriculum:
        """Raises ConfigError if its folder has been removed."""
        return find_curriculum(self._curricula.values(), delivery)

    def milestone(self, delivery: ClaimedDelivery) -> tuple[Curriculum, Milestone]:
        """Raises ConfigError, or MoodleRefused if the milestone has been removed."""
        curriculum = self.curriculum(delivery)
        key = milestone_key(curriculum, delivery)
        milestone = curriculum.milestone(key)
        if milestone is None:
            raise MoodleRefused(f"the milestone {key} is not in the curriculum any more.")
        return curriculum, milestone

    def object_id(self, kind: Kind, delivery: ClaimedDelivery) -> int:
        """Moodle's id of the object that the delivery is about. Raises NotInMoodle."""
        target = self.target(delivery)
        found = self.ids(str(delivery.payload["curriculum"])).get((kind, target))
        if found is None:
            raise NotInMoodle(
                f"the {kind} {target} is not in Moodle yet.",
                todo="Run `stewardpath apply`.",
            )
        return found

    def target(self, delivery: ClaimedDelivery) -> str:
        """The current idnumber: the milestone may have been renamed since this was queued."""
        curriculum = self._curricula.get(str(delivery.payload["curriculum"]))
        if curriculum is None or "milestone" not in delivery.payload:
            return delivery.target
        return idnumber(curriculum.key, milestone_key(curriculum, delivery))

    def group_by_target(
        self, claimed: Sequence[ClaimedDelivery]
    ) -> Iterator[list[ClaimedDelivery]]:
        """The deliveries of each course, cohort or badge together."""
        for _, group in groupby(sorted(claimed, key=self.target), key=self.target):
            yield list(group)


def find_curriculum(curricula: Iterable[Curriculum], delivery: ClaimedDelivery) -> Curriculum:
    """The curriculum that the delivery is about. Raises ConfigError if it has been removed."""
    key = str(delivery.payload["curriculum"])
    found = next((curriculum for curriculum in curricula if curriculum.key == key), None)
    if found is None:
        raise ConfigError(
            f"the curriculum {key} is not here any more.", todo="Put its folder back."
        )
    return found


def milestone_key(curriculum: Curriculum, delivery: ClaimedDelivery) -> str:
    """The current key of the delivery's milestone, which may have been renamed."""
    key = str(delivery.payload["milestone"])
    return milestone_renames_of(curriculum).get(key, key)
