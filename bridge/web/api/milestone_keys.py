"""Milestones by the keys of now, also where an award was given under a former one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bridge.curriculum.model import Curriculum
from bridge.progress import milestone_renames


def milestone_key_resolver(curricula: Iterable[Curriculum]) -> Callable[[str, str], str]:
    """A function from a curriculum's key and a milestone's, of whatever time, to that of now."""
    former = milestone_renames(curricula)
    return lambda curriculum, milestone: former.get((curriculum, milestone), milestone)
