"""`members`: add, show, role, signoff, export and erase."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    counted,
    database,
    deprecated_alias,
    echo,
    example,
    format_option,
    library,
    now,
    print_note,
    show_json,
    user,
)
from bridge.cli.members.account_questions import answer, check_accounts, questions
from bridge.cli.members.changes.details import deactivate, edit, reactivate
from bridge.cli.members.changes.imports import imports, undo_import
from bridge.cli.members.changes.merging import merge
from bridge.cli.members.changes.notes import change_note, list_notes, note, remove_note
from bridge.cli.members.csv_import import import_
from bridge.cli.members.emails.following import continue_email, emails, retry_email, stop_email
from bridge.cli.members.emails.writing import email
from bridge.cli.members.finding import curriculum_requiring, find_member
from bridge.cli.members.number_questions import answer_number, number_questions
from bridge.cli.members.record import record
from bridge.cli.moments import DAY
from bridge.config import Config
from bridge.errors import MemberError
from bridge.membership.status import STATUSES

if TYPE_CHECKING:
    from bridge.membership.known_roles import KnownRoles
    from bridge.membership.roles import HeldRole


@click.group(epilog=example("stewardpath members import members.csv"))
def members() -> None:
    """Import, add, edit, show, email, sign off and erase members; check their Moodle accounts.

    NUMBER is the union's member number, or the email address of a member without a number.
    """


members.add_command(import_)
members.add_command(questions)
members.add_command(answer)
members.add_command(check_accounts)
members.add_command(number_questions)
members.add_command(answer_number)
members.add_command(record)
members.add_command(imports)
members.add_command(undo_import)
for each in (edit, merge, deactivate, reactivate, note, list_notes, change_note, remove_note):
    members.add_command(each)
for each in (email, emails, stop_email, continue_email, retry_email):
    members.add_command(each)


@members.command(
    epilog=example(
        "stewardpath members add --number 1042 --email kim@example.org \\",
        "  --first-name Kim --last-name Doe --region north",
    )
)
@click.option("--number", required=True, help="The union's member number.")
@click.option("--email", required=True, help="The member's email address.")
@click.option("--first-name", default="", help="As shown in Moodle.")
@click.option("--last-name", default="", help="As shown in Moodle. One name is enough.")
@click.option("--region", default="", help="Key of a region in the configuration.")
@click.option("--language", default="", help="Language of emails and messages: en or fr.")
@click.option("--role", default="", help="Such as steward, or steward;trustee/region=west.")
@click.option("--status", default="", help=f"One of {', '.join(STATUSES)}.")
@click.option("--unit", default="", help="The bargaining unit.")
@click.option("--classification", default="", help="The job classification.")
@click.option("--job-class", default="", help="The class or grade of the job.")
@click.option("--payroll-number", default="", help="The number in the payroll system.")
@click.option("--supervisor-name", default="", help="The supervisor at work.")
@click.option("--supervisor-email", default="", help="The supervisor's email address.")
@format_option
@configured
def add(config: Config, /, form: str, **values: str) -> None:
    """Sign up one member. The account, the enrolment and the welcome email follow.

    If the member exists already, their record is updated. `-` clears the region, the role and
    every option from --status on.
    """
    from bridge.curriculum.known_roles import known_roles
    from bridge.member_records import parse_record, record_warnings
    from bridge.workflows.signup import sign_up

    where = f"member {values['number']}"
    curricula = library(config)
    known = known_roles(curricula, config.role_labels)
    try:
        record = parse_record(values, config.regions, source="cli", known=known)
    except ValueError as reason:
        raise MemberError(str(reason), where=where) from None
    with database(config) as store, store.transaction() as session:
        signed = sign_up(
            session, curricula, [record], regions=config.regions, actor=user(), now=now()
        )
    for _, why in signed.refused:
        raise MemberError(why, where=where)
    for warning in record_warnings(record, known):
        print_note(f"Note: {warning}")
    if form == "json":
        changed = bool(signed.created or signed.changed)
        show_json({"id": signed.ids[0], "added": bool(signed.created), "changed": changed})
        return
    echo("Signed up." if signed.created else "Updated." if signed.changed else "No change.")


@members.command(epilog=example("stewardpath members show 1042"))
@click.argument("number")
@format_option
@configured
def show(config: Config, number: str, form: str) -> None:
    """Show a member's milestones and deliveries.

    For milestones in progress it lists the missing requirements. This is recorded in the audit log.
    """
    from bridge.cli.members.member_view import member_as_data, print_member
    from bridge.store.operations import audit_log

    with database(config) as store, find_member(store, number) as (session, member):
        audit_log.write(session, user(), "looked", member.id, {}, {}, now())
        data = member_as_data(session, library(config), member, config, now().date())
    if form == "json":
        show_json(data)
    else:
        print_member(data)


@members.command(
    epilog=example(
        "stewardpath members role 1042 steward --since 2026-09-01",
        "stewardpath members role 1042 trustee --region west --until 2029-06-30",
    )
)
@click.argument("number")
@click.argument("role")
@click.option("--since", type=DAY, help="First day in the role. Default: today.")
@click.option("--until", type=DAY, help="Last day in the role.")
@click.option("--region", default="", help="Only for this region.")
@click.option("--unit", default="", help="Only for this bargaining unit.")
@click.option("--program", default="", help="Only for this programme.")
@configured
def role(
    config: Config,
    number: str,
    role: str,
    since: datetime | None,
    until: datetime | None,
    region: str,
    unit: str,
    program: str,
) -> None:
    """Give a member a role, such as steward, besides those they hold.

    `none` ends all of them, also those that begin later.
    """
    from bridge.curriculum.known_roles import known_roles
    from bridge.store.members.roles import end_roles, give_role
    from bridge.workflows.awards import assess

    scope = {"region": region, "unit": unit, "program": program}
    curricula = library(config)
    known = known_roles(curricula, config.role_labels)
    given = _role({"role": role, **scope}, config, known, since or now(), until)
    with database(config) as store, find_member(store, number) as (session, member):
        if role == "none":
            changed = end_roles(session, member.id, user(), now())
        else:
            changed = give_role(session, member.id, given, user(), now())
        assess(session, curricula, [member.id], now())
    if role != "none" and (warning := known.warning(given.role)):
        print_note(f"Note: {warning}")
    echo("Recorded." if changed else "No change.")


def _role(
    values: dict[str, str],
    config: Config,
    known: KnownRoles,
    since: datetime,
    until: datetime | None,
) -> HeldRole:
    """The role with these values. Raises MemberError if it is not valid."""
    from bridge.membership.roles import make_role

    days = {"since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}" if until else ""}
    try:
        return make_role(values | days, config.regions, known)
    except ValueError as reason:
        raise MemberError(str(reason)) from None


@members.command(
    epilog=example(
        'stewardpath members signoff 1042 basic-steward-training --by "Lee" --note "May"'
    )
)
@click.argument("number")
@click.argument("requirement")
@click.option("--by", "by_name", required=True, help="Who signed it off.")
@click.option("--note", "remark", default="", help="A note, such as place and date.")
@click.option("--curriculum", default="", help="Needed if several curricula require it.")
@configured
def signoff(
    config: Config, number: str, requirement: str, by_name: str, remark: str, curriculum: str
) -> None:
    """Record a sign-off for a requirement.

    Sign-offs are for what happens outside Moodle, such as a course in class.
    """
    from bridge.store.learning.signoffs import record_signoff
    from bridge.workflows.awards import assess
    from bridge.workflows.corrections.decisions import settle

    path = curriculum_requiring(library(config), requirement, curriculum)
    with database(config) as store, find_member(store, number) as (session, member):
        new = record_signoff(session, member.id, path, requirement, by_name, remark, user(), now())
        awards = assess(session, library(config), [member.id], now())
        settle(session, library(config), [member.id], user(), now())
    echo("Recorded." if new else "No change: it was recorded before.")
    if awards:
        echo(f"{counted(awards, 'milestone')} awarded.")


@members.command(epilog=example("stewardpath members export 1042 > 1042.json"))
@click.argument("number")
@configured
def export(config: Config, number: str) -> None:
    """Print all data about a member, as JSON."""
    from bridge.privacy import export_member
    from bridge.store.operations import audit_log

    with database(config) as store, find_member(store, number) as (session, member):
        audit_log.write(session, user(), "exported", member.id, {}, {}, now())
        data = export_member(session, member.id)
    show_json(data)


@members.command(epilog=example("stewardpath members erase 1042 --yes"))
@click.argument("number")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option(
    "--confidential",
    is_flag=True,
    help="Erase also confidential forms and files, such as a grievance.",
)
@configured
def erase(config: Config, number: str, yes: bool, confidential: bool) -> None:
    """Erase all data about a member. This can't be undone.

    Awards stay in the statistics, without a name. The account in Moodle is not erased: its user
    ID is printed so that you can delete it there.
    """
    from bridge.access.rights import CONFIDENTIAL
    from bridge.jobs.file_cleanup import run_file_cleanup
    from bridge.privacy import erase_member

    if not yes:
        click.confirm(f"Erase all data about member {number}? This can't be undone.", abort=True)
    with database(config) as store:
        with find_member(store, number) as (session, member):
            account = member.moodle_user_id
            rights = CONFIDENTIAL if confidential else ()
            left = erase_member(session, member.id, user(), now(), rights=rights)
        run_file_cleanup(store, config, now())
        store.empty_log()
    echo("Erased.")
    if left:
        echo(
            f"Person {left} stays: they were linked to the member, but may be someone else. "
            f"If they aren't, erase them too: stewardpath persons erase {left}"
        )
    if account:
        echo(
            f"User {account} still exists in Moodle. Delete it there too if the member wants that."
        )


members.add_command(deprecated_alias("members forget", "members erase", erase))
