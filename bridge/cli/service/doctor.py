"""`doctor`: check the installation and say what to change."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from bridge.cli.common import (
    configured,
    counted,
    curricula,
    database,
    echo,
    example,
    failed,
    format_option,
    moodle,
    show_json,
)
from bridge.config import Config
from bridge.errors import CurriculumError, StewardpathError

if TYPE_CHECKING:
    from bridge.moodle.schemas.companion import SiteState
    from bridge.store.database import Database

State = Literal["ok", "warning", "error"]
SIGNS: dict[State, str] = {"ok": "✓", "warning": "!", "error": "✗"}
COLOURS: dict[State, str] = {"ok": "green", "warning": "yellow", "error": "red"}
MIN_INPUT_VARS = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, its state, and what to do ('' if nothing)."""

    what: str
    state: State
    says: str
    todo: str = ""


@click.command(epilog=example("stewardpath doctor", "stewardpath doctor --format json"))
@format_option
@configured
def doctor(config: Config, form: str) -> None:
    """Check configuration, curricula, database, Moodle and email, and say what to change.

    It also shows whether the companion plugin is in use, or only Moodle's core services, and why.
    Exit code 1 if there are errors.
    """
    findings = [finding for check in CHECKS for finding in _run_check(check, config)]
    if form == "json":
        show_json({"findings": [asdict(finding) for finding in findings]})
    else:
        _print(findings)
    if any(finding.state == "error" for finding in findings):
        failed()


def _print(findings: Sequence[Finding]) -> None:
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        sign = click.style(SIGNS[finding.state], fg=COLOURS[finding.state])
        echo(f"{sign} {finding.what:<{width}}  {finding.says}")
        if finding.todo:
            echo(f"  {'':<{width}}  → {finding.todo}")
    counts = {state: sum(finding.state == state for finding in findings) for state in SIGNS}
    errors, warnings = counted(counts["error"], "error"), counted(counts["warning"], "warning")
    echo(f"\n{errors}, {warnings}.")


def _run_check(check: Callable[[Config], Iterator[Finding]], config: Config) -> Iterator[Finding]:
    try:
        yield from check(config)
    except StewardpathError as error:
        where = f"{error.where}: " if error.where else ""
        yield Finding(check.__name__.strip("_"), "error", where + error.what, error.todo)


def _curricula(config: Config) -> Iterator[Finding]:
    found = curricula(config)
    milestones = sum(len(curriculum.milestones) for curriculum in found)
    yield Finding("curricula", "ok", f"{len(found)} with {counted(milestones, 'milestone')}.")


def _files(config: Config) -> Iterator[Finding]:
    """The folder of uploaded files."""
    from bridge.foundations.files.folder_checks import check_folder
    from bridge.resources import PACKAGE

    folder = config.path(config.files.folder)
    served = [PACKAGE, *_configured_folders(config)]
    problems = list(check_folder(folder, served))
    for each in problems:
        yield Finding("files", "error" if each.is_error else "warning", each.what, each.todo)
    if not problems:
        state = "is writable" if folder.is_dir() else "is created with the first upload"
        yield Finding("files", "ok", f"{folder} {state}; nothing is served from there.")


def _configured_folders(config: Config) -> Iterator[Path]:
    """Folders whose pictures and texts end up on pages."""
    yield from (config.path(each) for each in (config.curricula, config.templates) if each)


def _database(config: Config) -> Iterator[Finding]:
    with database(config) as store:
        yield Finding("database", "ok", f"{store} is reachable and up to date.")
        yield from _account_check(store)
        yield from _member_numbers(store, config.site.trust_numbers)


def _account_check(store: Database) -> Iterator[Finding]:
    """When the linked accounts were last checked, and how many questions are open."""
    from bridge.store.accounts.questions import count_open
    from bridge.store.operations.runs import last_run
    from bridge.workflows.account_check import RUN_KIND

    with store.reading() as session:
        waiting = count_open(session)
        latest, successful = last_run(session, RUN_KIND), last_run(session, RUN_KIND, ok_only=True)
    ran = f"last run {successful.started_at:%Y-%m-%d %H:%M} UTC" if successful else "not run yet"
    failing = latest is not None and latest.ok is False
    yield Finding(
        "account check",
        "warning" if waiting or failing else "ok",
        f"{ran}{', the latest attempt failed' if failing else ''}; "
        f"{counted(waiting, 'account question')} open.",
        "Answer on the page Account questions, or with `stewardpath members answer`."
        if waiting
        else "Run `stewardpath members check-accounts --ask` to see why."
        if failing
        else "",
    )


