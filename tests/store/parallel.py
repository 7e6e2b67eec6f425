"""Running the same work in several threads at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

WORKERS = 4
T = TypeVar("T")


def run_in_threads(work: Callable[[int], T]) -> list[T]:
    """Run `work(0)`, `work(1)`, … in threads that start at the same moment."""
    barrier = threading.Barrier(WORKERS)

    def one(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, range(WORKERS)))
