"""What a feature gives the core, all of it optional. `bridge/features/` has the list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from bridge.access.file_purposes import FilePurpose
from bridge.access.rights import Right
from bridge.access.roles import Role
from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.facts import FeatureCredit
from bridge.curriculum.text import Language
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.deadlines.local_time import find_zone, wall_time
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.owners import Owner
from bridge.mail.kinds import Emails
from bridge.mail.mailings import Mailing
from bridge.messages import Message
from bridge.moodle.client.client import Moodle
from bridge.store.database import Database
from bridge.store.personal_tables import PersonalTable
from bridge.store.persons.personal_links import PersonalLink
from bridge.store.tables.learning import Credit


@dataclass(frozen=True, slots=True)
class Context:
    """What a feature may use to answer. `language`: the reader's. `now`: with a time zone.

    Texts in an answer are a `Message`, which pages translate, or already in `language`.
    """

    session: Session
    config: Config
    curricula: Sequence[Curriculum]
    language: Language
    now: datetime

    @property
    def today(self) -> date:
        """The day in the union's time zone."""
        return wall_time(self.now, find_zone(self.config.timezone)).date()


@dataclass(frozen=True, slots=True)
class CreditSource:
    """What records credits. Called for the record, and for the committee's page of a member.

    `name`: the `source` in the rows of these credits. `titles`: what each credit is for, by its
    ID; one that is left out is named after its kind and key. At most one query. `correct`: the path
    of the page where the committee corrects what a credit follows from; '' if it corrects the
    credit itself.
    """

    name: str
    titles: Callable[[Context, Sequence[Credit]], Mapping[int, str]]
    correct: Callable[[Credit], str] = lambda _credit: ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that a member should do. `path`: the page to do it on. `due`: its last day."""

    title: str
    path: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CommitteeToDo:
    """Something that people with a right should do, such as to answer a question.

    `right`: who has it for everything sees it. `region`: also those who have it for that region.
    `own`: it is for this visitor, who has the right for what they are named for, or in whose
    regions it was counted. `count`: how many there are; 0 if it is one thing.
    """

    title: str
    path: str
    right: Right
    due: date | None = None
    region: str = ""
    own: bool = False
    count: int = 0


RolesFor = Callable[[Context, Visitor, str], frozenset[Role]]
"""The roles of a visitor for an object, by its name, such as `session:12`; empty if there is none.

"member" means that it is about the visitor, "chair" that it belongs to a region they chair. An
"approver" or "reviewer" must have this role in the configuration too.
"""


OwnPeople = Callable[[Context, int], Collection[int] | None]
"""The IDs of the members that an object is about; None if there is no such object.

As many queries for one member as for many.
"""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a page about a personal link says. `button`: what it does, '' once it is done."""

    title: str
    text: str
    button: str = ""


@dataclass(frozen=True, slots=True)
class LinkPurpose:
    """A purpose of personal links, whose page has one button and needs no account.

    `key`: as in `PersonalLink.purpose`. `ask`: what the page with the button says; it changes
    nothing, because email scanners open links too. `act`: does what the link is for, in the
    transaction that uses the link, and says so; if it raises a StewardpathError, the link stays.
    """

    key: str
    ask: Callable[[Context, PersonalLink], LinkPage]
    act: Callable[[Context, PersonalLink], LinkPage]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """Something that a member has done or been given.

    `kind`: one of the source's kinds. `on`: when; a day if the time isn't known. `key`: what it is
    about, also when the curriculum no longer has it; `title`: what that is called. `result`: how it
    ended, such as “passed”; `grade`: in percent. `by` and `note`: who confirmed it, and what they
    wrote. `withdrawn_on`: None if it still counts. `correct`: the path of the page where the
    committee corrects it, '' if it can't.
    """

    kind: str
    on: datetime | date
    curriculum: str
    key: str
    title: str
    result: str = ""
    grade: float | None = None
    by: str = ""
    note: str = ""
    valid_until: date | None = None
    withdrawn_on: datetime | None = None
    withdrawn_reason: str = ""
    correct: str = ""

    @property
    def at(self) -> datetime:
        """The moment that it is sorted by: for a day, its start in UTC."""
        if isinstance(self.on, datetime):
            return self.on
        return datetime.combine(self.on, time(), UTC)


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """Which lines to read: the newest `limit` of these kinds that are earlier than `before`."""

    member_id: int
    kinds: frozenset[str]
    before: datetime
    limit: int

    @property
    def last_day(self) -> date:
        """The last day that begins before `before`, for lines without a time."""
        return (self.before - timedelta(microseconds=1)).astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Lines of a member's record, for `/me/record`, the committee and `members record`.

    `kinds`: what the filter calls each kind. `read`: the lines asked for, newest first, always in
    the same order. The same number of queries however many lines there are.
    """

    kinds: Mapping[str, Message]
    read: Callable[[Context, RecordRequest], Sequence[RecordLine]]


@dataclass(frozen=True, slots=True)
class MoodleWork:
    """What a feature's work in Moodle may use."""

    database: Database
    config: Config
    curricula: Sequence[Curriculum]
    clock: Callable[[], datetime]


