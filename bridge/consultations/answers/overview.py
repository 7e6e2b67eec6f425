"""Everything about one consultation: its text, the answers to it, and what is still to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bridge.consultations.answers.results import (
    GroupSummary,
    PointResult,
    by_point,
    given_answers,
    group_summaries,
)
from bridge.consultations.approvals import MissingApproval, current_text, missing_approvals
from bridge.consultations.drafts import Draft
from bridge.consultations.office import draft_of_row
from bridge.consultations.responses import (
    points_without_response,
    responses_of,
    unsent_points,
)
from bridge.consultations.tables import Consultation, ConsultationResponse
from bridge.curriculum.model import Curriculum


@dataclass(frozen=True, slots=True)
class Overview:
    """`results` and `responses`: by point. `missing`: approvals of the text as it is now.
    `waiting`: the points that someone wants changed, and that have no response.
    `unsent_points`: those with a response that someone who raised the point wasn't sent.
    """

    row: Consultation
    draft: Draft
    groups: Sequence[GroupSummary]
    results: Mapping[str, PointResult]
    responses: Mapping[str, ConsultationResponse]
    missing: Sequence[MissingApproval]
    waiting: Sequence[str]
    unsent_points: frozenset[str]

    @property
    def unsent(self) -> int:
        """How many responses are to be sent."""
        return len(self.unsent_points)


def overview(session: Session, curricula: Sequence[Curriculum], row: Consultation) -> Overview:
    """Read it. A constant number of queries."""
    text = current_text(curricula, row)
    return Overview(
        row,
        draft_of_row(row),
        group_summaries(session, row.id, text),
        by_point(given_answers(session, row.id)),
        responses_of(session, row.id),
        missing_approvals(session, row.id, text),
        points_without_response(session, [row])[row.id],
        unsent_points(session, row.id),
    )
