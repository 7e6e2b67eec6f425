"""What there is to do for the visitor, who is of the committee or has another role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bridge.features.registers import committee_to_dos
from bridge.foundations.feature import CommitteeToDo
from bridge.messages import Message
from bridge.web.common.services import Services, curricula_have_errors
from bridge.web.common.visitor import current_visitor


def visitors_to_dos(services: Services, language: str) -> Sequence[CommitteeToDo]:
    """What the features say, and errors in the course content, which stop everything else."""
    visitor = current_visitor()
    with services.database.reading() as session:
        context = services.context(session, language)
        found = committee_to_dos(services.features, context, visitor)
    return [*(_content_errors(services) if visitor.may("curricula-edit") else ()), *found]


def _content_errors(services: Services) -> Iterator[CommitteeToDo]:
    if curricula_have_errors(services):
        title = Message("Correct the errors in the course content")
        yield CommitteeToDo(title, "/committee/curricula", "curricula-edit")
