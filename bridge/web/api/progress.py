"""`GET /members/<id>/progress`: what a member has earned and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.curriculum.model import Curriculum, Milestone
from bridge.progress import NO_FACTS, apply_renames, evaluate, missing
from bridge.progress import Progress as Reached
from bridge.store.learning.awards import awards_of
from bridge.store.learning.member_progress import facts_of
from bridge.store.members.queries import find
from bridge.store.operations import runs
from bridge.web.api import schemas
from bridge.web.api.endpoint import Endpoint, record_access
from bridge.web.api.milestone_keys import milestone_key_resolver
from bridge.web.api.requirements import requirements_as_data
from bridge.web.common.services import Services
from bridge.web.common.status_snapshot import PULL

Earned = Mapping[tuple[str, str], datetime]
"""When each milestone was earned, by curriculum and current milestone key."""


def register_operations(endpoint: Endpoint) -> None:
    """Add `GET /members/<id>/progress`."""
    services = endpoint.services

    @endpoint.operation(
        "GET",
        f"/members/<int(min=1, max={schemas.MAX_CURSOR}):member>/progress",
        scope="members:read",
        answers=schemas.Progress,
        refuses=(404,),
    )
    def progress(member: int) -> Mapping[str, object]:
        """Show what a member has earned in each curriculum, and what is missing."""
        curricula = tuple(services.curricula)
        with services.database.reading() as session:
            if find(session, member) is None:
                raise NotFound("There is no member with this ID.")
            record_access(member)
            last = runs.last_run(session, PULL, ok_only=True)
            earned = _earned(session, curricula, member)
            return {
                "id": member,
                "pulled_at": last.finished_at if last else None,
                "curricula": [
                    _curriculum_progress(session, each, member, earned, services)
                    for each in curricula
                ],
            }


def _earned(session: Session, curricula: tuple[Curriculum, ...], member: int) -> Earned:
    current_key = milestone_key_resolver(curricula)
    found: dict[tuple[str, str], datetime] = {}
    for award in awards_of(session, member):
        found.setdefault(
            (award.curriculum, current_key(award.curriculum, award.milestone)), award.at
        )
    return found


def _curriculum_progress(
    session: Session, curriculum: Curriculum, member: int, earned: Earned, services: Services
) -> object:
    facts = facts_of(session, curriculum.key, [member], services.now().date()).get(member, NO_FACTS)
    facts = apply_renames(curriculum)(facts)
    reached = evaluate(curriculum, facts)
    return {
        "curriculum": curriculum.key,
        "revision": curriculum.revision,
        "milestones": [
            {
                "milestone": milestone.key,
                "state": (state := _state(milestone, reached)),
                "earned_at": earned.get((curriculum.key, milestone.key)),
                "missing": []
                if state == "earned"
                else requirements_as_data(missing(milestone, facts), curriculum, services.config),
            }
            for milestone in curriculum.milestones
        ],
    }


def _state(milestone: Milestone, reached: Reached) -> str:
    if milestone.key in reached.earned:
        return "earned"
    return "open" if milestone.key in reached.entered else "later"
