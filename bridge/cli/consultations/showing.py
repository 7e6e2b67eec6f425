"""`consultations show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.common import (
    configured,
    curricula,
    database,
    echo,
    example,
    format_option,
    show_json,
)
from bridge.cli.consultations.shared import (
    CONSULTATION,
    audit_read,
    consultation_as_data,
    existing,
)
from bridge.config import Config

if TYPE_CHECKING:
    from bridge.consultations.answers.overview import Overview
    from bridge.consultations.drafts import Point
    from bridge.curriculum.text import Language


@click.command(epilog=example("stewardpath consultations show 1"))
@CONSULTATION
@format_option
@configured
def show(config: Config, consultation: int, form: str) -> None:
    """Show the groups, the points with their answers, and what is still to do.

    The names of the points, such as `new-member/expectation-1`, are those for `consultations
    respond`.
    """
    from bridge.consultations.answers.overview import overview

    with database(config) as store, store.transaction() as session:
        found = overview(session, curricula(config), existing(session, consultation))
        audit_read(session, "consultation-answers", consultation)
        session.expunge_all()
    if form == "json":
        show_json(_overview_as_data(found, config.language))
        return
    _print_overview(found, config.language)


def _overview_as_data(found: Overview, language: Language) -> dict[str, object]:
    return {
        **consultation_as_data(found.row),
        "introduction": found.row.introduction,
        "groups": [
            {
                "group": each.group.name, "degree": each.group.degree,
                "channel": each.group.channel, "meeting": each.group.meeting,
                "invited": each.invited, "answered": each.answered, "approved": each.approved,
            }
            for each in found.groups
        ],
        "points": [_point_as_data(found, each, language) for each in found.draft.points],
        "without_response": list(found.waiting),
        "responses_to_send": found.unsent,
        "approvals_missing": [
            {"group": each.group, "name": each.name, "refused": each.refused, "note": each.note}
            for each in found.missing
        ],
    }  # fmt: skip


def _point_as_data(found: Overview, point: Point, language: Language) -> dict[str, object]:
    result, response = found.results.get(point.key), found.responses.get(point.key)
    return {
        "point": point.key, "kind": point.kind, "text": point.text(language),
        "answers": dict(result.total) if result else {},
        "comments": [
            {"name": each.name, "answer": each.choice, "comment": each.comment}
            for each in (result.comments if result else ())
        ],
        "weight": result.weight if result else 0,
        "decision": response.decision if response else "",
        "response": response.text if response else "",
        "sent": bool(response and response.sent_version == response.version),
    }  # fmt: skip


def _print_overview(found: Overview, language: Language) -> None:
    row = found.row
    echo(f"{row.id}  {row.state}  {row.title}  (until {row.closes:%Y-%m-%d %H:%M} {row.zone})")
    for each in found.groups:
        counts = f"{each.answered} of {each.invited} answered"
        approved = f", {each.approved} approved" if each.group.degree == "decides" else ""
        echo(f"{each.group.name}  {each.group.degree}, {each.group.channel}  ({counts}{approved})")
    for point in found.draft.points:
        data = _point_as_data(found, point, language)
        text = " ".join(str(data["text"]).split())
        echo(f"{point.key}  {text}")
        _print_answers(found, point)
    echo(f"Points to respond to: {', '.join(found.waiting) or 'none'}")
    echo(f"Responses to send: {found.unsent}")
    if found.missing:
        names = ", ".join(f"{each.name or 'nobody is invited yet'} ({each.group})"
                          for each in found.missing)  # fmt: skip
        echo(f"Approvals missing: {names}")


def _print_answers(found: Overview, point: Point) -> None:
    result, response = found.results.get(point.key), found.responses.get(point.key)
    if result:
        echo(f"    {', '.join(f'{choice} {count}' for choice, count in result.total.items())}")
        for each in result.comments:
            comment = " ".join(each.comment.split())
            echo(f"    {each.name}: {comment}")
    if response:
        sent = "" if response.sent_version == response.version else " (not sent yet)"
        text = " ".join(response.text.split())
        echo(f"    {response.decision}{sent}: {text}")
