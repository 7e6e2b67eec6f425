"""An error of the site as the right type: on a write nobody knows whether it was carried out."""

from __future__ import annotations

from bridge.errors import MoodleOutcomeUnknown, MoodleUnavailable
from bridge.messages import Message
from bridge.moodle.client.idempotency import READS

_UPDATE = Message(
    "Update the plugin local_stewardpath and Stewardpath to versions that work together."
)


def site_failure(
    what: str,
    function: str,
    *,
    todo: str = "",
    after: float | None = None,
    code: str = "",
    divisible: bool = False,
) -> MoodleUnavailable:
    """The error for a request that Moodle received: MoodleOutcomeUnknown unless it only reads.

    The keyword arguments are those of MoodleUnavailable.
    """
    kind = MoodleUnavailable if function in READS else MoodleOutcomeUnknown
    return kind(what, where=function, todo=todo, after=after, code=code, divisible=divisible)


def unexpected(why: str, function: str, place: str = "") -> MoodleUnavailable:
    """The error for an answer that `function` never gives: another shape, or nothing changed.

    `why` and `place` name the rule and the field, never a value: it may be a member's.
    """
    where = place or Message("the whole answer")
    what = Message("Moodle sent an unexpected answer: %(place)s: %(why)s.", place=where, why=why)
    return site_failure(what, function, todo=_UPDATE, code="unexpectedanswer", divisible=True)
