"""The circuit breaker opens after several errors of the site."""

from __future__ import annotations

import pytest

from bridge.errors import MailError, MoodleRefused, MoodleUnavailable
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import (
    Halt,
)


def _raise(error: Exception) -> None:
    raise error


class TestCircuitBreaker:
    def fail(self, breaker: CircuitBreaker, error: Exception | None) -> None:
        def work() -> None:
            if error:
                raise error

        breaker.attempt(work)
        breaker.stop_if_open()

    @pytest.mark.parametrize(
        "error", [MoodleUnavailable("500", divisible=True), MailError("450", again=True)]
    )
    def test_three_site_errors_in_a_row_open_it(self, error: Exception) -> None:
        breaker = CircuitBreaker()
        for between in (None, MoodleRefused("no")):
            self.fail(breaker, error)
            self.fail(breaker, error)
            self.fail(breaker, between)
        self.fail(breaker, error)
        self.fail(breaker, error)
        with pytest.raises(Halt):
            self.fail(breaker, error)

    def test_one_connection_error_opens_it(self) -> None:
        with pytest.raises(Halt):
            self.fail(CircuitBreaker(), MoodleUnavailable("no connection"))

    def test_ignored_errors_do_not_count(self) -> None:
        breaker = CircuitBreaker(ignored=(MailError,))
        error = MailError("450", again=True)
        errors = [breaker.attempt(lambda: _raise(error)) for _ in range(9)]
        assert errors == [error] * 9
        breaker.stop_if_open()
