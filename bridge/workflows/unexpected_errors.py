"""Errors that no code expected, as errors that can be recorded: their type and place only."""

from __future__ import annotations

from types import TracebackType

from bridge.errors import StewardpathError


class UnexpectedError(StewardpathError):
    """A defect, or data that no code expected. Retried, because the next release may handle it."""


def as_unexpected_error(error: Exception) -> UnexpectedError:
    """`error` without its message, which can quote a person's data."""
    return UnexpectedError(
        f"unexpected error {type(error).__name__} at {error_location(error)}.",
        todo="It is tried again automatically. Report it with the log if it stays.",
    )


def error_location(error: Exception) -> str:
    """Module and line where it happened: the innermost ones of Stewardpath if there are any."""
    steps = list(_steps(error.__traceback__))
    own = [step for step in steps if step.startswith("bridge.")]
    return (own or steps or ["an unknown place"])[-1]


def _steps(trace: TracebackType | None) -> list[str]:
    steps = []
    while trace is not None:
        steps.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return steps
