"""`members email`: write to the members of a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

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
from bridge.config import Config
from bridge.errors import MemberError
from bridge.membership.status import STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.curriculum.model import Curriculum
    from bridge.store.database import Database
    from bridge.workflows.member_emails.audience import Audience
    from bridge.workflows.member_emails.drafts import Content

IN_WORDS = {
    "gets": "get it",
    "no-address": "have no address",
    "unsubscribed": "have unsubscribed",
    "inactive": "are deactivated",
    "same-address": "share an address with someone else who gets it",
}
TEXT_FILE = click.File("r", encoding="utf-8-sig")


@click.command(
    epilog=example(
        'stewardpath members email --subject "New courses" --text news.md --region north --preview',
        'stewardpath members email --subject "New courses" --text news.md --yes',
    )
)
@click.option("--subject", default="", help="The subject in English.")
@click.option("--text", type=TEXT_FILE, help="File with the text in English (Markdown).")
@click.option("--subject-fr", default="", help="The subject in French.")
@click.option("--text-fr", type=TEXT_FILE, help="File with the text in French (Markdown).")
@click.option("--reply-to", default="", help="Where answers go. Default: `mail.reply_to`.")
@click.option(
    "--search", "words", default="", help="Only members with these words, as on the page."
)
@click.option("--region", default="", help="Only members of this region.")
@click.option("--status", default="", help=f"Only members who are: {', '.join(STATUSES)}.")
@click.option("--milestone", default="", help="Only who reached it: `curriculum:milestone`.")
@click.option("--preview", "only_preview", is_flag=True, help="Show who gets it. Send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking for confirmation.")
@format_option
@configured
def email(
    config: Config,
    /,
    subject: str,
    text: TextIO | None,
    subject_fr: str,
    text_fr: TextIO | None,
    reply_to: str,
    only_preview: bool,
    yes: bool,
    form: str,
    **filters: str,
) -> None:
    """Send an email to the members of a filter, each once, after showing how many get it.

    Members get their language; if only one is written, everyone gets that one. Each email has a
    link to unsubscribe. The service sends them.
    """
    if form == "json" and not (yes or only_preview):
        raise MemberError("nobody can confirm this.", todo="Add --yes or --preview.")
    content = _content({"en": (subject, text), "fr": (subject_fr, text_fr)}, reply_to)
    curricula = list(library(config))
    _check(config, curricula, content, filters)
    with database(config) as store:
        found = _preview(config, store, curricula, content, filters)
        if form == "text":
            _print(found)
        number = None
        if found.getting and not only_preview and (yes or click.confirm("Send?", abort=True)):
            number = _send(config, store, curricula, content, filters, found)
    if form == "json":
        show_json({
            "email": number, "counts": found.counts, "languages": found.by_language,
            "other_language": found.in_another_language, "left_out": _left_out(found),
        })  # fmt: skip
    elif number:
        echo(f"Being sent as email {number}: stewardpath members emails {number}")


def _content(written: dict[str, tuple[str, TextIO | None]], reply_to: str) -> Content:
    from bridge.workflows.member_emails.drafts import Content
    from bridge.workflows.member_emails.texts import Written

    return Content(
        {
            language: Written(subject.strip(), file.read() if file else "")
            for language, (subject, file) in written.items()
        },
        reply_to.strip(),
    )


def _check(
    config: Config, curricula: Sequence[Curriculum], content: Content, filters: dict[str, str]
) -> None:
    """Raises MemberError if it says too little, or a filter is unknown."""
    from bridge.workflows.member_emails.texts import problem_of

    if problem := problem_of(content.texts, content.reply_to):
        raise MemberError(problem)
    known = {
        "region": list(config.regions),
        "status": list(STATUSES),
        "milestone": [f"{c.key}:{m.key}" for c in curricula for m in c.milestones],
    }
    for name, values in known.items():
        if filters[name] and filters[name] not in values:
            raise MemberError(
                f"there is no {name} {filters[name]}.", todo=f"Known: {', '.join(values)}."
            )


def _preview(
    config: Config,
    store: Database,
    curricula: Sequence[Curriculum],
    content: Content,
    filters: dict[str, str],
) -> Audience:
    """Who would get it."""
    from bridge.workflows.member_emails.audience import audience_of, member_filter

    texts = {language: each for language, each in content.texts.items() if each}
    with store.reading() as session:
        return audience_of(session, member_filter(filters, curricula), texts, config.language)


def _send(
    config: Config,
    store: Database,
    curricula: Sequence[Curriculum],
    content: Content,
    filters: dict[str, str],
    found: Audience,
) -> int:
    """Fix the recipients, in one transaction. Raises MemberError if they changed meanwhile."""
    from bridge.store.delivery import member_emails
    from bridge.workflows.member_emails import drafts, sending
    from bridge.workflows.member_emails.audience import fingerprint

    actor, moment = user(), now()
    with store.transaction() as session:
        number = drafts.add(session, filters, content, actor, moment)
        row = member_emails.find(session, number)
        seen = fingerprint(row, found) if row else ""
        if sending.send(session, config, curricula, number, seen, actor, moment) != "sent":
            raise MemberError("the list has changed meanwhile.", todo="Run the command again.")
    return number


def _print(found: Audience) -> None:
    for outcome, number in found.counts.items():
        if number or outcome == "gets":
            echo(f"{counted(number, 'member')}: {IN_WORDS[outcome]}")
    for language, number in found.by_language.items():
        echo(f"  in {language}: {number:,}")
    if other := found.in_another_language:
        echo(f"  {other:,} read another language, which isn't written")


def _left_out(found: Audience) -> list[dict[str, str]]:
    return [
        {"number": each.number or "", "email": each.email, "why": each.outcome}
        for each in found.everyone
        if each.outcome != "gets"
    ]