class RunInMoodle(Protocol):
    """Does the work; returns counts. Raises MoodleError."""

    def __call__(
        self, work: MoodleWork, moodle: Moodle, *, check: bool = False
    ) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class MoodleTask:
    """What a feature keeps in Moodle, apart from deliveries to members.

    `name`: of its lock and its runs. `is_due`: whether there is anything to do; asked every
    minute, so it makes no call. `run`: does it, by one process at a time. With `check`, every
    night, it also looks whether Moodle still has what was done before, and repairs it.
    """

    name: str
    is_due: Callable[[MoodleWork], bool]
    run: RunInMoodle


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """What a feature gives the core, and who uses it.

    `credits`: what its credits are called (`CreditSource`).
    `credit_kinds`: kinds of credits that only this feature gives, and what the record's filter
    calls them. A milestone requires one with `credit: <kind>/<key>`.
    `emails`: the emails it sends, by kind; used to render, preview and check them.
    `mailings`: the types of these emails that people can unsubscribe from, each on its own; the
    pages about emails show what they are called.
    `personal_tables`: what it stores about people; used to export, erase and merge.
    `to_dos`: what a member should do now; the page *My learning* shows them, those with the
    earliest last day first.
    `committee_to_dos`: what there is to do for those with a right, given who looks; the dashboard
    and *My access* show them. The core leaves out what is not for this reader.
    `record`: the lines it adds to a member's record (`RecordSource`).
    `calendar`: a member's days from today on; *My learning* shows them under *Dates*, and the
    member's own calendar shows them if they subscribe to it.
    `deadlines`: the kinds of deadlines and reminders it schedules, given the configuration and the
    curricula; the job `deadlines` runs them.
    `moodle_tasks`: what it keeps in Moodle (`MoodleTask`).
    `publishing_problems`: why a curriculum can't be published to Moodle now, such as approvals that
    are missing; asked by the page, by the job and by `apply`, and not overridden by `--force`.
    `persons_linked`: what it does once persons were linked to members, or merged with other
    entries, by an actor: in the same transaction.

    And who may see what, by the one table of rights (`bridge/access/rights.py`):
    `subjects`: who has which role for an object, by the kind of object, such as `session`; pages
    about one object ask it in each request.
    `own_people`: the members that an object is about, by its kind, such as those who attended a
    session. Who has a role for it signs off for them what the curriculum allows.
    `file_purposes`: what files are uploaded for, and who reads them.
    `link_purposes`: what the buttons of its personal links do.
    `may_sign_in`: whether someone who isn't a member may sign in with an address now, because of a
    role for an object.
    """

    name: str
    credits: Sequence[CreditSource] = ()
    credit_kinds: Mapping[FeatureCredit, Message] = field(default_factory=dict)
    emails: Emails = field(default_factory=dict)
    mailings: Sequence[Mailing] = ()
    personal_tables: Sequence[PersonalTable] = ()
    to_dos: Callable[[Context, Owner], Sequence[ToDo]] = lambda _context, _owner: ()
    committee_to_dos: Callable[[Context, Visitor], Sequence[CommitteeToDo]] = (
        lambda _context, _visitor: ()
    )
    record: Sequence[RecordSource] = ()
    calendar: Callable[[Context, Owner], Sequence[CalendarEntry]] = lambda _context, _owner: ()
    deadlines: Callable[[Config, Sequence[Curriculum]], Sequence[DeadlineKind]] = (
        lambda _config, _curricula: ()
    )
    moodle_tasks: Sequence[MoodleTask] = ()
    publishing_problems: Callable[[Context, Curriculum], Sequence[Message]] = (
        lambda _context, _curriculum: ()
    )
    persons_linked: Callable[[Context, Collection[int], str], None] = (
        lambda _context, _person_ids, _actor: None
    )
    subjects: Mapping[str, RolesFor] = field(default_factory=dict)
    own_people: Mapping[str, OwnPeople] = field(default_factory=dict)
    file_purposes: Sequence[FilePurpose] = ()
    link_purposes: Sequence[LinkPurpose] = ()
    may_sign_in: Callable[[Session, str, datetime], bool] = lambda _session, _email, _now: False
