"""`members edit`, `members deactivate` and `members reactivate`."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from bridge.cli.common import configured, database, echo, example, format_option, show_json
from bridge.cli.members.changes.editor import editor, print_outcome
from bridge.cli.members.finding import find_member
from bridge.config import Config
from bridge.errors import MemberError
from bridge.membership.status import LEFT, MEMBER, STATUSES
from bridge.membership.values import CLEARED

if TYPE_CHECKING:
    from bridge.store.member_changes.details import MemberDetails

OTHER_STATUSES = [each for each in STATUSES if each != LEFT]
REASON = click.option("--reason", required=True, help="Why. Kept in the activity log.")


@click.command(
    epilog=example(
        "stewardpath members edit 1042 --email kim.doe@example.org --region west",
        "stewardpath members edit 1042 --number 2042 --keep-former-number",
    )
)
@click.argument("number")
@click.option("--number", "new_number", help="The new member number.")
@click.option("--email", help="The new email address. It ends the member's logins.")
@click.option("--first-name", help="As shown in Moodle.")
@click.option("--last-name", help="As shown in Moodle.")
@click.option("--region", help="Key of a region in the configuration.")
@click.option("--language", help="Language of emails and messages: en or fr.")
@click.option("--unit", help="The bargaining unit.")
@click.option("--classification", help="The job classification.")
@click.option("--job-class", help="The class or grade of the job.")
@click.option(
    "--keep-former-number",
    is_flag=True,
    help="Records with the former number are about this member too.",
)
@click.option(
    "--other-than",
    type=click.IntRange(1),
    multiple=True,
    help="ID of a member with the same number or email, who is another person. Repeatable.",
)
@click.option(
    "--confidential",
    is_flag=True,
    help="Change the email also of a member who has sent confidential forms.",
)
@format_option
@configured
def edit(
    config: Config,
    /,
    number: str,
    keep_former_number: bool,
    other_than: tuple[int, ...],
    confidential: bool,
    form: str,
    **values: str | None,
) -> None:
    """Correct a member's details. What you don't name stays; `-` clears it.

    A corrected name or email reaches Moodle too. If another member has the number or the email,
    nothing is saved, and the exit code is 1. The next import of the membership system replaces
    what it sends.
    """
    from bridge.access.rights import CONFIDENTIAL
    from bridge.privacy import require_same_reader
    from bridge.store.member_changes.details import details_of
    from bridge.workflows.member_changes.editing import Edit, edit_member

    who = editor(config, other_than)
    with database(config) as store, find_member(store, number) as (session, member):
        new = _checked(_changed(details_of(member), values), config)
        outcome = edit_member(session, member.id, Edit(new, "", keep_former_number), who)
        if outcome.has_new_address:
            require_same_reader(session, member.id, CONFIDENTIAL if confidential else ())
    print_outcome(outcome, form, "Updated.")


def _changed(before: MemberDetails, values: dict[str, str | None]) -> MemberDetails:
    given = {"number" if name == "new_number" else name: text for name, text in values.items()}
    said = {name: text.strip() for name, text in given.items() if text is not None}
    return replace(before, **{n: "" if text == CLEARED else text for n, text in said.items()})


def _checked(details: MemberDetails, config: Config) -> MemberDetails:
    """The details, with the region and the language as they are spelled. Raises MemberError."""
    from bridge.member_records import MemberRecord, validation_error
    from bridge.membership.numbers import parse_number
    from bridge.membership.values import parse_language, parse_region

    values = asdict(details)
    try:
        values["number"] = parse_number(details.number) if details.number else ""
        values["region"] = parse_region(details.region, config.regions)
        values["language"] = parse_language(details.language)
    except ValueError as reason:
        raise MemberError(str(reason)) from None
    if problem := validation_error(MemberRecord(**values)):
        raise MemberError(problem)
    if not (details.first_name or details.last_name):
        raise MemberError("the name is missing.")
    return replace(details, **values)


@click.command(
    epilog=example('stewardpath members deactivate 1042 --reason "Moved to another employer"')
)
@click.argument("number")
@REASON
@format_option
@configured
def deactivate(config: Config, number: str, reason: str, form: str) -> None:
    """Record that a member has left the union.

    They get no new courses, milestones or emails. Everything they have stays.
    """
    from bridge.workflows.member_changes import membership

    who = editor(config)
    with database(config) as store, find_member(store, number) as (session, member):
        found, changed = member.id, membership.deactivate(session, member.id, reason, who)
    _print_changed(found, "Deactivated.", form, changed=changed)


@click.command(epilog=example('stewardpath members reactivate 1042 --reason "Left by mistake"'))
@click.argument("number")
@click.option(
    "--status", type=click.Choice(OTHER_STATUSES), default=MEMBER, show_default=True,
    help="What they are now.",
)  # fmt: skip
@REASON
@format_option
@configured
def reactivate(config: Config, number: str, status: str, reason: str, form: str) -> None:
    """Record that a member who has left is back. What was waiting for them goes on."""
    from bridge.workflows.member_changes import membership

    who = editor(config)
    with database(config) as store, find_member(store, number) as (session, member):
        found = member.id
        changed = membership.reactivate(session, found, status, reason, who)
    _print_changed(found, "Reactivated.", form, changed=changed)


def _print_changed(member_id: int, done: str, form: str, *, changed: bool) -> None:
    if form == "json":
        show_json({"id": member_id, "changed": changed})
    else:
        echo(done if changed else "No change.")
