"""The answers as rows, for the CSV and for the command line."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.consultations.answers.results import given_answers
from bridge.consultations.office import draft_of_row, groups_of
from bridge.consultations.responses import responses_of
from bridge.consultations.tables import Consultation


def exported_rows(session: Session, row: Consultation, language: str) -> list[dict[str, object]]:
    """A row for each answer that counts, in the order of the draft; points without one come once.

    A requirement's text is a Message. Three queries.
    """
    names = {each.id: each.name for each in groups_of(session, row.id)}
    responses, answers = responses_of(session, row.id), given_answers(session, row.id)
    rows = []
    for milestone in draft_of_row(row).milestones:
        for point in milestone.points:
            response = responses.get(point.key)
            about: dict[str, object] = {
                "milestone": milestone.key, "point": point.key, "kind": point.kind,
                "text": point.text(language),
            }  # fmt: skip
            decided: dict[str, object] = {
                "decision": response.decision if response else "",
                "response": response.text if response else "",
            }
            given = [each for each in answers if each.point == point.key]
            for each in given:
                rows.append(about | {
                    "group": names.get(each.group, ""), "name": each.name, "email": each.email,
                    "answer": each.choice, "comment": each.comment, "rank": each.rank,
                    "entered_by": each.entered_by,
                } | decided)  # fmt: skip
            if not given:
                rows.append(about | dict.fromkeys(
                    ("group", "name", "email", "answer", "comment", "rank", "entered_by"), ""
                ) | decided)  # fmt: skip
    return rows
