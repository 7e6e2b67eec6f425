"""What the lists of questions for a person have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from bridge.cli.batches import read_all
from bridge.cli.common import database, echo, show_json
from bridge.config import Config

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WITHDRAW = "withdraw"
"""Instead of an answer: it reopens a question."""


class Question(Protocol):
    """A listed question, as a dataclass. `answer`: '' if it is open."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> int: ...
    @property
    def answer(self) -> str: ...


Q = TypeVar("Q", bound=Question)
Read = Callable[["Session", int, int], Sequence[Q]]


def list_questions(
    config: Config, reads: Sequence[Read[Q]], form: str, show: Callable[[Q], None], hint: str
) -> None:
    """Print the questions that these functions read, as text or JSON.

    `show`: prints one as text. `hint`: how to answer, printed if a question is open.
    """
    with database(config) as store:
        rows = [row for read in reads for row in read_all(store, read)]
    if form == "json":
        show_json({"questions": [asdict(row) for row in rows]})
        return
    for row in rows:
        show(row)
    if not rows:
        echo("No questions.")
    elif any(not row.answer for row in rows):
        echo(hint)
