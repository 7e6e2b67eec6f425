"""`consultations answer`: enter what someone said in a session or wrote in an email."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, counted, example, format_option
from bridge.cli.consultations.shared import CONSULTATION, print_done, run
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.office import Office
    from bridge.consultations.rules import Answer, Choice

Texts = Sequence[tuple[str, str]]
TEXTS = click.Tuple([str, str])


@click.command(
    epilog=example(
        "stewardpath consultations answer 1 kim@example.org --keep new-member/requirement-1 \\",
        '  --change new-member/expectation-1 "Give an example." --matters new-member/whole',
    )
)
@CONSULTATION
@click.argument("person")
@click.option("--keep", multiple=True, metavar="POINT", help="A point to keep.")
@click.option("--drop", multiple=True, metavar="POINT", help="A point to drop.")
@click.option("--change", type=TEXTS, multiple=True, metavar="POINT TEXT", help="What to change.")
@click.option("--missing", type=TEXTS, multiple=True, metavar="POINT TEXT", help="What is missing.")
@click.option("--comment", type=TEXTS, multiple=True, metavar="POINT TEXT", help="Any comment.")
@click.option("--matters", multiple=True, metavar="POINT", help="What matters most, in order.")
@format_option
@configured
def answer(
    config: Config,
    consultation: int,
    person: str,
    keep: Sequence[str],
    drop: Sequence[str],
    change: Texts,
    missing: Texts,
    comment: Texts,
    matters: Sequence[str],
    form: str,
) -> None:
    """Enter answers of someone who was invited. Possible until the consultation is finished.

    PERSON is an email address, POINT is as `consultations show` names it. What was answered to
    other points stays. The results say who entered it.
    """
    choices: dict[str, Choice] = {
        **dict.fromkeys(keep, "keep"),
        **dict.fromkeys(drop, "drop"),
        **dict.fromkeys((point for point, _ in change), "change"),
        **dict.fromkeys((point for point, _ in missing), "missing"),
    }
    comments = dict((*change, *missing, *comment))

    def act(session: Session, office: Office) -> int:
        return _enter(session, office, consultation, person, choices, comments, matters)

    count = run(config, act)
    print_done(form, {"answers": count}, f"Saved. They have {counted(count, 'answer')} now.")


def _enter(
    session: Session,
    office: Office,
    consultation: int,
    person: str,
    choices: Mapping[str, Choice],
    comments: Mapping[str, str],
    matters: Sequence[str],
) -> int:
    """Save the answers; return how many the person has. Raises ConsultationError."""
    from bridge.consultations.answers import answering
    from bridge.consultations.invitations.inviting import invitations_of
    from bridge.consultations.rules import Answer
    from bridge.errors import ConsultationError

    [invitation] = invitations_of(session, consultation, [person])
    place = answering.find_place(session, consultation, invitation.person_id)
    if place is None:
        raise ConsultationError("this invitation was withdrawn.", where=person)
    given: dict[str, Answer] = answering.answers_of(session, invitation.id)
    if matters:
        given = {key: replace(each, rank=None) for key, each in given.items()}
    for point in {**choices, **comments, **dict.fromkeys(matters)}:
        before = given.get(point, Answer(point, ""))
        rank = matters.index(point) + 1 if point in matters else before.rank
        given[point] = Answer(
            point, choices.get(point, before.choice), comments.get(point, before.comment), rank
        )
    by = office.actor
    answering.save(session, office, place, list(given.values()), invitation.version, entered_by=by)
    answering.send(session, office, place, entered_by=by)
    return sum(bool(each.choice) for each in given.values())
