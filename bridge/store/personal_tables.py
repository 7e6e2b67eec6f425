"""Which tables hold personal data, and how each is exported and erased.

A feature declares its own tables in the same way, in its `tables.py`, and gives them in its
`Feature`; `bridge/features/registers.py` joins all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Table,
    delete,
    false,
    inspect,
    or_,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store import erasures
from bridge.store.auth import email_change
from bridge.store.delivery import email_keys
from bridge.store.persons import mailings
from bridge.store.persons.changes import MoveRows
from bridge.store.persons.own_details import OwnDetails, Row, own_audit_entry, own_letter
from bridge.store.saved_filters.filters import erase_owner
from bridge.store.subject import FORMER_MEMBER as FORMER_MEMBER
from bridge.store.subject import NO_MEMBER as NO_MEMBER
from bridge.store.subject import Subject as Subject
from bridge.store.tables.accounts import AccountQuestion, MoodleDifference, NumberQuestion
from bridge.store.tables.auth import ApiToken, Login, SigninLink, TeamRole
from bridge.store.tables.base import Base
from bridge.store.tables.batches import MemberBatch, MemberBatchLine
from bridge.store.tables.curricula import CurriculumVersion
from bridge.store.tables.delivery import Delivery, OutboxEmail
from bridge.store.tables.learning import (
    Award,
    Completion,
    Credit,
    Enrolment,
    RefreshRequest,
    Reminder,
)
from bridge.store.tables.member_emails import MemberEmail, MemberEmailRecipient
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.store.tables.members import (
    ContactRequest,
    Member,
    MemberNote,
    MemberRole,
    PendingSignup,
)
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import MailingSubscription, Person, PersonalLink
from bridge.store.tables.saved_filters import SavedFilter, SavedFilterRecipient
from bridge.store.tables.signoffs import AwardDecision
from bridge.store.tables.statistics import FirstAttempt

OwnerColumn = Literal["person_id", "member_id"]
Export = Callable[[Subject], ColumnElement[bool]]
"""SQL condition: the rows of the table that belong to the subject."""
Erase = Callable[[Session, Subject], None]
"""Deletes the subject's rows, or clears what they say about the subject."""


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """What one table holds about members and persons.

    `export`: None if no row belongs to anyone (it only names the people who did something).
    `move`: gives the rows of a person to another, when the two are merged.
    `exported_as`: the key of the table in an exported file, if it isn't the table's name;
    `renamed` has the same for columns. `hidden`: columns that are never exported. `shown`: what an
    export shows of a row that may have the name or address of someone else.
    """

    model: type[Base]
    export: Export | None
    erase: Erase
    exported_as: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    shown: Callable[[Row, OwnDetails], Row] | None = None
    move: MoveRows | None = None

    @property
    def table(self) -> Table:
        return Base.metadata.tables[self.model.__tablename__]

    @property
    def key(self) -> str:
        """The key of the table in an exported file."""
        return self.exported_as or self.table.name


def of_member(
    model: type[Base],
    *also: Erase,
    exported_as: str = "",
    hidden: frozenset[str] = frozenset(),
) -> PersonalTable:
    """A table whose rows belong to one member: exported, and deleted with the member.

    `also`: what else to erase, before the rows are deleted.
    """
    return PersonalTable(
        model,
        export=lambda subject: _column(model, "member_id") == subject.member_id,
        erase=_each(*also, _delete(model, lambda s: _column(model, "member_id") == s.member_id)),
        exported_as=exported_as,
        hidden=hidden,
    )


def of_person(
    model: type[Base],
    *also: Erase,
    hidden: frozenset[str] = frozenset(),
    move: MoveRows | None = None,
) -> PersonalTable:
    """A table whose rows belong to one person, who may be a member: exported, and deleted too.

    `move`: what merging does with the rows, if it isn't enough to change their `person_id`.
    """

    def rows(subject: Subject) -> ColumnElement[bool]:
        return _column(model, "person_id").in_(subject.person_ids)

    return PersonalTable(
        model,
        export=rows,
        erase=_each(*also, _delete(model, rows)),
        hidden=hidden,
        move=move or move_rows(model),
    )


def of_email(
    model: type[Base],
    *also: Erase,
    exported_as: str = "",
    hidden: frozenset[str] = frozenset(),
    or_rows: Export | None = None,
    shown: Callable[[Row, OwnDetails], Row] | None = None,
    move: MoveRows | None = None,
) -> PersonalTable:
    """A table whose rows belong to an email address. People who share one share these rows.

    `or_rows`: rows that belong to the member too, such as those of a new or former address.
    """

    def rows(subject: Subject) -> ColumnElement[bool]:
        same_email = _equals(_column(model, "email"), subject.email_key)
        return or_(same_email, or_rows(subject)) if or_rows else same_email

    erase = _each(*also, _delete(model, rows))
    return PersonalTable(
        model, export=rows, erase=erase, exported_as=exported_as, hidden=hidden, shown=shown,
        move=move,
    )  # fmt: skip


def names_in(column: InstrumentedAttribute[str]) -> Erase:
    """Replaces the member's name in a column that says who did something."""

    def erase(session: Session, subject: Subject) -> None:
        rows = update(column.class_).where(column.in_(subject.names))
        session.execute(rows.values({column: FORMER_MEMBER}))

    return erase


def move_rows(model: type[Base], owner: OwnerColumn = "person_id") -> MoveRows:
    """Changes the owner of rows to another one."""

    def move(session: Session, removed: int, kept: int) -> None:
        table = Base.metadata.tables[model.__tablename__]
        session.execute(update(table).where(table.c[owner] == removed).values({owner: kept}))

    return move