def _member_numbers(store: Database, trust_numbers: bool) -> Iterator[Finding]:
    """Member numbers from Moodle profiles that everyone can edit, or could before the lock."""
    from bridge.store.members.account_links import count_numbers_from_moodle
    from bridge.workflows.account_check import numbers_checked

    with store.reading() as session:
        if trust_numbers and numbers_checked(session):
            return
        unproven = count_numbers_from_moodle(session)
    if trust_numbers:
        yield Finding(
            "moodle.trust_numbers",
            "warning",
            "is set, but ID numbers are not trusted yet: they may have been entered before the "
            "field was locked, and no account check has run since.",
            "Run `stewardpath members check-accounts --ask` and answer the questions first.",
        )
    if unproven:
        yield Finding(
            "accounts",
            "warning",
            f"{counted(unproven, 'member number')} from a Moodle profile, where everyone can enter "
            "any number.",
            "Run `stewardpath members check-accounts --ask`, then answer the questions.",
        )


def _moodle(config: Config) -> Iterator[Finding]:
    from bridge.moodle.schemas.core import SiteInfo
    from bridge.moodle.site.connection import choose_site

    with moodle(config) as client:
        info = client.call("core_webservice_get_site_info", {}, SiteInfo)
        name = f"{client.url} (Moodle {info.release})"
        if config.moodle is None:
            name = "the sandbox on this machine (`moodle.url` is not set)"
        yield Finding("moodle", "ok", f"{name} answers.")
        site = choose_site(client, info)
        if site.way == "companion":
            yield from _companion(config, client)
        else:
            yield Finding(
                "moodle access",
                "warning",
                "only core services, because the token has no access to the companion plugin. You "
                "create quizzes and pages by hand, badges are not issued, and completions come "
                "from grade reports.",
                "Install the plugin (`stewardpath moodle plugin --output FILE.zip`) and run its "
                "cli/setup.php.",
            )
            if config.site.trust_numbers:
                yield _not_trusted(
                    "Without the companion plugin nothing shows whether the field is locked."
                )


def _companion(config: Config, client: object) -> Iterator[Finding]:
    from bridge.moodle.client.client import Moodle
    from bridge.moodle.site.companion_site import site_state

    assert isinstance(client, Moodle)  # noqa: S101
    state = site_state(client, curricula(config)[0].key)
    yield Finding("moodle access", "ok", f"through the companion plugin {state.release}.")
    for name, on in state.settings.model_dump().items():
        if not on:
            todo = "Run the plugin's cli/setup.php, or turn it on in Site administration."
            yield Finding(f"moodle {name}", "error", "is off in Moodle.", todo)
    yield from _accounts(config, state)
    yield from _language_packs(config, state)
    if state.maxinputvars < MIN_INPUT_VARS:
        yield Finding(
            "moodle max_input_vars",
            "warning",
            f"PHP accepts only {state.maxinputvars} form fields, so requests are split.",
            f"Set max_input_vars = {MIN_INPUT_VARS} in Moodle's php.ini.",
        )


def _language_packs(config: Config, state: SiteState) -> Iterator[Finding]:
    """Languages of the curricula that Moodle has no language pack for."""
    used = {language for curriculum in curricula(config) for language in curriculum.languages}
    for language in sorted(used - set(state.languages) - {""}):
        yield Finding(
            "moodle languages",
            "warning",
            f"there is no language pack for `{language}`: members who chose it see Moodle in "
            "English, and the courses in their first language.",
            "Install it in Site administration > General > Language > Language packs.",
        )


