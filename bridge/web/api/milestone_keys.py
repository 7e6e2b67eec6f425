"""Current keys of milestones that were renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bridge.curriculum.model import Curriculum
from bridge.progress import milestone_renames


def milestone_key_resolver(curricula: Iterable[Curriculum]) -> Callable[[str, str], str]:
    """A function that maps a curriculum and an old or current milestone key to the current key."""
    renames = milestone_renames(curricula)
    return lambda curriculum, milestone: renames.get((curriculum, milestone), milestone)
