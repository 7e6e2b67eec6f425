"""Programs that members apply to: their forms, rounds and, for mentoring, their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bridge.curriculum.audience import MEMBERS, Audience
from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.forms.form import Form
from bridge.curriculum.text import NO_TEXT, Text

Side = Literal["applicant", "mentee", "mentor"]
"""As what someone applies: mentoring has a form for each side, other programs have one form."""
PairKind = Literal["classic", "peer", "reverse"]
Reviewers = Literal["reviewers", "committee"]

DEFAULT_INACTIVE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Criterion:
    """What reviewers score: `points` is the most they can give."""

    key: str
    title: Text
    points: int
    help: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Round:
    """One round of applications.

    `opens`: its first day. `closes`: the last moment to apply, as clocks show it in `zone`, an IANA
    name, or in the union's zone if it is ''. `starts` and `ends`: the days of the program itself.
    `seats`: None for no limit.
    """

    key: str
    opens: date
    closes: datetime
    starts: date
    ends: date
    zone: str = ""
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do in a part of a mentoring program, which the mentor signs off."""

    key: str
    title: Text
    previously: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MentoringPart:
    """A part of a mentoring program: topics of sessions to attend, hours and tasks."""

    key: str
    title: Text
    sessions: tuple[str, ...] = ()
    hours: int = 0
    tasks: tuple[Task, ...] = ()
    previously: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EquityGoal:
    """A group for the statistics after a round, and its goal in per cent."""

    key: str
    title: Text
    goal: int


@dataclass(frozen=True, slots=True)
class Mentoring:
    """What a mentoring program has beside its rounds.

    `lost_time_days`: what all pairs of a round may use together; 0: none. `concerns_name` and
    `concerns_email`: who gets concerns about the other person of a pair; not of the committee.
    `inactive_days`: after how many days without an entry both are asked how it goes.
    """

    parts: tuple[MentoringPart, ...]
    kinds: tuple[PairKind, ...] = ("classic",)
    lost_time_days: int = 0
    equity: tuple[EquityGoal, ...] = ()
    concerns_name: str = ""
    concerns_email: str = ""
    inactive_days: int = DEFAULT_INACTIVE_DAYS

    def part(self, key: str) -> MentoringPart | None:
        """The part with this key, or with this former key."""
        return next((each for each in self.parts if key in all_keys(each)), None)


@dataclass(frozen=True, slots=True)
class Program:
    """A program that members apply to, in rounds.

    `forms`: one for each side. A form's key is `<program>/<side>`. `reviewers`: the roles whose
    holders review. `mentoring`: None for other programs.
    """

    key: str
    title: Text
    forms: tuple[tuple[Side, Form], ...]
    rounds: tuple[Round, ...]
    description: Text = NO_TEXT
    audience: Audience = MEMBERS
    eligible: Audience = MEMBERS
    criteria: tuple[Criterion, ...] = ()
    reviewers: tuple[Reviewers, ...] = ("reviewers",)
    mentoring: Mentoring | None = None
    previously: str = ""
    earlier: tuple[str, ...] = ()

    def form(self, side: Side) -> Form | None:
        return next((form for each, form in self.forms if each == side), None)

    def round(self, key: str) -> Round | None:
        return next((each for each in self.rounds if each.key == key), None)


def credit_titles(programs: Iterable[Program]) -> dict[str, Text]:
    """Evidence key -> title of the credits for programs and parts, also by former keys."""
    titles: dict[str, Text] = {}
    for program in programs:
        titles |= {f"program:{key}": program.title for key in all_keys(program)}
        for part in program.mentoring.parts if program.mentoring else ():
            title = _title_of_part(program, part)
            titles |= {f"mentoring:{key}": title for key in pair_keys(program, part)}
    return titles


def credit_names(programs: Iterable[Program]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The kind of credit, and all keys of each program and part that can be renamed."""
    for program in programs:
        yield "program", all_keys(program)
        for part in program.mentoring.parts if program.mentoring else ():
            yield "mentoring", pair_keys(program, part)


def pair_keys(program: Program, part: MentoringPart) -> tuple[str, ...]:
    """`<program>/<part>`, as credits have it: the current key first, then the former ones."""
    return tuple(f"{key}/{each}" for key in all_keys(program) for each in all_keys(part))


def _title_of_part(program: Program, part: MentoringPart) -> Text:
    """The titles of the program and the part, in each language of the part's title."""
    return Text(
        tuple(
            (language, f"{program.title.shown(language)}: {words}")
            for language, words in part.title.translations
        )
    )
