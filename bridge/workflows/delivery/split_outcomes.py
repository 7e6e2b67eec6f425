"""The outcomes of a batch that was split, because Moodle refused some of its items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from bridge.moodle.client.batches import BatchResult
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.delivery.outcomes import Halt, Outcome, failed_outcome

Item = TypeVar("Item")
Result = TypeVar("Result")


def not_done(
    split: BatchResult[Item, Result], claimed: Mapping[Item, ClaimedDelivery]
) -> list[Outcome]:
    """The outcomes of items that were refused, or that may or may not have been done.

    Items that were not tried get none.
    """
    errors = [*split.bad, *split.unknown]
    return [failed_outcome(claimed[item], error) for item, error in errors]


def halt_if_given_up(split: BatchResult[Item, Result]) -> None:
    """Raises Halt if the site failed, so that the rest is put back."""
    if split.gave_up:
        raise Halt(split.gave_up)
