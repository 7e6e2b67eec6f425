"""`credits`: what counts towards milestones and does not come from Moodle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, get_args

import click

from bridge.cli.common import (
    configured,
    counted,
    curricula,
    database,
    echo,
    example,
    format_option,
    library,
    now,
    print_note,
    show_json,
    user,
)
from bridge.cli.members.finding import find_member
from bridge.cli.moments import DAY
from bridge.config import Config
from bridge.curriculum.requirements.facts import CreditKind
from bridge.errors import ConfigError, MemberError

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.store.tables.learning import Award, Credit
    from bridge.workflows.corrections.decisions import AwardChoice

KEY = re.compile("[a-z][a-z0-9-]{0,27}(/[a-z][a-z0-9-]{0,27})?")
BY_HAND: tuple[CreditKind, ...] = tuple(kind for kind in get_args(CreditKind) if kind != "signoff")
"""Sign-offs have a command of their own: `members signoff`."""
AFTERWARDS = {"keep": "Still awarded", "withdraw": "Withdrawn too", "later": "To be decided"}


@click.group(epilog=example("stewardpath credits list 1042"))
def credits() -> None:
    """List, add and withdraw credits: sign-offs, sessions, certificates and programs.

    NUMBER is the union's member number, or the email address of a member without a number.
    """


@credits.command("list", epilog=example("stewardpath credits list 1042 --format json"))
@click.argument("number")
@format_option
@configured
def list_(config: Config, number: str, form: str) -> None:
    """List a member's credits, also withdrawn ones. This is recorded in the audit log."""
    from bridge.store.learning.credits import credits_of
    from bridge.store.operations import audit_log

    with database(config) as store, find_member(store, number) as (session, member):
        audit_log.write(session, user(), "looked", member.id, {}, {}, now())
        rows = [_credit_data(each) for each in credits_of(session, member.id)]
    if form == "json":
        show_json({"credits": rows})
        return
    if not rows:
        echo("No credits.")
    for row in rows:
        state = f" (withdrawn: {row['withdrawn_reason']})" if row["withdrawn_at"] else ""
        echo(f"{row['id']:>6}  {row['occurred_on']}  {row['kind']:<11} {row['key']}{state}")


@credits.command(
    epilog=example("stewardpath credits add 1042 certificate first-aid --on 2026-05-04 \\",
                   "  --until 2029-05-04 --by Lee")
)  # fmt: skip
@click.argument("number")
@click.argument("kind", metavar="KIND", type=click.Choice(BY_HAND))
@click.argument("key")
@click.option("--by", "by_name", required=True, help="Who confirmed it.")
@click.option("--on", "on", type=DAY, help="The day it happened. Default: today.")
@click.option("--until", type=DAY, help="The last day on which it counts. Default: no end.")
@click.option("--note", "remark", default="", help="A note, such as a certificate's number.")
@click.option("--curriculum", default="", help="Needed if there are several curricula.")
@format_option
@configured
def add(
    config: Config,
    number: str,
    kind: CreditKind,
    key: str,
    by_name: str,
    on: datetime | None,
    until: datetime | None,
    remark: str,
    curriculum: str,
    form: str,
) -> None:
    """Record a credit. KEY is what the curriculum requires, such as `first-aid`.

    The same credit on another day, such as a renewed certificate, is another credit.
    """
    from bridge.features.learning import BY_HAND as SOURCE
    from bridge.store.learning import credits as store_credits
    from bridge.workflows.awards import assess
    from bridge.workflows.corrections.decisions import settle

    day, ends = _checked_days(on, until)
    if not KEY.fullmatch(key):
        raise MemberError(f"{key} is not a valid key.", todo="Write it as in the curriculum.")
    path, available = _only_curriculum(config, curriculum), library(config)
    with database(config) as store, find_member(store, number) as (session, member):
        parts = (path, kind, key, day.isoformat())
        source_id = store_credits.next_source_id(session, member.id, *parts)
        credit = store_credits.CreditRecord(
            member_id=member.id, curriculum=path, kind=kind, key=key, occurred_on=day,
            valid_until=ends, source=SOURCE, source_id=source_id,
            evidence={"by_name": by_name, "note": remark}, recorded_by=user(),
        )  # fmt: skip
        new = bool(source_id) and store_credits.record(session, credit, now())
        earned = assess(session, available, [member.id], now())
        settle(session, available, [member.id], user(), now())
    _print_added(form, new, earned, _not_required(available, path, kind, key))


def _print_added(form: str, new: bool, earned: int, warning: str) -> None:
    if warning:
        print_note(warning)
    if form == "json":
        show_json({"recorded": new, "awarded": earned, "required": not warning})
        return
    echo("Recorded." if new else "No change: it was recorded before.")
    if earned:
        echo(f"{counted(earned, 'milestone')} awarded.")


