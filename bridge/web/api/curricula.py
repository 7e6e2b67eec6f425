"""`GET /curricula`: curricula with their milestones and requirements."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.config import Config
from bridge.curriculum.model import Curriculum, Milestone
from bridge.web.api import schemas
from bridge.web.api.endpoint import Endpoint
from bridge.web.api.requirements import requirements_as_data


def register_operations(endpoint: Endpoint) -> None:
    """Add `GET /curricula`."""
    services = endpoint.services

    @endpoint.operation("GET", "/curricula", scope="curricula:read", answers=schemas.Curricula)
    def curricula() -> Mapping[str, object]:
        """List all curricula with their milestones and requirements."""
        return {"curricula": [_curriculum(each, services.config) for each in services.curricula]}


def _curriculum(curriculum: Curriculum, config: Config) -> Mapping[str, object]:
    return {
        "curriculum": curriculum.key,
        "title": dict(curriculum.title.translations),
        "languages": curriculum.languages,
        "revision": curriculum.revision,
        "milestones": [_milestone(each, curriculum, config) for each in curriculum.milestones],
    }


def _milestone(
    milestone: Milestone, curriculum: Curriculum, config: Config
) -> Mapping[str, object]:
    return {
        "milestone": milestone.key,
        "title": dict(milestone.title.translations),
        "audience": milestone.audience.group,
        "conditions": dict(milestone.audience.conditions),
        "access": milestone.access,
        "after": milestone.entry.after,
        "role": milestone.entry.role,
        "requirements": requirements_as_data(milestone.requirements, curriculum, config),
    }
