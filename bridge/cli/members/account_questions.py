"""`members questions`, `members answer` and `members check-accounts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from bridge.cli.batches import batches
from bridge.cli.common import (
    configured,
    counted,
    database,
    echo,
    example,
    failed,
    format_option,
    library,
    moodle,
    now,
    print_note,
    show_json,
    user,
)
from bridge.cli.members.question_list import WITHDRAW, list_questions
from bridge.config import Config
from bridge.membership.names import full_name

if TYPE_CHECKING:
    from bridge.store.accounts.questions import Answer, ListedQuestion, Result
    from bridge.workflows.account_check import Report, Suspicion

ANSWER_HINT = (
    "To answer: `stewardpath members answer same|different ID`, or the page Account questions."
)


@click.command(
    epilog=example(
        "stewardpath members questions", "stewardpath members questions --answered --format json"
    )
)
@click.option("--answered", is_flag=True, help="Include answered questions.")
@format_option
@configured
def questions(config: Config, answered: bool, form: str) -> None:
    """List open questions about Moodle accounts.

    Each asks whether a Moodle account belongs to a member. Until you answer, it isn't linked.
    """
    from bridge.store.accounts import questions as account_questions

    reads = [
        account_questions.open_questions,
        *([account_questions.answered_questions] if answered else ()),
    ]
    list_questions(config, reads, form, _print_question, ANSWER_HINT)


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
    """Answer questions about Moodle accounts.

    ID is a number from `members questions`; give as many as you like. `same`: the account belongs
    to the member. `different`: it doesn't; a linked account is unlinked or, if the record has the
    account's email address, the record loses its member number. `withdraw` reopens an answered
    question. Exit code 1 if an answer is refused.
    """
    from bridge.store.accounts import questions as account_questions

    refused = False
    with database(config) as store:
        for batch in batches(ids):
            with store.transaction() as session:
                if answer == WITHDRAW:
                    result = account_questions.withdraw(session, batch, user(), now())
                else:
                    chosen = cast("Answer", answer)
                    result = account_questions.answer(session, batch, chosen, user(), now())
            _print_result(result, "withdrawn" if answer == WITHDRAW else "answered")
            refused = refused or bool(result.refused)
    if refused:
        failed()


@click.command(
    "check-accounts",
    epilog=example(
        "stewardpath members check-accounts", "stewardpath members check-accounts --ask"
    ),
)
@click.option("--ask", is_flag=True, help="Create a question for each suspicious match.")
@format_option
@configured
def check_accounts(config: Config, ask: bool, form: str) -> None:
    """Report suspicious links to Moodle accounts.

    Every linked account is compared with its member. Suspicious are: a member number that only
    comes from a Moodle profile, a different email address in Moodle, an unconfirmed account, an
    account that Moodle doesn't show. No link is changed. Exit code 1 if a link is suspicious or
    Moodle can't be reached.
    """
    from bridge.jobs.tasks import run_account_check

    with database(config) as store, moodle(config) as client:
        report = run_account_check(store, client, config, library(config), now, ask=ask)
    if form == "json":
        suspicious = [_suspicion_as_data(each) for each in report.suspicions]
        show_json({"checked": report.checked, "suspicious": suspicious})
    else:
        _print_report(report, ask)
    if report.suspicions:
        failed()


def _print_question(row: ListedQuestion) -> None:
    member = f"{full_name(row.first_name, row.last_name)} <{row.email}>"
    account = ", ".join(filter(None, (row.account_email, _number(row.account_number))))
    echo(f"{row.id}: Does Moodle account {row.moodle_user_id}{f' ({account})' if account else ''}")
    echo(f"    belong to member {row.number or row.member_id}, {member}?")
    echo(f"    {row.reason}")
    if row.answer:
        echo(f"    Answered “{row.answer}” by {row.answered_by}, {row.answered_at:%Y-%m-%d}.")
    if row.other_id:
        echo(f"    The account came from record {row.other_id}, which you can erase.")


def _number(number: str) -> str:
    return number and f"ID number {number}"


def _print_result(result: Result, done: str) -> None:
    if result.changed:
        echo(f"{counted(len(result.changed), 'question')} {done}.")
    if result.unchanged:
        echo(f"{counted(len(result.unchanged), 'question')} unchanged.")
    for question, other in result.moved.items():
        echo(f"{question}: the account came from record {other}, which you can erase.")
    for question, why in result.refused.items():
        print_note(f"{question}: {why}")


def _suspicion_as_data(each: Suspicion) -> dict[str, object]:
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


def _print_report(report: Report, questions_created: bool) -> None:
    for each in report.suspicions:
        member, user_ = each.member, each.user
        details = (user_.email, _number(user_.idnumber)) if user_ else ()
        account = ", ".join(filter(None, details))
        name = f"{full_name(member.first_name, member.last_name)} <{member.email}>"
        echo(f"Member {member.number or member.id}, {name}")
        echo(f"    Moodle account {member.moodle_user_id}{f' ({account})' if account else ''}")
        for reason in each.reasons:
            echo(f"    {reason}")
    echo(f"{counted(report.checked, 'account')} checked, {len(report.suspicions)} suspicious.")
    if questions_created and report.suspicions:
        echo(ANSWER_HINT)
    elif report.suspicions:
        echo("To create questions about them: `stewardpath members check-accounts --ask`.")
