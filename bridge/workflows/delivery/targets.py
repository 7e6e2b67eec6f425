"""Deliveries about the same course or cohort go together; an error of one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bridge.errors import MoodleError, MoodleMaintenance, StewardpathError
from bridge.moodle.client.transport import NotConnected
from bridge.plan import Kind
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.outcomes import (
    Halt,
    Outcome,
    blocked_outcome,
    failed_outcome,
    put_back_outcome,
)
from bridge.workflows.delivery.site_lookup import (
    DamagedPayload,
    NotInMoodle,
    SiteLookup,
    queued_milestone,
)

Outcomes = Iterator[Sequence[Outcome]]
DeliverGroup = Callable[[int, Sequence[ClaimedDelivery]], Outcomes]
"""Carries out deliveries about one Moodle object (id). Halt gives up only this group."""


def deliver_by_target(
    lookup: SiteLookup, kind: Kind, claimed: Sequence[ClaimedDelivery], deliver: DeliverGroup
) -> Outcomes:
    """Carry out the deliveries of each course or cohort (`kind`) together.

    An error of one target is recorded on its deliveries only. Raises Halt if nothing can be
    reached, or if several targets in a row meet an error of the site.
    """
    groups, failed = _group(lookup, kind, claimed)
    yield failed
    breaker = CircuitBreaker()
    for object_id, group in groups:
        pending = {delivery.id: delivery for delivery in group}
        error: StewardpathError | None = None
        settle = blocked_outcome
        try:
            for part in deliver(object_id, group):
                for outcome in part:
                    pending.pop(outcome.delivery.id, None)
                yield part
        except Halt as halt:
            error, settle = halt.error, put_back_outcome
        except (NotConnected, MoodleMaintenance) as raised:
            error, settle = raised, put_back_outcome
        except MoodleError as raised:
            error = raised
        if error:
            yield [settle(delivery, error) for delivery in pending.values()]
        breaker.count(error)
        breaker.stop_if_open()


def _group(
    lookup: SiteLookup, kind: Kind, claimed: Sequence[ClaimedDelivery]
) -> tuple[list[tuple[int, list[ClaimedDelivery]]], list[Outcome]]:
    """The deliveries of each Moodle object (id), and the failures of those without one.

    The groups with the fewest attempts come first, so that broken targets can't keep the others
    waiting.
    """
    groups: dict[int, list[ClaimedDelivery]] = {}
    failed = []
    for delivery in claimed:
        try:
            queued_milestone(delivery)
            object_id = lookup.object_id(kind, delivery)
        except (NotInMoodle, DamagedPayload) as error:
            failed.append(failed_outcome(delivery, error))
        else:
            groups.setdefault(object_id, []).append(delivery)
    return sorted(groups.items(), key=lambda group: max(d.attempts for d in group[1])), failed
