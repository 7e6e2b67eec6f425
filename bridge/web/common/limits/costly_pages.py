"""Pages that take long: how many of them are computed at the same time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from werkzeug.exceptions import ServiceUnavailable

from bridge.web.common.visitor import current_visitor

MAX_AT_ONCE = 3
"""The server has eight threads: the others answer everyone else."""
MAX_PER_VISITOR = 2
RETRY_AFTER_SECONDS = 5

P = ParamSpec("P")
R = TypeVar("R")


class Places:
    """How many costly pages are being computed, and for whom. Shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    @contextmanager
    def place(self, visitor: str) -> Iterator[None]:
        """Hold a place. Raises ServiceUnavailable, with a time to retry, if none is free."""
        with self._lock:
            if self._taken.total() >= MAX_AT_ONCE or self._taken[visitor] >= MAX_PER_VISITOR:
                raise ServiceUnavailable(retry_after=RETRY_AFTER_SECONDS)
            self._taken[visitor] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[visitor] -= 1


def costly(places: Places) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator for a page that takes one of these places while it is computed."""

    def decorator(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            with places.place(current_visitor().email):
                return view(*args, **kwargs)

        return limited

    return decorator
