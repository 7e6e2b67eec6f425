"""A member's history as CSV rows."""

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


def rows(history: History) -> Iterator[Row]:
    """Milestones, sign-offs, activities in Moodle and deliveries, in the order of the page."""
    for curriculum in history.curricula:
        yield from (_milestone(each) for each in curriculum.milestones)
        for key, at in curriculum.other:
            yield gettext("Milestone"), key, gettext("reached"), at, ""
    for title, signoff in history.signoffs:
        details = "; ".join(filter(None, (signoff.by_name, signoff.note)))
        yield gettext("Sign-off"), title, gettext("done"), signoff.at, details
    yield from map(_activity, history.activities)
    for each in history.deliveries:
        what = KINDS.get(each.kind, each.kind)
        at = each.done_at or each.created_at
        yield what, each.target.rpartition(":")[2], _state_label(each.state), at, each.last_error


def _milestone(milestone: MilestoneHistory) -> Row:
    states = {"done": gettext("reached"), "now": gettext("in progress"), "later": gettext("later")}
    unmet = [gettext("missing: %(what)s", what=each) for each in milestone.missing]
    details = "; ".join([*milestone.evidence, *unmet])
    return gettext("Milestone"), milestone.title, states[milestone.state], milestone.at, details


def _activity(each: CompletedActivity) -> Row:
    state = gettext("done") if each.done else gettext("not done")
    result = f"{each.grade:g} %" if each.grade is not None else ""
    return gettext("Activity"), each.title, state, each.at, result


def _state_label(state: str) -> str:
    labels = {"owed": gettext("waiting"), "done": gettext("done"), "failed": gettext("failed")}
    return str(labels.get(state, state))
