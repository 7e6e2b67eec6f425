"""What all features together give: one register for each kind of thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import InstrumentedAttribute

from bridge.access.file_purposes import FilePurpose
from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.deadlines.local_time import find_zone
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.deadlines.tables import Deadline
from bridge.foundations.feature import (
    CommitteeToDo,
    Context,
    Feature,
    LinkPurpose,
    OwnPeople,
    RolesFor,
    ToDo,
)
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.owners import Owner
from bridge.mail.kinds import CORE_EMAILS, Emails
from bridge.mail.mailings import CORE_MAILINGS, Mailing
from bridge.store.personal_tables import STORE_TABLES, PersonalTable
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.persons import MailingSubscription, PersonalLink


def all_emails(features: Sequence[Feature]) -> Emails:
    """The core's emails and those of the features, by kind.

    Raises ValueError for two of a kind, for one that can't be stored, and for one with a mailing
    that no feature declares.
    """
    declared = [CORE_EMAILS, *(each.emails for each in features)]
    kinds = [str(kind) for emails in declared for kind in emails]
    check_names("emails", kinds, OutboxEmail.kind)
    found = {kind: email for emails in declared for kind, email in emails.items()}
    _check_mailings(found, all_mailings(features))
    return found


def all_mailings(features: Sequence[Feature]) -> Mapping[str, Mailing]:
    """What people can unsubscribe from, by key. Raises ValueError as `check_names`."""
    mailings = (*CORE_MAILINGS, *(mailing for each in features for mailing in each.mailings))
    check_names("mailings", [each.key for each in mailings], MailingSubscription.mailing)
    return {each.key: each for each in mailings}


def _check_mailings(emails: Emails, mailings: Mapping[str, Mailing]) -> None:
    for kind, email in emails.items():
        if email.mailing is not None and mailings.get(email.mailing.key) != email.mailing:
            raise ValueError(
                f"the email `{kind}` has the mailing `{email.mailing.key}`, which isn't "
                "declared: add it to `mailings` of its Feature"
            )


def personal_tables(features: Sequence[Feature]) -> tuple[PersonalTable, ...]:
    """Every table with personal data: those of the store, then those of the features."""
    return (*STORE_TABLES, *(table for each in features for table in each.personal_tables))


def deadline_kinds(
    features: Sequence[Feature], config: Config, curricula: Sequence[Curriculum]
) -> tuple[DeadlineKind, ...]:
    """Every kind of deadline and reminder. Raises ValueError as `check_names`."""
    kinds = tuple(kind for each in features for kind in each.deadlines(config, curricula))
    check_names("deadlines", [kind.name for kind in kinds], Deadline.kind)
    return kinds


def to_dos(features: Sequence[Feature], context: Context, owner: Owner) -> list[ToDo]:
    """What a member or person should do now: first what has a last day, the earliest first."""
    found = [to_do for each in features for to_do in each.to_dos(context, owner)]
    return sorted(found, key=lambda to_do: to_do.due or date.max)


def committee_to_dos(
    features: Sequence[Feature], context: Context, visitor: Visitor
) -> list[CommitteeToDo]:
    """What there is to do for the visitor: first what has a last day, the earliest first."""
    found = [to_do for each in features for to_do in each.committee_to_dos(context, visitor)]
    theirs = (to_do for to_do in found if _is_for(to_do, visitor))
    return sorted(theirs, key=lambda to_do: to_do.due or date.max)


def _is_for(to_do: CommitteeToDo, visitor: Visitor) -> bool:
    regions = visitor.regions(to_do.right)
    if regions is None or to_do.region in regions:
        return True
    return to_do.own and visitor.may(to_do.right)


def calendar(features: Sequence[Feature], context: Context, owner: Owner) -> list[CalendarEntry]:
    """The entries of a member or person that end today or later, in the order they begin."""
    zone = find_zone(context.config.timezone)
    found = [entry for each in features for entry in each.calendar(context, owner)]
    coming = (entry for entry in found if entry.last_day(zone) >= context.today)
    return sorted(coming, key=lambda entry: entry.begins(zone))


def persons_linked(
    features: Sequence[Feature], context: Context, person_ids: Collection[int], actor: str
) -> None:
    """Let all features know, in the transaction that links persons to members or merges them."""
    for each in features:
        each.persons_linked(context, person_ids, actor)


def all_subjects(features: Sequence[Feature]) -> Mapping[str, RolesFor]:
    """Who has which role for an object, by its kind. Raises ValueError for two of a kind."""
    check_unique("subjects", (kind for each in features for kind in each.subjects))
    return {kind: roles for each in features for kind, roles in each.subjects.items()}


def all_own_people(features: Sequence[Feature]) -> Mapping[str, OwnPeople]:
    """Whom an object is about, by its kind. Raises ValueError for two of a kind."""
    check_unique("own people", (kind for each in features for kind in each.own_people))
    return {kind: people for each in features for kind, people in each.own_people.items()}


def all_file_purposes(features: Sequence[Feature]) -> Mapping[str, FilePurpose]:
    """What files are uploaded for, by key. Raises ValueError as `check_names`."""
    purposes = [purpose for each in features for purpose in each.file_purposes]
    check_names("file purposes", [each.key for each in purposes], StoredFile.purpose)
    return {each.key: each for each in purposes}


def all_link_purposes(features: Sequence[Feature]) -> Mapping[str, LinkPurpose]:
    """What personal links are for, by key. Raises ValueError as `check_names`."""
    purposes = [purpose for each in features for purpose in each.link_purposes]
    check_names("link purposes", [each.key for each in purposes], PersonalLink.purpose)
    return {each.key: each for each in purposes}


def check_names(what: str, names: Sequence[str], column: InstrumentedAttribute[str]) -> None:
    """Raises ValueError for two with the same name, and for one that doesn't fit into `column`."""
    check_unique(what, names)
    length = column.type.length if isinstance(column.type, String) else None
    for name in names:
        if not name or (length and len(name) > length):
            raise ValueError(f"{what} can't be called `{name}`: use 1 to {length} characters")


def check_unique(what: str, names: Iterable[str]) -> None:
    """Raises ValueError if two features, or a feature and the core, use the same name."""
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"two features have {what} called {', '.join(twice)}")
