"""`demo`: sign-up, learning and awards on this machine, in a separate folder."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.common import config_option, counted, echo, example, library, moodle, now
from bridge.cli.service.serve import handle_stop_signals, start_jobs, start_service
from bridge.config import (
    Config,
    Contact,
    DatabaseSettings,
    FileSettings,
    MailSettings,
    Region,
    UnionSettings,
    load,
)
from bridge.jobs import tasks
from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.workflows.signup import sign_up

if TYPE_CHECKING:
    from bridge.curriculum.model import Curriculum
    from bridge.moodle.client.client import Moodle
    from bridge.store.database import Database

FOLDER = Path("var/demo")
MEMBERS = (
    MemberRecord("1001", "robin@example.org", "Robin", "Example", region="north"),
    MemberRecord("1002", "sasha@example.org", "Sasha", "Example", region="north"),
    MemberRecord(
        "1003", "toni@example.org", "Toni", "Example", region="south", status="member",
        unit="Transit 12", roles=(HeldRole("steward"), HeldRole("trustee", "south")),
    ),
)  # fmt: skip


@click.command(epilog=example("stewardpath demo", "stewardpath demo --once"))
@click.option("--once", is_flag=True, help="Exit after the demonstration instead of serving.")
@config_option
def demo(once: bool, config_file: Path | None) -> None:
    """Try everything on this machine, with a sandbox instead of Moodle.

    The demo applies the curricula, signs up three members, lets one of them pass the first
    milestone's quizzes, awards the milestone, schedules live sessions in the past and coming
    months, and then serves the pages until you press Ctrl-C.
    All data is in var/demo and replaced each time. No email leaves the machine.
    """
    config = _config(config_file)
    shutil.rmtree(config.home, ignore_errors=True)
    with ExitStack() as stack:
        wait_for_signal = stack.enter_context(handle_stop_signals())
        running = stack.enter_context(start_service(config))
        logging.getLogger("bridge").setLevel(logging.WARNING)
        client = stack.enter_context(moodle(config))
        _run_demo(config, running.database, client, library(config))
        if not once:
            echo("\nOpen in a browser:")
            for name, address in running.addresses.items():
                echo(f"  {name}: {address}")
            stack.enter_context(start_jobs(config, running))
            echo(
                "\nSign in as robin@example.org (a member), toni@example.org (a steward),"
                "\nchair.north@example.org or committee@example.org."
            )
            echo("Their emails, with the sign-in links, are on the page /demo/mail.")
            echo("\nThe service is running. Sign in to the sandbox as a member and continue.")
            echo("Press Ctrl-C to stop.")
            wait_for_signal()


def _config(file: Path | None) -> Config:
    """The given configuration, with the demo's Moodle, database, email folder and people."""
    chosen = load(file, {}, Path.cwd())
    home = (chosen.home / FOLDER).resolve()
    folder = chosen.path(chosen.curricula).resolve() if chosen.curricula else None
    return chosen.model_copy(
        update={
            "home": home,
            "curricula": folder,
            "moodle": None,
            "database": DatabaseSettings(),
            "files": FileSettings(),
            "union": UnionSettings(name="Example Union"),
            "regions": demo_regions(),
            "mail": MailSettings(),
            "committee": ("committee@example.org",),
            "auditors": ("auditor@example.org",),
            "reviewers": ("reviewer@example.org",),
            "approvers": ("benefits@example.org",),
            "payroll": ("payroll@example.org",),
            "grievance": ("grievance@example.org",),
        }
    )


def demo_regions() -> dict[str, Region]:
    """The regions of the demo's union."""
    return {key: _region(key) for key in ("north", "south")}


def _region(key: str) -> Region:
    chair = Contact(name=f"Training Chair {key.title()}", email=f"chair.{key}@example.org")
    director = Contact(name=f"Training Director {key.title()}", email=f"{key}@example.org")
    return Region(name=key.title(), chair=chair, director=director)


