"""`members number-questions` and `members answer-number`."""

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
    now,
    print_note,
    user,
)
from bridge.cli.members.question_list import WITHDRAW, list_questions
from bridge.config import Config
from bridge.membership.names import full_name

if TYPE_CHECKING:
    from bridge.store.members.number_questions import ListedNumberQuestion, NumberAnswer

ANSWER_HINT = (
    "To answer: `stewardpath members answer-number same|replace|different ID`, or the page Number "
    "questions. Then send or import the records again."
)


@click.command(
    "number-questions",
    epilog=example(
        "stewardpath members number-questions",
        "stewardpath members number-questions --answered --format json",
    ),
)
@click.option("--answered", is_flag=True, help="Include answered questions.")
@format_option
@configured
def number_questions(config: Config, answered: bool, form: str) -> None:
    """List open questions about member numbers.

    Each asks whether a record with another number is about a member. Until you answer, the record
    is refused.
    """
    from bridge.store.members import number_questions as store_questions

    reads = [
        store_questions.open_questions,
        *([store_questions.answered_questions] if answered else ()),
    ]
    list_questions(config, reads, form, _print_question, ANSWER_HINT)


@click.command(
    "answer-number",
    epilog=example(
        "stewardpath members answer-number same 12",
        "stewardpath members answer-number replace 13",
        "stewardpath members answer-number different 14 15",
    ),
)
@click.argument("answer", type=click.Choice(["same", "replace", "different", WITHDRAW]))
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, required=True, metavar="ID...")
@configured
def answer_number(config: Config, answer: str, ids: tuple[int, ...]) -> None:
    """Answer questions about member numbers.

    ID is a number from `members number-questions`; give as many as you like. `same`: the record is
    about the member, whose number stays; the other number means them too. `replace`: the same, and
    it is their new number. `different`: it is about another person, who gets a record.
    `withdraw` reopens an answered question. Exit code 1 if an answer is refused.
    """
    from bridge.store.members import number_answers

    changed, unchanged, refused = 0, 0, False
    with database(config) as store:
        for batch in batches(ids):
            with store.transaction() as session:
                if answer == WITHDRAW:
                    result = number_answers.withdraw(session, batch, user(), now())
                else:
                    chosen = cast("NumberAnswer", answer)
                    result = number_answers.answer(session, batch, chosen, user(), now())
            changed, unchanged = changed + len(result.changed), unchanged + len(result.unchanged)
            for question, why in result.refused.items():
                print_note(f"{question}: {why}")
                refused = True
    if changed:
        echo(f"{counted(changed, 'question')} {'withdrawn' if answer == WITHDRAW else 'answered'}.")
    if unchanged:
        echo(f"{counted(unchanged, 'question')} unchanged.")
    if refused:
        failed()


def _print_question(row: ListedNumberQuestion) -> None:
    details = full_name(row.first_name, row.last_name)
    record = f" ({details} <{row.email}>, from {row.source})" if row.email else ""
    name = full_name(row.member_first_name, row.member_last_name)
    echo(f"{row.id}: Is number {row.number}{record}")
    echo(f"    the same person as member {row.member_number}, {name} <{row.member_email}>?")
    echo(f"    {row.reason}")
    if row.answer:
        echo(f"    Answered “{row.answer}” by {row.answered_by}, {row.answered_at:%Y-%m-%d}.")
