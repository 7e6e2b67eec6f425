"""Whether a curriculum may be published to Moodle: features can hold it back."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.curriculum.model import Curriculum
from bridge.errors import PlanRefused
from bridge.foundations.feature import Context, Feature
from bridge.messages import Message


def publishing_problems(
    features: Sequence[Feature], context: Context, curriculum: Curriculum
) -> list[Message]:
    """Why it can't be published now, as all features say; empty if it can."""
    return [
        problem for each in features for problem in each.publishing_problems(context, curriculum)
    ]


def check_publishing(features: Sequence[Feature], context: Context, curriculum: Curriculum) -> None:
    """Raises PlanRefused with the first reason why it can't be published now."""
    for problem in publishing_problems(features, context, curriculum):
        raise PlanRefused(
            problem, todo=Message("The page of the consultation has a button to ask them.")
        )
