"""`awards`: list a member's awards, withdraw one, allow it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    show_json,
    user,
)
from bridge.cli.members.finding import find_member
from bridge.config import Config
from bridge.errors import MemberError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bridge.store.tables.learning import Award

MAX_LISTED = 1000


@click.group(epilog=example("stewardpath awards list 1042"))
def awards() -> None:
    """List a member's awarded milestones, withdraw one, allow it again; decide after a correction.

    NUMBER is the union's member number, or the email address of a member without a number.
    """


@awards.command("list", epilog=example("stewardpath awards list 1042 --format json"))
@click.argument("number")
@format_option
@configured
def list_(config: Config, number: str, form: str) -> None:
    """List a member's awards, also withdrawn ones. This is recorded in the audit log."""
    from bridge.store.learning.awards import awards_of, withdrawn_awards_of
    from bridge.store.operations import audit_log

    with database(config) as store, find_member(store, number) as (session, member):
        audit_log.write(session, user(), "looked", member.id, {}, {}, now())
        found = [*awards_of(session, member.id), *withdrawn_awards_of(session, member.id)]
        rows = [_award_data(each) for each in found]
    if form == "json":
        show_json({"awards": rows})
        return
    if not rows:
        echo("No awards.")
    for row in rows:
        state = f" (withdrawn: {row['withdrawn_reason']})" if row["withdrawn_at"] else ""
        echo(f"{row['id']:>6}  {str(row['at'])[:10]}  {row['milestone']}{state}")


@awards.command(epilog=example('stewardpath awards withdraw 31 --reason "Wrong member"'))
@click.argument("award", type=int)
@click.option("--reason", required=True, help="Why. The member can read it.")
@format_option
@configured
def withdraw(config: Config, award: int, reason: str, form: str) -> None:
    """Withdraw an award. Its ID is in `awards list`.

    The badge is revoked, the member leaves the cohort in Moodle and gets an email. The milestone
    is not awarded again until its requirements have been unmet for a time, or until
    `awards allow`.
    """
    from bridge.workflows.awards import assess
    from bridge.workflows.withdrawals import withdraw_award

    if not reason.strip():
        raise MemberError("the reason is empty.", todo="Say why, for the member to read.")
    curricula = library(config)
    with database(config) as store, store.transaction() as session:
        member = _find_award(session, award).member_id
        done = withdraw_award(session, curricula, award, reason.strip(), user(), now())
        assess(session, curricula, [member], now())
    if form == "json":
        show_json({"withdrawn": done})
        return
    echo("Withdrawn." if done else "No change: it was withdrawn before.")


@awards.command(epilog=example("stewardpath awards allow 31"))
@click.argument("award", type=int)
@format_option
@configured
def allow(config: Config, award: int, form: str) -> None:
    """Let the milestone of a withdrawn award be earned again.

    If the member meets its requirements, it is awarded immediately, with a new date.
    """
    from bridge.workflows.withdrawals import allow_again

    curricula = library(config)
    with database(config) as store, store.transaction() as session:
        _find_award(session, award)
        changed, earned = allow_again(session, curricula, award, user(), now())
    if form == "json":
        show_json({"changed": changed, "awarded": earned})
        return
    echo("It can be earned again." if changed else "No change.")
    if earned:
        echo(f"{counted(earned, 'milestone')} awarded.")


@awards.command(epilog=example("stewardpath awards decisions --format json"))
@format_option
@configured
def decisions(config: Config, form: str) -> None:
    """List the awards that a person must decide about.

    They were given because of something that was corrected since. Decide with `awards decide`.
    """
    from bridge.store.learning.decisions import list_open

    with database(config) as store, store.reading() as session:
        rows = [asdict(each) for each in list_open(session, MAX_LISTED)]
    if form == "json":
        show_json({"decisions": rows})
        return
    if not rows:
        echo("Nothing to decide.")
    for row in rows:
        who = row["number"] or f"member {row['member_id']}"
        echo(f"{row['id']:>6}  {who}  {row['milestone']}  lacks {row['about']}: {row['reason']}")


@awards.command(
    epilog=example('stewardpath awards decide 4 keep --reason "She was there; the list was wrong"')
)
@click.argument("decision", type=int)
@click.argument("answer", type=click.Choice(["keep", "withdraw"]))
@click.option("--reason", required=True, help="Why. The member can read why it is withdrawn.")
@format_option
@configured
def decide(
    config: Config, decision: int, answer: Literal["keep", "withdraw"], reason: str, form: str
) -> None:
    """Decide whether an award stays. Its number is in `awards decisions`."""
    from bridge.store.learning.decisions import find_decision
    from bridge.workflows.corrections import decisions as workflow

    if not reason.strip():
        raise MemberError("the reason is empty.", todo="Say why.")
    curricula, said = library(config), reason.strip()
    with database(config) as store, store.transaction() as session:
        if find_decision(session, decision) is None:
            raise MemberError("there is no such decision.", where=str(decision))
        correction = workflow.Correction(user(), now(), said, answer, said)
        done = workflow.decide(session, curricula, decision, correction)
    if form == "json":
        show_json({"decided": done})
        return
    told = "It stays." if answer == "keep" else "Withdrawn."
    echo(told if done else "No change: it was decided before.")


def _find_award(session: Session, award: int) -> Award:
    """The award. Raises MemberError."""
    from bridge.store.learning.awards import find_award

    found = find_award(session, award)
    if found is None:
        raise MemberError("there is no such award.", where=str(award))
    return found


def _award_data(award: Award) -> dict[str, object]:
    names = (
        "id", "curriculum", "milestone", "at", "evidence", "withdrawn_at", "withdrawn_by",
        "withdrawn_reason", "reopened_at",
    )  # fmt: skip
    return {name: getattr(award, name) for name in names}
