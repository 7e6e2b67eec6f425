"""What holds for consultations, whatever is stored. Depends on its arguments only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from bridge.consultations.drafts import Draft
from bridge.errors import ConsultationError
from bridge.foundations.deadlines.local_time import LocalTime, instant_of
from bridge.messages import Message
from bridge.printable_text import find_unprintable, unprintable_problem

State = Literal["open", "closed", "finished"]
"""open: people answer until its last day. closed: the committee responds, and those who decide
approve. finished: everyone has been told the result, and nothing is held back from publishing.
"""
Degree = Literal["informed", "consulted", "decides"]
"""informed: gets the result. consulted: answers. decides: answers, and approves before publishing.
"""
DEGREES: tuple[Degree, ...] = get_args(Degree)
Channel = Literal["page", "email", "session"]
"""page: a link to the page. email: the draft itself too. session: it is discussed in a session."""
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Choice = Literal["keep", "change", "drop", "missing"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
NEEDS_COMMENT: tuple[Choice, ...] = ("change", "missing")
RAISED: tuple[Choice, ...] = ("change", "drop", "missing")
"""Answers that ask for something, so the committee responds to them."""
Decision = Literal["adopted", "not-adopted"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
RANKS = 3
"""How many points people name as what matters most, in order."""

MAX_TITLE, MAX_TEXT, MAX_NAME, MAX_MEETING, MAX_REASON = 120, 4_000, 80, 300, 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone says about a point. `choice`: '' if none yet. `rank`: 1 matters most."""

    point: str
    choice: Choice | Literal[""]
    comment: str = ""
    rank: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.choice or self.comment or self.rank)


class WrongAnswers(ConsultationError):
    """Answers that can't be stored or counted. `problems`: by point; '' is about all of them."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = problems


def closing_time(closes: datetime, zone: str) -> LocalTime:
    """When the answers end. Raises ConsultationError if there is no such zone."""
    try:
        return LocalTime(closes, zone)
    except ValueError:
        raise ConsultationError(
            Message("there is no time zone `%(zone)s`.", zone=zone),
            todo=Message("Write a zone such as America/Toronto or Europe/Paris."),
        ) from None


def takes_answers(state: str, closes: datetime, zone: str, now: datetime) -> bool:
    """Whether people can still answer: also true to the second, before the job has closed it."""
    return state == "open" and now < instant_of(LocalTime(closes, zone))


def check_text(text: str, length: int, *, lines: bool = False) -> str:
    """The text without spaces around it. Raises ConsultationError if it can't be stored."""
    tidied = text.strip()
    if len(tidied) > length:
        raise ConsultationError(
            Message("the text is longer than %(count)s characters.", count=length)
        )
    if find_unprintable(tidied, lines=lines):
        raise ConsultationError(Message("the text contains an unprintable character."))
    return tidied


def check_name(text: str, length: int, what: Message) -> str:
    """The text, which isn't empty. `what`: the error if it is. Raises ConsultationError."""
    if not text.strip():
        raise ConsultationError(what)
    return check_text(text, length)


def check_saved(draft: Draft, answers: Sequence[Answer]) -> None:
    """Raises ConsultationError if the answers can't be stored, WrongAnswers for single points."""
    known = set(draft.keys)
    if any(each.point not in known for each in answers):
        raise ConsultationError(Message("this isn't a part of the draft."))
    problems = {each.point: _comment_problem(each.comment) for each in answers}
    if found := {point: problem for point, problem in problems.items() if problem}:
        raise WrongAnswers(found)
    ranks = Counter(each.rank for each in answers if each.rank)
    if any(not 1 <= rank <= RANKS or count > 1 for rank, count in ranks.items()):
        raise ConsultationError(Message("name each of what matters most once."))


def _comment_problem(comment: str) -> Message:
    """What is wrong with a comment; NOTHING if it can be stored."""
    if len(comment.strip()) > MAX_TEXT:
        return Message("This comment is longer than %(count)s characters.", count=MAX_TEXT)
    return unprintable_problem(comment.strip(), lines=True)


def unfinished(draft: Draft, answers: Mapping[str, Answer]) -> dict[str, Message]:
    """What is still to do before the answers can be sent, by point; '' is about all of them."""
    found = {
        key: Message("Say what you would change, or what is missing.")
        for key, each in answers.items()
        if each.choice in NEEDS_COMMENT and not each.comment.strip()
    }
    found |= {
        key: Message("Choose an answer for your comment.")
        for key, each in answers.items()
        if each.comment.strip() and not each.choice
    }
    if not any(each.choice for key, each in answers.items() if key in draft.keys):
        found[""] = Message("Answer at least one point.")
    return found
