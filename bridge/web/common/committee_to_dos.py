"""What there is to do for the visitor, who is of the committee or has another role."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.features.registers import committee_to_dos
from bridge.foundations.feature import CommitteeToDo
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor


def visitors_to_dos(services: Services, language: str) -> Sequence[CommitteeToDo]:
    """What the features say. No query if no feature says anything."""
    with services.database.reading() as session:
        context = services.context(session, language)
        return committee_to_dos(services.features, context, current_visitor())
