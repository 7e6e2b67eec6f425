"""The paths, as the committee wrote them."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.curriculum.model import Curriculum, Milestone
from bridge.web.api import shapes
from bridge.web.api.door import Door
from bridge.web.api.requirements import said


def furnish(door: Door) -> None:
    """`GET /curricula`."""
    house = door.house

    @door.operation("GET", "/curricula", scope="curricula:read", answers=shapes.Curricula)
    def curricula() -> Mapping[str, object]:
        """Every curriculum with its milestones, and what each asks for."""
        return {"curricula": [_curriculum(each) for each in house.curricula]}


def _curriculum(curriculum: Curriculum) -> Mapping[str, object]:
    return {
        "curriculum": curriculum.key,
        "title": dict(curriculum.title.translations),
        "languages": curriculum.languages,
        "revision": curriculum.revision,
        "milestones": [_milestone(each) for each in curriculum.milestones],
    }


def _milestone(milestone: Milestone) -> Mapping[str, object]:
    return {
        "milestone": milestone.key,
        "title": dict(milestone.title.translations),
        "audience": milestone.audience,
        "access": milestone.access,
        "after": milestone.entry.after,
        "role": milestone.entry.role,
        "requirements": said(milestone.requirements),
    }
