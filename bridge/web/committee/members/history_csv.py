"""One member's history as the rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from bridge.web.committee.members.history import CompletedActivity, History, MilestoneHistory
from bridge.web.committee.needs_attention.delivery_labels import KINDS

Row = tuple[object, ...]


def header_row() -> list[str]:
    return [
        gettext("What"), gettext("About"), gettext("State"), gettext("When"), gettext("Details"),
    ]  # fmt: skip


def rows(known: History) -> Iterator[Row]:
    """Milestones with their evidence, sign-offs, what Moodle says, deliveries: as on the page."""
    for path in known.paths:
        yield from (_milestone(step) for step in path.steps)
        for key, at in path.other:
            yield gettext("Milestone"), key, gettext("reached"), at, ""
    for title, signoff in known.signoffs:
        details = "; ".join(filter(None, (signoff.by_name, signoff.note)))
        yield gettext("Sign-off"), title, gettext("done"), signoff.at, details
    yield from map(_activity, known.activities)
    for each in known.deliveries:
        what = KINDS.get(each.kind, each.kind)
        moment = each.done_at or each.created_at
        yield what, each.target.rpartition(":")[2], _owed(each.state), moment, each.last_error


def _milestone(step: MilestoneHistory) -> Row:
    states = {"done": gettext("reached"), "now": gettext("under way"), "later": gettext("later")}
    lacks = [gettext("missing: %(what)s", what=each) for each in step.missing]
    details = "; ".join([*step.evidence, *lacks])
    return gettext("Milestone"), step.title, states[step.state], step.at, details


def _activity(each: CompletedActivity) -> Row:
    state = gettext("done") if each.done else gettext("not done")
    result = f"{each.grade:g} %" if each.grade is not None else ""
    return gettext("Activity"), each.title, state, each.at, result


def _owed(state: str) -> str:
    said = {"owed": gettext("waiting"), "done": gettext("done"), "failed": gettext("failed")}
    return str(said.get(state, state))
