"""Turns unexpected exceptions into errors that can be recorded: their type and location only."""

from __future__ import annotations

from types import TracebackType

from bridge.errors import StewardpathError


class UnexpectedError(StewardpathError):
    """A defect, or unexpected data. Retried, because the next release may handle it."""


def as_unexpected_error(error: Exception) -> UnexpectedError:
    """`error` without its message, because that can contain personal data."""
    return UnexpectedError(
        f"unexpected error {type(error).__name__} at {error_location(error)}.",
        todo="It is retried automatically. If it persists, report it with the log.",
    )


def error_location(error: Exception) -> str:
    """Module and line of the error: the innermost in Stewardpath, or else the innermost of all."""
    locations = list(_locations(error.__traceback__))
    own = [location for location in locations if location.startswith("bridge.")]
    return (own or locations or ["an unknown location"])[-1]


def _locations(trace: TracebackType | None) -> list[str]:
    locations = []
    while trace is not None:
        locations.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return locations