def _equals(column: ColumnElement[object], value: object) -> ColumnElement[bool]:
    """SQL condition: the column has this value. None is no value: nothing has it."""
    return column == value if value is not None else false()


def _each(*erasures: Erase) -> Erase:
    def erase(session: Session, subject: Subject) -> None:
        for each in erasures:
            each(session, subject)

    return erase


def _delete(model: type[Base], rows: Export) -> Erase:
    def erase(session: Session, subject: Subject) -> None:
        session.execute(delete(model).where(rows(subject)))

    return erase


def _column(model: type[Base], name: str) -> ColumnElement[object]:
    column: ColumnElement[object] = inspect(model).columns[name]
    return column


STORE_TABLES = (
    PersonalTable(
        Member,
        export=lambda subject: Member.id == subject.member_id,
        erase=_each(
            erasures.clear_supervisor,
            _delete(Member, lambda subject: Member.id == subject.member_id),
        ),
    ),
    of_member(Delivery),
    of_member(Award, erasures.count_awards, names_in(Award.withdrawn_by)),
    of_member(AwardDecision, names_in(AwardDecision.raised_by), names_in(AwardDecision.decided_by)),
    of_member(Credit, names_in(Credit.recorded_by), names_in(Credit.withdrawn_by)),
    of_member(Completion),
    of_member(FirstAttempt, exported_as="first_try"),
    of_member(Enrolment),
    of_member(Login, erasures.delete_logins_of_email, exported_as="web_session"),
    of_member(MemberRole),
    of_member(MemberNote, names_in(MemberNote.author)),
    of_member(MemberBatchLine),
    PersonalTable(
        MemberImportRow,
        export=lambda subject: MemberImportRow.member_id == subject.member_id,
        erase=_delete(
            MemberImportRow,
            lambda subject: or_(
                MemberImportRow.member_id == subject.member_id,
                _equals(_column(MemberImportRow, "email_key"), subject.email_key),
            ),
        ),
        # What a row says may be about someone else.
        hidden=frozenset({"cells", "record", "email_key"}),
    ),
    PersonalTable(
        MemberImport,
        export=None,
        erase=_each(
            names_in(MemberImport.sent_by),
            names_in(MemberImport.recorded_by),
            names_in(MemberImport.undone_by),
        ),
    ),
    of_member(MemberEmailRecipient),
    of_member(RefreshRequest, exported_as="recheck"),
    of_member(Reminder, names_in(Reminder.sent_by)),
    of_member(
        AccountQuestion,
        erasures.clear_questions,
        names_in(AccountQuestion.answered_by),
        # Details of a Moodle account that may be someone else's.
        hidden=frozenset({"account_email", "account_number"}),
    ),
    of_member(
        NumberQuestion,
        names_in(NumberQuestion.answered_by),
        # Details of a record that may be someone else's.
        hidden=frozenset({"number", "email", "first_name", "last_name"}),
    ),
    of_member(MoodleDifference, names_in(MoodleDifference.answered_by)),
    PersonalTable(
        AuditEntry,
        export=erasures.audit_entries,
        erase=_each(erasures.clear_audit_entries, names_in(AuditEntry.actor)),
        renamed={"actor": "who"},
        shown=own_audit_entry,
    ),
    of_email(
        TeamRole,
        names_in(TeamRole.given_by),
        names_in(TeamRole.confirmed_by),
        erasures.clear_lineages,
        hidden=frozenset({"lineage"}),  # the addresses of others
    ),
    PersonalTable(
        SavedFilter,
        export=lambda subject: _equals(inspect(SavedFilter).columns["owner"], subject.email_key),
        erase=erase_owner,
    ),
    of_email(SavedFilterRecipient, names_in(SavedFilterRecipient.added_by)),
    of_email(
        SigninLink,
        exported_as="signin",
        or_rows=lambda subject: email_change.belongs_to(subject.member_id),
    ),
    of_email(
        OutboxEmail,
        erasures.delete_unsent_contact_emails,
        exported_as="letter",
        or_rows=lambda subject: or_(
            OutboxEmail.member_id == subject.member_id,
            OutboxEmail.person_id.in_(subject.person_ids),
        ),
        hidden=frozenset({"attachment"}),
        shown=own_letter,
        move=email_keys.move,
    ),
    of_email(ContactRequest, names_in(ContactRequest.handled_by)),
    of_email(PendingSignup, exported_as="join_request"),
    PersonalTable(
        Person,
        export=lambda subject: Person.id.in_(subject.person_ids),
        erase=_delete(Person, lambda subject: Person.id.in_(subject.person_ids)),
        hidden=frozenset({"before_link"}),  # someone else's, if the link to a member is wrong
    ),
    of_person(PersonalLink),
    of_person(MailingSubscription, move=mailings.move),
    of_person(mailings.FormerMailingToken),
    PersonalTable(
        MemberBatch,
        export=None,
        erase=_each(names_in(MemberBatch.recorded_by), names_in(MemberBatch.undone_by)),
    ),
    PersonalTable(
        MemberEmail,
        export=None,
        erase=_each(names_in(MemberEmail.created_by), names_in(MemberEmail.sent_by)),
    ),
    PersonalTable(CurriculumVersion, export=None, erase=names_in(CurriculumVersion.actor)),
    PersonalTable(ApiToken, export=None, erase=names_in(ApiToken.created_by)),
)
"""The tables of the store, in the order of an exported file. Several keys in the file are the
names of earlier releases: they never change."""
