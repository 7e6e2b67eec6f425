"""A member's history as CSV rows."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from bridge.web.committee.members.history import (
    CompletedActivity,
    CreditEntry,
    History,
    MilestoneHistory,
)
from bridge.web.committee.needs_attention.delivery_labels import KINDS, STATES, difference_in_words

Row = tuple[object, ...]


def header_row() -> list[str]:
    return [
        gettext("What"), gettext("About"), gettext("State"), gettext("When"), gettext("Details"),
    ]  # fmt: skip


def rows(history: History) -> Iterator[Row]:
    """Milestones, credits, activities in Moodle and deliveries, in the order of the page."""
    for curriculum in history.curricula:
        yield from (_milestone(each) for each in curriculum.milestones)
        for key, at in curriculum.other:
            yield gettext("Milestone"), key, gettext("reached"), at, ""
        for each in curriculum.withdrawn:
            award, state = each.award, gettext("withdrawn")
            details = award.withdrawn_reason
            yield gettext("Milestone"), each.title, state, award.withdrawn_at, details
    yield from map(_credit, history.credits)
    yield from map(_activity, history.activities)
    for delivery in history.deliveries:
        what = KINDS.get(delivery.kind, delivery.kind)
        at = delivery.done_at or delivery.created_at
        about = delivery.target.rpartition(":")[2]
        state = STATES.get(delivery.state, delivery.state)
        differs = history.differences.get(delivery.id)
        details = difference_in_words(differs) if differs else delivery.last_error
        yield what, about, state, at, details


def _milestone(milestone: MilestoneHistory) -> Row:
    states = {"done": gettext("reached"), "now": gettext("in progress"), "later": gettext("later")}
    unmet = [gettext("missing: %(what)s", what=each) for each in milestone.missing]
    details = "; ".join([*milestone.evidence, *unmet])
    return gettext("Milestone"), milestone.title, states[milestone.state], milestone.at, details


def _credit(each: CreditEntry) -> Row:
    what = gettext("Sign-off") if each.is_signoff else gettext("Credit")
    reason = each.credit.withdrawn_reason
    state = gettext("withdrawn") if each.credit.withdrawn_at else gettext("done")
    details = "; ".join(filter(None, (each.by_name, each.note, reason)))
    return what, each.title, state, each.credit.recorded_at, details


def _activity(each: CompletedActivity) -> Row:
    state = gettext("done") if each.done else gettext("not done")
    result = f"{each.grade:g} %" if each.grade is not None else ""
    return gettext("Activity"), each.title, state, each.at, result
