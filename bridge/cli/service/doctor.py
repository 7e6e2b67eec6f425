"""`doctor`: check the installation and say what to change."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

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
    now,
    show_json,
)
from bridge.cli.service.findings import Finding, State
from bridge.cli.service.moodle_checks import check_calendar, check_moodle
from bridge.config import SECRETS, Config
from bridge.errors import CurriculumError, StewardpathError
from bridge.wsgi.secret_key import FILE

if TYPE_CHECKING:
    from bridge.store.database import Database

MIN_SECRET_LENGTH = 32
SIGNS: dict[State, str] = {"ok": "✓", "warning": "!", "error": "✗"}
COLOURS: dict[State, str] = {"ok": "green", "warning": "yellow", "error": "red"}


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
        yield Finding(
            check.__name__.removeprefix("check").strip("_"), "error", where + error.what, error.todo
        )


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
        yield from _times(store)
        yield from _account_check(store)
        yield from _member_numbers(store, config.site.trust_numbers)
        yield from _waiting_badges(store)


def _waiting_badges(store: Database) -> Iterator[Finding]:
    """Badges that only the companion plugin can issue or revoke."""
    from bridge.store.delivery.delivery_queries import count_waiting_for_companion

    with store.reading() as session:
        waiting = count_waiting_for_companion(session)
    if waiting:
        yield Finding(
            "badges",
            "warning",
            f"need the companion plugin: {waiting} to issue or revoke wait.",
            "Install the plugin and run `stewardpath apply`. Until then, you can award badges in "
            "Moodle by the milestone's cohort.",
        )


def _times(store: Database) -> Iterator[Finding]:
    """Times in the database that a wrong clock has written."""
    from bridge.foundations.deadlines.claims import TIME_LIMITS
    from bridge.store.operations import impossible_times

    with store.reading() as session:
        found = impossible_times.find(session, now(), TIME_LIMITS)
    if not found:
        yield Finding("clock", "ok", "no time in the database is impossible.")
        return
    columns = ", ".join(f"{column} ({count})" for column, count in found.items())
    yield Finding(
        "clock",
        "warning",
        f"times in the database are too far in the future: {columns}.",
        "Check this server's clock. If it is right, the service repairs them within an hour.",
    )


def _account_check(store: Database) -> Iterator[Finding]:
    """When the linked accounts were last checked, and how many questions are open."""
    from bridge.store.accounts.questions import count_open
    from bridge.store.members import number_questions
    from bridge.store.operations.runs import last_run
    from bridge.workflows.account_check import RUN_KIND

    with store.reading() as session:
        waiting, numbers = count_open(session), number_questions.count_open(session)
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
    if numbers:
        yield Finding(
            "member numbers",
            "warning",
            f"{counted(numbers, 'number question')} open: records are refused until you answer.",
            "Answer on the page Number questions, or with `stewardpath members answer-number`.",
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


def _secrets(config: Config) -> Iterator[Finding]:
    """Secrets that others could guess: the webhook's and the one that signs forms."""
    secrets = {
        "STEWARDPATH_WEBHOOK_SECRET": config.webhook_secret,
        "STEWARDPATH_SECRET_KEY": config.secret_key,
        "STEWARDPATH_METRICS_TOKEN": config.metrics_token,
    }
    todo = "Create one with `openssl rand -hex 32`."
    for name, secret in secrets.items():
        if secret and len(secret.get_secret_value()) < MIN_SECRET_LENGTH:
            says = f"is shorter than {MIN_SECRET_LENGTH} characters, so it could be guessed."
            yield Finding(name, "error", says, todo)
    if config.secret_key is None and config.service.url.startswith("https:"):
        says = f"is not set: a key is kept in {FILE}. Set it if several nodes serve the pages."
        yield Finding("STEWARDPATH_SECRET_KEY", "ok", says)


def _providers(config: Config) -> Iterator[Finding]:
    """Providers of meetings need a setting and a secret. They aren't called."""
    pairs = (
        ("bigbluebutton", config.sessions.bigbluebutton, config.bigbluebutton_secret),
        ("zoom", config.sessions.zoom, config.zoom_secret),
    )
    for name, settings, secret in pairs:
        if (settings is None) == (secret is None):
            continue
        missing = SECRETS[f"{name}_secret"] if secret is None else f"sessions.{name}"
        says = f"people can't join sessions: {missing} is not set."
        yield Finding(name, "error", says, f"Set {missing}, or remove the other.")


CHECKS = (
    _curricula,
    _database,
    _files,
    check_moodle,
    check_calendar,
    _templates,
    _mail,
    _regions,
    _webhook,
    _providers,
    _secrets,
)