def _accounts(config: Config, state: SiteState) -> Iterator[Finding]:
    """What people can change in their own Moodle profile."""
    if state.numberlocked is None:
        yield Finding(
            "moodle accounts",
            "error",
            f"the plugin {state.release} does not report which emails are confirmed: no one who "
            "registers in Moodle becomes a member, and accounts found by email are not used.",
            "Update the plugin (`stewardpath moodle plugin --output FILE.zip`) and run its "
            "cli/setup.php.",
        )
    elif not state.numberlocked:
        yield Finding(
            "moodle ID numbers",
            "warning",
            "people can change the ID number in their own profile, so it proves nothing.",
            "Run the plugin's cli/setup.php: it locks that field.",
        )
    if config.site.trust_numbers and not state.numberlocked:
        yield _not_trusted("People can change them in their own profile.")
    if state.emailchangeconfirmation is False:
        yield Finding(
            "moodle emails",
            "warning",
            "Moodle doesn't confirm changed emails, so they prove nothing: no one who registers "
            "in Moodle becomes a member, and an account with a member's email is a question for "
            "a person.",
            "Run the plugin's cli/setup.php, or turn on emailchangeconfirmation in Moodle.",
        )


def _not_trusted(why: str) -> Finding:
    return Finding(
        "moodle.trust_numbers",
        "error",
        f"is set, but ID numbers are not trusted. {why}",
        "Run the plugin's cli/setup.php, which locks that field, or remove the setting.",
    )


def _templates(config: Config) -> Iterator[Finding]:
    """Every email in every language."""
    from bridge.features import FEATURES
    from bridge.features.registers import all_emails
    from bridge.mail.template_check import broken_templates, templates_with_old_names

    try:
        found = curricula(config)
    except CurriculumError:  # reported by _curricula; examples need a curriculum
        return
    count, broken = broken_templates(config, found, all_emails(FEATURES))
    for error in broken:
        yield Finding("template", "error", f"{error.where}: {error.what}", error.todo)
    if not broken:
        yield Finding("templates", "ok", f"all {count} emails can be rendered.")
    for old, new in (*templates_with_old_names(config), *_old_page_templates(config)):
        says = f"{old} has its old name, which will stop working in the next release."
        yield Finding("template", "warning", says, f"Rename it to {new}.")


def _old_page_templates(config: Config) -> Iterator[tuple[Path, Path]]:
    """The union's own page templates with old names, each with its new path."""
    from bridge.web.layout.custom_templates import NEW_NAMES

    own = config.path(config.templates) if config.templates else None
    for old, new in NEW_NAMES.items():
        if own and (own / old).is_file():
            yield own / old, own / new


def _mail(config: Config) -> Iterator[Finding]:
    mail = config.mail
    if not mail.host:
        folder = config.path(mail.folder)
        says = f"`mail.host` is not set: emails are written to {folder} and not sent."
        yield Finding("mail", "warning", says, "Set `mail.host` to send emails to members.")
        return
    try:
        socket.create_connection((mail.host, mail.port), timeout=5).close()
    except OSError as error:
        says = f"{mail.host}:{mail.port} does not answer ({error.strerror or error})."
        yield Finding("mail", "error", says, "Check `mail.host` and `mail.port`.")
    else:
        yield Finding("mail", "ok", f"{mail.host}:{mail.port} answers.")


def _regions(config: Config) -> Iterator[Finding]:
    if not config.regions:
        says = "none: no one is notified when a member signs up."
        yield Finding("regions", "warning", says, "Set `regions` with a chair for each.")
    for key, region in config.regions.items():
        state: State = "ok" if region.chair else "warning"
        says = "has a chair." if region.chair else "has no chair to notify of new members."
        todo = "" if region.chair else f"Set `regions.{key}.chair`."
        yield Finding(f"region {key}", state, says, todo)


def _webhook(config: Config) -> Iterator[Finding]:
    if config.webhook_secret is None:
        says = "off: the membership system can't send members."
        todo = "To turn it on, set STEWARDPATH_WEBHOOK_SECRET."
        yield Finding("webhook", "warning", says, todo)
    else:
        yield Finding("webhook", "ok", "on.")


CHECKS = (_curricula, _database, _files, _moodle, _templates, _mail, _regions, _webhook)
