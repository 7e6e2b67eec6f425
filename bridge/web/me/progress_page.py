"""`/me`: a member's progress and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.descriptions import names_of
from bridge.curriculum.model import Curriculum
from bridge.features.registers import calendar, to_dos
from bridge.foundations.owners import owner_of_member
from bridge.sessions.leaders import led_sessions
from bridge.store.curricula import course_modules
from bridge.store.curricula.course_modules import ActivityKey
from bridge.store.learning import member_progress, refresh_requests
from bridge.store.learning.member_progress import MemberProgress
from bridge.web.common.access import for_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.me import refresh
from bridge.web.me.milestones import MilestoneView, milestone_views
from bridge.web.me.my_sessions import my_sessions
from bridge.web.me.next_action import NextAction, course, next_action

MAX_DATES = 10
"""Calendar entries that the page shows."""


@dataclass(frozen=True, slots=True)
class ProgressView:
    """A curriculum as the member sees it.

    `speech` is the language of its texts, `courses` the course's URL by milestone.
    """

    curriculum: Curriculum
    speech: str
    steps: Sequence[MilestoneView]
    action: NextAction | None
    courses: dict[str, str]

    @property
    def reached(self) -> int:
        return sum(step.state == "done" for step in self.steps)


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me` and `/me/refresh`."""

    @pages.get("/me")
    @for_members
    def progress() -> str:
        language = visitors_language(services.config)
        with services.database.reading() as session:
            mine = member_progress.read_member_progress(
                session, current_visitor().member_id or 0, services.now().date()
            )
            fresh = refresh.read(session, current_visitor().member_id or 0, services.now())
            cmids = course_modules.cmids_of(session)
            to_do = _to_do(services, session, language)
        if mine is None:
            raise NotFound
        paths = [
            _progress_view(services, each, mine, language, cmids) for each in services.curricula
        ]
        return render_template(
            "web/me/progress.html", paths=paths, fresh=fresh, membership=mine.status, **to_do
        )

    @pages.post("/me/refresh", endpoint="refresh")
    @services.limiter.limit("3 per minute; 30 per hour", key_func=_rate_limit_key)
    @for_members
    def request_refresh() -> Answer:
        with services.database.transaction() as session:
            refresh_requests.request(session, current_visitor().member_id or 0, services.now())
        for job in ("refresh", "pull"):
            services.trigger_job(job)
        return redirect(url_for("me.progress") + "#fresh", 303)


def _to_do(services: Services, session: Session, language: str) -> dict[str, object]:
    """What the features say that the member should do, and their next days."""
    context = services.context(session, language)
    owner = owner_of_member(session, current_visitor().member_id or 0)
    return {
        "to_dos": to_dos(services.features, context, owner),
        "led_sessions": led_sessions(context, current_visitor()),
        "my_sessions": my_sessions(context, owner),
        "dates": calendar(services.features, context, owner)[:MAX_DATES],
    }


def _rate_limit_key() -> str:
    """One limit for each member, and one for all other visitors together."""
    return f"member {current_visitor().member_id}"


def _progress_view(
    services: Services,
    curriculum: Curriculum,
    mine: MemberProgress,
    language: str,
    cmids: Mapping[ActivityKey, int],
) -> ProgressView:
    speech = language if language in curriculum.languages else curriculum.languages[0]
    taken = milestone_views(
        curriculum, mine, names_of(curriculum, speech, services.config.role_labels),
        services.now().date(),
    )  # fmt: skip
    return ProgressView(
        curriculum=curriculum,
        speech=speech,
        steps=taken,
        action=next_action(services.config, curriculum, taken, mine.region, cmids),
        courses={m.key: course(services.config, curriculum, m) for m in curriculum.milestones},
    )