@credits.command(epilog=example('stewardpath credits withdraw 17 --reason "Wrong member"'))
@click.argument("credit", type=int)
@click.option("--reason", required=True, help="Why. The member can read it.")
@click.option(
    "--milestones",
    type=click.Choice(["keep", "withdraw", "later"]),
    help="What happens to milestones that were awarded because of it. Needed if there are any.",
)
@click.option("--note", "remark", default="", help="Why the milestones stay, for `keep`.")
@format_option
@configured
def withdraw(
    config: Config,
    credit: int,
    reason: str,
    milestones: AwardChoice | None,
    remark: str,
    form: str,
) -> None:
    """Withdraw a credit. Its ID is in `credits list`.

    If milestones were awarded because of it, say with --milestones whether to keep or withdraw
    them. With `later`, `stewardpath awards decisions` lists them until a person decides.
    """
    from bridge.store.learning.credits import credits_for_ids
    from bridge.store.members.locking import lock_members
    from bridge.workflows.corrections.credits import withdraw_credit
    from bridge.workflows.corrections.decisions import Correction
    from bridge.workflows.dependent_awards import dependent_awards

    _check_reasons(reason, milestones, remark)
    available = library(config)
    with database(config) as store, store.transaction() as session:
        found = credits_for_ids(session, [credit]).get(credit)
        if found is None:
            raise MemberError("there is no such credit.", where=str(credit))
        lock_members(session, [found.member_id])
        depending: list[Award] = []
        if not found.withdrawn_at:
            depending = dependent_awards(session, available, found, now())
        if depending and milestones is None:
            raise _undecided(depending)
        choice = Correction(user(), now(), reason.strip(), milestones or "later", remark.strip())
        done = withdraw_credit(session, available, found, choice)
    if form == "json":
        show_json({"withdrawn": done, "depending": [_award_parts(each) for each in depending]})
        return
    echo("Withdrawn." if done else "No change: it was withdrawn before.")
    for each in depending:
        echo(f"{AFTERWARDS[choice.choice]}: {each.milestone} (award {each.id}).")


def _check_reasons(reason: str, milestones: str | None, remark: str) -> None:
    """Raises MemberError if one that is needed is missing."""
    if not reason.strip():
        raise MemberError("the reason is empty.", todo="Say why, for the member to read.")
    if milestones == "keep" and not remark.strip():
        raise MemberError("the note is empty.", todo="Say with --note why the milestones stay.")


def _undecided(depending: Iterable[Award]) -> MemberError:
    named = ", ".join(each.milestone for each in depending)
    return MemberError(
        f"milestones were awarded because of it: {named}.",
        todo="Add --milestones keep, --milestones withdraw or --milestones later.",
    )


def _only_curriculum(config: Config, key: str) -> str:
    """The key of the curriculum with that key, or of the only one. Raises StewardpathError."""
    found = curricula(config, key)
    if len(found) > 1:
        known = ", ".join(each.key for each in found)
        raise ConfigError("there are several curricula.", todo=f"Add --curriculum: {known}.")
    return found[0].key


def _not_required(available: Iterable[Curriculum], path: str, kind: CreditKind, key: str) -> str:
    """A warning if no milestone of the curriculum requires this credit; '' if one does.

    It is recorded nevertheless: the record may hold what no milestone requires, or not yet.
    """
    from bridge.curriculum.problems import nearest
    from bridge.curriculum.requirements.credited import required_keys

    milestones = [one for each in available if each.key == path for one in each.milestones]
    known = {each for one in milestones for each in required_keys(one.requirements, kind)}
    if key in known:
        return ""
    similar, found = nearest(key, known), f"Required: {', '.join(sorted(known))}."
    hint = f"Did you mean {similar}?" if similar else found if known else ""
    undo = "If it is a mistake, withdraw it with `stewardpath credits withdraw`."
    what = f"No milestone of {path} requires the {kind} credit {key}, so it counts for none."
    return " ".join(filter(None, (what, hint, undo)))


def _checked_days(on: datetime | None, until: datetime | None) -> tuple[date, date | None]:
    """The days. Raises MemberError for one in the future, or an end before the start."""
    day, ends = (on or now()).date(), until.date() if until else None
    if day > now().date():
        raise MemberError(f"{day} is in the future.", todo="Record it when it has happened.")
    if ends and ends < day:
        raise MemberError(f"--until {ends} is before --on {day}.", todo="Correct one of them.")
    return day, ends


def _credit_data(credit: Credit) -> dict[str, object]:
    names = (
        "id", "kind", "key", "curriculum", "occurred_on", "valid_until", "source", "evidence",
        "recorded_by", "recorded_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason",
    )  # fmt: skip
    return {name: getattr(credit, name) for name in names}


def _award_parts(award: Award) -> dict[str, object]:
    return {"id": award.id, "curriculum": award.curriculum, "milestone": award.milestone}