def _run_demo(
    config: Config, store: Database, client: Moodle, curricula: Sequence[Curriculum]
) -> None:
    from bridge.moodle.site.connection import connect
    from bridge.workflows.site_sync import apply, update_caches

    echo("1. The curricula become courses")
    site = connect(client)
    for curriculum in curricula:
        applied = apply(site, curriculum, max_share=config.sync.max_share)
        update_caches(store, site, curriculum)
        echo(f"   {curriculum.title.pick()}: {counted(applied.made, 'change')} made.")
    echo("2. Three members sign up")
    with store.transaction() as session:
        sign_up(session, curricula, MEMBERS, regions=config.regions, actor="demo", now=now())
    echo(f"   Delivered: {_delivered(config, store, client, curricula)}")
    echo(f"3. {MEMBERS[0].first_name} passes the quizzes of the first milestone, the others fail")
    for line in _take_quizzes(config, store, curricula[0]):
        echo(f"   {line}")
    echo("4. Stewardpath reads the results and awards the milestone")
    pulled = tasks.run_pull(store, client, config, curricula, now)
    changes, awards = counted(pulled.changes, "change"), counted(pulled.awards, "milestone")
    echo(f"   {changes} read, {awards} awarded.")
    tasks.run_quizzes(store, client, curricula, now, everything=True)
    echo(f"   Delivered: {_delivered(config, store, client, curricula)}")
    echo("5. A member and a guest send a form, another member has a draft")
    echo(f"   {counted(_fill_in_forms(store, curricula), 'form')} filled in.")
    echo("6. Stewards sign up, and live sessions take place, are planned and are postponed")
    echo(f"   {counted(_schedule_sessions(config, store, curricula), 'session')} scheduled.")
    echo("7. Employers and the board answer a consultation about the first milestone")
    echo(f"   {counted(_consult(config, store, curricula), 'person', 'people')} invited.")
    echo("8. The result\n")
    _print_member(config, store, curricula)
    echo(f"\nEmails, written to files instead of sent: {config.path(config.mail.folder)}")


def _fill_in_forms(store: Database, curricula: Sequence[Curriculum]) -> int:
    from bridge.cli.demo.forms import fill_in_forms
    from bridge.store.members.queries import find

    with store.reading() as session:
        found = [find(session, each.number or "") for each in MEMBERS[:2]]
    ids = [each.id for each in found if each]
    return fill_in_forms(store, curricula, ids[0], ids[1], now())


def _schedule_sessions(config: Config, store: Database, curricula: Sequence[Curriculum]) -> int:
    from bridge.cli.demo.sessions import schedule_sessions

    return schedule_sessions(config, store, curricula, now())


def _consult(config: Config, store: Database, curricula: Sequence[Curriculum]) -> int:
    from bridge.cli.demo.consultation import hold_consultation

    return hold_consultation(config, store, curricula, now())


def _delivered(
    config: Config, store: Database, client: Moodle, curricula: Sequence[Curriculum]
) -> str:
    from bridge.store.delivery import delivery_queries

    def done() -> dict[str, int]:
        with store.reading() as session:
            counts = delivery_queries.count_deliveries(session)
        return {kind: n for (kind, state), n in counts.items() if state == "done"}

    before = done()
    tasks.run_deliver(store, client, config, curricula, now)
    made = {kind: n - before.get(kind, 0) for kind, n in done().items()}
    return ", ".join(f"{n} {kind}" for kind, n in made.items() if n)


def _take_quizzes(config: Config, store: Database, curriculum: Curriculum) -> list[str]:
    """One member answers everything; each other leaves more of the first quiz unanswered."""
    from bridge.curriculum.model import idnumber

    quizzes = list(curriculum.milestones[0].course.quizzes)
    attempts = [(MEMBERS[0], quiz, 0) for quiz in quizzes]
    attempts += [(member, quizzes[0], 2 * n) for n, member in enumerate(MEMBERS[1:], 1)]
    lines = []
    for member, quiz, unknown in attempts:
        grade = _take_quiz(config, store, idnumber(curriculum.key, quiz.key), member, unknown)
        lines.append(f"{member.first_name}, {quiz.title.pick()}: {grade:.0f} %")
    return lines


def _take_quiz(
    config: Config, store: Database, quiz: str, member: MemberRecord, unknown: int
) -> float:
    from bridge.moodle.sandbox.simulated_learner import take_quiz
    from bridge.store.members.queries import find

    with store.reading() as session:
        found = find(session, member.number or "")
    user = (found.moodle_user_id if found else None) or 0
    state = config.path(config.sandbox.state)
    return take_quiz(state, quiz, user, time.time, unknown=unknown)


def _print_member(config: Config, store: Database, curricula: Sequence[Curriculum]) -> None:
    from bridge.cli.members.member_view import member_as_data, print_member
    from bridge.store.members.queries import find

    with store.reading() as session:
        member = find(session, MEMBERS[0].number or "")
        if member:
            print_member(member_as_data(session, curricula, member, config, now().date()))
