"""`members questions`, `members answer` and `members check-accounts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    example,
    failed,
    format_option,
    moodle,
    note,
    now,
    say,
    show_json,
    user,
)
from bridge.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.jobs.account_check import Report, Suspicion
    from bridge.store.account_questions import Answer, Listed, Result
    from bridge.store.database import Database

T = TypeVar("T")
BATCH = 500
WITHDRAW = "withdraw"
NEXT = "Answer: `stewardpath members answer same|different ID`, or in the pages: Account questions."


@click.command(
    epilog=example(
        "stewardpath members questions", "stewardpath members questions --answered --format json"
    )
)
@click.option("--answered", is_flag=True, help="Show the answered questions too.")
@format_option
@configured
def questions(config: Config, answered: bool, form: str) -> None:
    """List the questions about Moodle accounts that a person must answer.

    Each asks whether a Moodle account is a member's. Nothing is linked until it is answered.
    """
    with database(config) as store:
        rows = [*_every(store, answered=False), *(_every(store, answered=True) if answered else ())]
    if form == "json":
        show_json({"questions": [asdict(row) for row in rows]})
        return
    for row in rows:
        _print(row)
    if not rows:
        say("There are no questions.")
    elif any(not row.answer for row in rows):
        say(NEXT)


@click.command(
    epilog=example(
        "stewardpath members answer same 12",
        "stewardpath members answer different 13 14 15",
        "stewardpath members answer withdraw 12",
    )
)
@click.argument("answer", type=click.Choice(["same", "different", WITHDRAW]))
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, required=True, metavar="ID...")
@configured
def answer(config: Config, answer: str, ids: tuple[int, ...]) -> None:
    """Answer questions about Moodle accounts, many at a time; see `members questions`.

    `same`: the account is the member's. `different`: it is not; if it is linked, it is unlinked,
    or, if the record has the account's email address, the record loses its member number.
    `withdraw` opens an answered question again. Exit code 1 if one of them is refused.
    """
    from bridge.store import account_questions

    refused = False
    with database(config) as store:
        for batch in _batches(ids):
            with store.transaction() as session:
                if answer == WITHDRAW:
                    result = account_questions.withdraw(session, batch, user(), now())
                else:
                    said = cast("Answer", answer)
                    result = account_questions.answer(session, batch, said, user(), now())
            _tell(result, "withdrawn" if answer == WITHDRAW else "answered")
            refused = refused or bool(result.refused)
    if refused:
        failed()


@click.command(
    "check-accounts",
    epilog=example(
        "stewardpath members check-accounts", "stewardpath members check-accounts --ask"
    ),
)
@click.option("--ask", is_flag=True, help="Also write what is suspicious as questions.")
@format_option
@configured
def check_accounts(config: Config, ask: bool, form: str) -> None:
    """Compare every linked Moodle account with its member; report suspicious matches.

    Suspicious: a member number that comes from a Moodle profile alone, another email address in
    Moodle, an unconfirmed account, an account that Moodle does not show. Nothing is changed. Exit
    code 1 if something is suspicious, or if Moodle cannot be asked.
    """
    from bridge.jobs.account_check import check_accounts
    from bridge.store import account_questions

    with database(config) as store, moodle(config) as client:
        report = check_accounts(store, client)
        if ask:
            for batch in _batches([each.question for each in report.suspicions]):
                with store.transaction() as session:
                    account_questions.ask(session, batch, now())
    if form == "json":
        suspicious = [_data(each) for each in report.suspicions]
        show_json({"checked": report.checked, "suspicious": suspicious})
    else:
        _print_report(report, ask)
    if report.suspicions:
        failed()


def _every(store: Database, *, answered: bool) -> Iterator[Listed]:
    from bridge.store import account_questions

    listed = account_questions.answered_questions if answered else account_questions.open_questions
    after = 0
    while True:
        with store.reading() as session:
            rows = listed(session, BATCH, after)
        if not rows:
            return
        yield from rows
        after = rows[-1].id


def _batches(rows: Sequence[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _print(row: Listed) -> None:
    member = f"{row.first_name} {row.last_name} <{row.email}>"
    account = ", ".join(filter(None, (row.account_email, _number(row.account_number))))
    say(f"{row.id}: is Moodle account {row.moodle_user_id}{f' ({account})' if account else ''}")
    say(f"    member {row.number or row.member_id}, {member}?")
    say(f"    {row.reason}")
    if row.answer:
        say(f"    Answered “{row.answer}” by {row.answered_by}, {row.answered_at:%Y-%m-%d}.")
    if row.other_id:
        say(f"    The account came from record {row.other_id}, which can be erased.")


def _number(number: str) -> str:
    return number and f"ID number {number}"


def _tell(result: Result, done: str) -> None:
    if result.changed:
        say(f"{counted(len(result.changed), 'question')} {done}.")
    if result.unchanged:
        say(f"{counted(len(result.unchanged), 'question')} unchanged.")
    for question, other in result.moved.items():
        say(f"{question}: the account came from record {other}, which can be erased.")
    for question, why in result.refused.items():
        note(f"{question}: {why}")


def _data(each: Suspicion) -> dict[str, object]:
    member = each.member
    return {
        "member_id": member.id,
        "number": member.number,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "email": member.email,
        "moodle_user_id": member.moodle_user_id,
        "account_email": each.user.email if each.user else "",
        "account_number": each.user.idnumber if each.user else "",
        "reasons": list(each.reasons),
    }


def _print_report(report: Report, asked: bool) -> None:
    for each in report.suspicions:
        member, user_ = each.member, each.user
        said = (user_.email, _number(user_.idnumber)) if user_ else ()
        account = ", ".join(filter(None, said))
        name = f"{member.first_name} {member.last_name} <{member.email}>"
        say(f"Member {member.number or member.id}, {name}")
        say(f"    Moodle account {member.moodle_user_id}{f' ({account})' if account else ''}")
        for reason in each.reasons:
            say(f"    {reason}")
    say(f"{counted(report.checked, 'account')} checked, {len(report.suspicions)} suspicious.")
    if asked and report.suspicions:
        say(NEXT)
    elif report.suspicions:
        say("To ask about them: `stewardpath members check-accounts --ask`.")
