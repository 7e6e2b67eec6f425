"""`consultations people`, `withdraw` and `resend`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    counted,
    curricula,
    database,
    echo,
    example,
    format_option,
    show_json,
)
from bridge.cli.consultations.shared import CONSULTATION, audit_read, existing, print_done, run
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.consultations.answers.results import InvitedPerson
    from bridge.consultations.office import Office

PEOPLE = click.argument("people", metavar="PERSON…", nargs=-1, required=True)


@click.command(epilog=example("stewardpath consultations people 1 --format json"))
@CONSULTATION
@format_option
@configured
def people(config: Config, consultation: int, form: str) -> None:
    """List who is invited, by group, and who has answered and approved."""
    from bridge.consultations.answers.results import invited_people
    from bridge.consultations.approvals import current_text

    with database(config) as store, store.transaction() as session:
        text = current_text(curricula(config), existing(session, consultation))
        rows = [_person_as_data(each, text) for each in invited_people(session, consultation)]
        audit_read(session, "consultation-people", consultation)
    if form == "json":
        show_json({"people": rows})
        return
    if not rows:
        echo("Nobody is invited yet.")
    for row in rows:
        told = [str(row["state"]), "answered" if row["answered_at"] else "no answers"]
        approval = [str(row["approval"])] if row["approval"] else []
        echo(f"{row['group']}  {row['name']} <{row['email']}>  {', '.join(told + approval)}")


def _person_as_data(each: InvitedPerson, text: str) -> dict[str, object]:
    row = each.invitation
    return {
        "group": each.group, "name": each.name, "email": each.email, "state": row.state,
        "invited_at": row.invited_at, "answered_at": row.sent_at, "entered_by": row.entered_by,
        "approval": row.approval if row.approved_text == text else "",
        "note": row.approval_note if row.approved_text == text else "",
    }  # fmt: skip


@click.command(epilog=example("stewardpath consultations withdraw 1 kim@example.org"))
@CONSULTATION
@PEOPLE
@format_option
@configured
def withdraw(config: Config, consultation: int, people: Sequence[str], form: str) -> None:
    """Withdraw invitations, all or none. PERSON is an email address.

    Their links show nothing any more, and their answers don't count. `consultations invite` undoes
    it.
    """
    from bridge.consultations.invitations import inviting

    def act(session: Session, office: Office) -> int:
        found = inviting.invitations_of(session, consultation, people)
        changed = [each.id for each in found if each.state == "invited"]
        for each in changed:
            inviting.withdraw(session, office, consultation, each)
        return len(changed)

    done = run(config, act)
    print_done(form, {"withdrawn": done}, f"{counted(done, 'invitation')} withdrawn.")


@click.command(epilog=example("stewardpath consultations resend 1 kim@example.org"))
@CONSULTATION
@PEOPLE
@format_option
@configured
def resend(config: Config, consultation: int, people: Sequence[str], form: str) -> None:
    """Send people another link to their page. PERSON is an email address.

    The earlier link goes on working.
    """
    from bridge.consultations.invitations import inviting

    def act(session: Session, office: Office) -> int:
        found = inviting.invitations_of(session, consultation, people)
        for each in found:
            inviting.send_again(session, office, consultation, each.id)
        return len(found)

    done = run(config, act)
    print_done(form, {"sent": done}, f"{counted(done, 'link')} sent.")
