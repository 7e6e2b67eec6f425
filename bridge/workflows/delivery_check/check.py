"""Compares everything that was delivered with what Moodle has, and queues what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.delivery_check import AccountState, Finding, Held, Profile, check, held_kinds
from bridge.errors import MoodleMisconfigured
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners.member_states import ACCOUNT_BATCH_SIZE, ReadAccounts
from bridge.store.accounts.lost_accounts import replace_accounts
from bridge.store.database import Database
from bridge.store.delivery import differences, profiles, promises
from bridge.store.delivery.differences import NewDifference
from bridge.store.delivery.promises import CheckedMember, DoneDelivery
from bridge.workflows.delivery_check.replaced_objects import queue_of_curriculum
from bridge.workflows.delivery_check.site_objects import OBJECTS, SiteObjects

T = TypeVar("T")
WRITE_BATCH_SIZE = 500
GRANTS = {"cohort-leave": "cohort", "badge-revoke": "badge"}
"""What gives back what a revocation took: then the revocation is no promise any more."""


@dataclass(slots=True)
class Report:
    """What a check found, counted by kind of delivery.

    `checked`: promises compared; `hidden`: not visible on this site, or the object isn't there;
    `queued`: to be carried out again; `replaced`: those because Moodle has another object now;
    `differs`: to be decided by a person, old and new; `held`: too many at the same time, so nothing
    was done about them. `accounts`: deleted ones that are looked for again. `corrections`: names,
    emails and languages to write.
    """

    checked: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    queued: Counter[str] = field(default_factory=Counter)
    differs: Counter[str] = field(default_factory=Counter)
    held: Mapping[str, Held] = field(default_factory=dict)
    replaced: int = 0
    accounts: int = 0
    corrections: int = 0


@dataclass(slots=True)
class _Found:
    """What is not as it should be. It is acted on after everything was compared."""

    lost_accounts: dict[int, int | None] = field(default_factory=dict)
    broken: list[tuple[Finding, DoneDelivery]] = field(default_factory=list)

    def unproven(self) -> Iterator[str]:
        """The kinds of what is newly broken, without evidence that it really is."""
        yield from ("account" for _ in self.lost_accounts)
        for finding, delivery in self.broken:
            if not delivery.is_listed and not finding.promise.is_replaced:
                yield finding.promise.kind


def check_deliveries(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    *,
    max_share: float,
    clock: Callable[[], datetime],
    change: bool = True,
) -> Report:
    """Compare all deliveries that are done. With `change`, act on what is found.

    With the plugin (1.4.0): one call for each 500 members, and two more, with one more for each
    further curriculum. Nothing is queued or listed of a kind of which more than `max_share` is
    missing at the same time. Stopped anywhere and run again, it does the same. Raises MoodleError:
    then nothing that was missing has been queued.
    """
    curricula, report = tuple(curricula), Report()
    objects, started = SiteObjects(moodle, curricula), clock()
    if change:
        report.replaced = sum(
            queue_of_curriculum(database, objects, each, started) for each in curricula
        )
    if change:
        report.corrections += _queue_languages(database, objects, started)
    found = _compare(database, objects, report, started, change)
    report.held = held_kinds(report.checked, found.unproven(), max_share)
    _count(report, found)
    if change:
        _act(database, report, found, started)
    return report


def _queue_languages(database: Database, objects: SiteObjects, started: datetime) -> int:
    """Queue the accounts that lack a language for which Moodle has a pack by now."""
    with database.reading() as session:
        missing = profiles.missing_languages(session)
    installed = [language for language in missing if objects.has_language_pack(language)]
    if not installed:
        return 0
    with database.transaction() as session:
        return profiles.enqueue_languages(session, installed, started)


def _compare(
    database: Database, objects: SiteObjects, report: Report, started: datetime, change: bool
) -> _Found:
    read = objects.account_reader()
    found, shown = _Found(), 0
    for members, done in _pages(database):
        states = _read(read, members)
        shown += len(states)
        fine = _sort(objects, members, done, states, report, found)
        if change:
            with database.transaction() as session:
                _record_fine(session, members, states, fine, report, started)
    if report.checked["account"] > 1 and not shown:
        raise MoodleMisconfigured(
            f"Moodle shows none of the {report.checked['account']} linked accounts.",
            todo="Check that `moodle.url` is the right site, and give the token's user the rights "
            "that docs/moodle.md lists.",
        )
    return found


def _pages(database: Database) -> Iterator[tuple[list[CheckedMember], list[DoneDelivery]]]:
    after = 0
    while True:
        with database.reading() as session:
            members = promises.checked_members(session, ACCOUNT_BATCH_SIZE, after)
            done = promises.done_deliveries(session, [member.id for member in members])
        if not members:
            return
        yield members, done
        after = members[-1].id


def _read(read: ReadAccounts, members: Sequence[CheckedMember]) -> Mapping[int, AccountState]:
    accounts = [member.moodle_user_id for member in members if member.moodle_user_id]
    return read(accounts) if accounts else {}


def _sort(
    objects: SiteObjects,
    members: Sequence[CheckedMember],
    done: Sequence[DoneDelivery],
    states: Mapping[int, AccountState],
    report: Report,
    found: _Found,
) -> list[Finding]:
    """Add what is broken to `found`; return what is fine."""
    accounts = {member.id: member.moodle_user_id for member in members}
    report.checked["account"] += len(accounts)
    found.lost_accounts |= {m: user for m, user in accounts.items() if user not in states}
    fine = []
    checked = [(d, user) for d in done if (user := accounts[d.member_id]) in states and user]
    pairs = [(delivery, objects.promise(delivery, user)) for delivery, user in checked]
    granted = {(p.member_id, p.kind, p.object_id) for _, p in pairs}
    for delivery, promise in pairs:
        if (promise.member_id, GRANTS.get(promise.kind), promise.object_id) in granted:
            continue
        finding = check(promise, states[promise.account_id])
        if promise.kind != "account":
            report.checked[promise.kind] += 1
        match finding.verdict:
            case "fine":
                fine.append(finding)
            case "unknown":
                report.hidden[promise.kind] += 1
            case "again" if delivery.is_listed:
                pass  # what a person took away from the former course stays away
            case _:
                found.broken.append((finding, delivery))
    return fine


def _record_fine(
    session: Session,
    members: Sequence[CheckedMember],
    states: Mapping[int, AccountState],
    fine: Sequence[Finding],
    report: Report,
    started: datetime,
) -> None:
    """Record what is as it should be, and queue what was corrected here."""
    promised = [finding.promise for finding in fine]
    promises.record_seen(
        session,
        {
            each.delivery_id: (each.object_id, each.account_id)
            for each in promised
            if each.done_account_id is None
            or (OBJECTS[each.kind] is not None and each.done_object_id is None)
        },
    )
    differences.record(session, [], [each.delivery_id for each in promised], started)
    theirs = {
        member.id: Profile(state.first_name, state.last_name, state.email)
        for member in members
        if (state := states.get(member.moodle_user_id or 0))
    }
    profiles.initialize(session, theirs)
    report.corrections += profiles.enqueue_corrections(session, theirs.keys(), started)


def _count(report: Report, found: _Found) -> None:
    if "account" not in report.held:
        report.accounts = len(found.lost_accounts)
    for finding, _ in found.broken:
        if finding.promise.kind not in report.held:
            counts = report.queued if finding.verdict == "again" else report.differs
            counts[finding.promise.kind] += 1


def _act(database: Database, report: Report, found: _Found, started: datetime) -> None:
    """Queue and list what was found, but not what is held: a few hundred in each transaction."""
    lost = list(found.lost_accounts.items()) if "account" not in report.held else []
    for part in _batches(lost):
        with database.transaction() as session:
            replace_accounts(session, dict(part), started)
    acted = [each for each in found.broken if each[0].promise.kind not in report.held]
    for some in _batches(acted):
        with database.transaction() as session:
            again = [f.promise.delivery_id for f, _ in some if f.verdict == "again"]
            promises.queue_again(session, again, started)
            differences.record(session, _new_differences(some), again, started)
    with database.transaction() as session:
        differences.remove_orphans(session)


def _new_differences(some: Sequence[tuple[Finding, DoneDelivery]]) -> list[NewDifference]:
    return [
        NewDifference(delivery.member_id, delivery.id, delivery.kind, delivery.target, finding.what)
        for finding, delivery in some
        if finding.what
    ]


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), WRITE_BATCH_SIZE):
        yield rows[start : start + WRITE_BATCH_SIZE]
