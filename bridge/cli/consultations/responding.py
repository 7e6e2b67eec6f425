"""`consultations respond` and `send`: what the committee says to the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, counted, example, format_option
from bridge.cli.consultations.shared import CONSULTATION, existing, print_done, run
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.office import Office
    from bridge.consultations.rules import Decision


@click.command(
    epilog=example(
        "stewardpath consultations respond 1 new-member/expectation-1 adopted \\",
        '  "It has an example now."',
        "stewardpath consultations respond 1 new-member/expectation-1 --take-back",
    )
)
@CONSULTATION
@click.argument("point")
@click.argument("decision", type=click.Choice(["adopted", "not-adopted"]), required=False)
@click.argument("text", required=False)
@click.option("--replace", is_flag=True, help="Replace the response that the point has.")
@click.option("--take-back", is_flag=True, help="Delete the response if it wasn't sent yet.")
@format_option
@configured
def respond(
    config: Config,
    consultation: int,
    point: str,
    decision: Decision | None,
    text: str | None,
    replace: bool,
    take_back: bool,
    form: str,
) -> None:
    """Respond to a POINT, which `consultations show` names.

    DECISION is `adopted` or `not-adopted`; TEXT says what is changed, or why not. `consultations
    send` sends it to those who raised the point, and again if it is replaced.
    """
    from bridge.consultations.responses import withdraw_response

    if (decision is None or text is None) != take_back:
        raise click.UsageError("Give a decision and a text, or --take-back.")

    def act(session: Session, office: Office) -> bool:
        if decision is None or text is None:
            return withdraw_response(session, office, consultation, point)
        return _respond(session, office, consultation, point, decision, text, replace=replace)

    changed = run(config, act)
    done = "Taken back." if take_back else "Saved. `stewardpath consultations send` sends it."
    print_done(form, {"changed": changed}, done if changed else "No change.")


def _respond(
    session: Session,
    office: Office,
    consultation: int,
    point: str,
    decision: Decision,
    text: str,
    *,
    replace: bool,
) -> bool:
    """Raises ConsultationError if there is another response, unless it should be replaced."""
    from bridge.consultations.responses import respond, responses_of
    from bridge.errors import ConsultationError

    row = existing(session, consultation)
    found = responses_of(session, row.id).get(point)
    same = found and (found.decision, found.text) == (decision, text.strip())
    if found and not same and not replace:
        raise ConsultationError(
            f"the point has a response: {found.text}",
            where=point,
            todo="Add --replace to replace it.",
        )
    version = found.version if found else 0
    return respond(session, office, row.id, point, decision, text, version)


@click.command(epilog=example("stewardpath consultations send 1"))
@CONSULTATION
@format_option
@configured
def send(config: Config, consultation: int, form: str) -> None:
    """Send new and changed responses to those who raised the points, one email each.

    The consultation must be closed.
    """
    from bridge.consultations.responses import send_responses

    told = run(config, lambda session, office: send_responses(session, office, consultation))
    people = counted(told, "person gets", "people get")
    print_done(form, {"people": told}, f"{people} the responses by email.")
