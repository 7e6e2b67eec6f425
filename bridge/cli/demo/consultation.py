"""Makes the consultation of the demo: groups, invitations, answers and a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.consultations import opening, responses
from bridge.consultations.answers import answering
from bridge.consultations.drafts import Point, draft_of
from bridge.consultations.invitations import groups, inviting
from bridge.consultations.invitations.pasted_people import Named
from bridge.consultations.office import Office
from bridge.consultations.opening import Asked
from bridge.consultations.rules import Answer, Degree
from bridge.curriculum.model import Curriculum
from bridge.store.database import Database
from bridge.store.persons import records

ACTOR = "committee@example.org"
LASTS = timedelta(days=14)
GROUPS: Mapping[str, tuple[Degree, tuple[str, ...]]] = {
    "Employers": ("consulted", ("Robin Manager", "Sasha Personnel")),
    "Union board": ("consulted", ("Toni Board", "Vera Board")),
    "Other locals": ("informed", ("Wren Neighbour",)),
}


def hold_consultation(
    config: Config, store: Database, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Open a consultation about the first milestone, with answers; return how many are invited."""
    curriculum = next(iter(curricula), None)
    if curriculum is None:
        return 0
    office, milestone = Office(config, curricula, ACTOR, now), curriculum.milestones[0]
    closes = datetime.combine((now + LASTS).date(), time(17))
    asked = Asked(
        curriculum.key, milestone.key, milestone.title.shown(config.language),
        "We look at the first milestone again. Please be frank.", closes, config.timezone,
    )  # fmt: skip
    points = draft_of(curriculum, milestone.key, config.role_labels).points
    with store.transaction() as session:
        number = opening.open_consultation(session, office, asked)
        invited = sum(_invite(session, office, number, name) for name in GROUPS)
        _answer(session, office, number, "Robin Manager", _first_answers(points))
        _answer(session, office, number, "Toni Board", _other_answers(points))
        responses.respond(
            session, office, number, points[1].key, "adopted", "It has an example now.", 0
        )
    return invited


def _invite(session: Session, office: Office, number: int, name: str) -> int:
    degree, people = GROUPS[name]
    group = groups.add_group(session, office, number, name, degree, "page")
    named = [Named(each, _address(each)) for each in people]
    return len(inviting.invite(session, office, number, group, named).new)


def _first_answers(points: Sequence[Point]) -> list[Answer]:
    changed = Answer(points[1].key, "change", "Give an example from a workplace.", 1)
    return [changed, *(Answer(each.key, "keep") for each in points[2:])]


def _other_answers(points: Sequence[Point]) -> list[Answer]:
    missing = Answer(points[0].key, "missing", "Say how much time it takes.", 2)
    return [missing, Answer(points[1].key, "keep", rank=1), Answer(points[-1].key, "drop")]


def _answer(
    session: Session, office: Office, number: int, name: str, answers: Sequence[Answer]
) -> None:
    person = records.find(session, _address(name))
    place = answering.find_place(session, number, person.id) if person else None
    if place is not None:
        answering.save(session, office, place, answers, 0)
        answering.send(session, office, place)


def _address(name: str) -> str:
    return f"{name.split()[0].lower()}@stakeholders.example.org"
