"""Errors of the site: after a failed write, the outcome is unknown."""

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
    """The error for a failed request: MoodleOutcomeUnknown, or MoodleUnavailable for a read.

    The keyword arguments are those of MoodleUnavailable.
    """
    kind = MoodleUnavailable if function in READS else MoodleOutcomeUnknown
    return kind(what, where=function, todo=todo, after=after, code=code, divisible=divisible)


def unexpected_answer(why: str, function: str, place: str = "") -> MoodleUnavailable:
    """The error for an unexpected answer: the wrong shape, or a change that wasn't made.

    `why` and `place` name the rule and the field, never a value, because it may be personal data.
    """
    where = place or Message("the whole answer")
    what = Message("Moodle sent an unexpected answer: %(place)s: %(why)s.", place=where, why=why)
    return site_failure(what, function, todo=_UPDATE, code="unexpectedanswer", divisible=True)
