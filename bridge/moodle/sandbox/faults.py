"""Planned failures for tests: what a network, a proxy or a Moodle can do to a call."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "error-500",
    "html",
    "cut",
    "close",
    "maintenance-503",
    "maintenance",
    "after-write",
    "delay",
    "exception",
    "empty",
]
"""What happens instead of the answer.

`error-500`: HTTP 500 with HTML; `html`: HTTP 200 with HTML; `cut`: half of the true answer;
`close`: the connection ends without an answer; `maintenance-503`: HTML and Retry-After;
`maintenance`: Moodle's own `sitemaintenance`; `after-write`: the call is done and kept, yet
answers an error; `delay`: the true answer, `seconds` late; `exception`: Moodle's own, with `code`;
`empty`: `[]`. After `cut`, `close`, `after-write` and `delay` the call has been carried out; after
the others it has not.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned failure: from now on, the `nth` call (from 1) of `function` fails with `kind`.

    `function` '*' counts calls of any function; `times` such calls in a row fail. `before`
    makes `close` end the connection before the call is carried out. With `field`, the name and
    value of a parameter, every call with it fails, regardless of its number.
    """

    kind: Kind
    function: str = "*"
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    before: bool = False
    code: str = ""
    field: tuple[str, str] | None = None


class Faults:
    """The planned failures of one sandbox, and the log of its calls. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[tuple[Fault, int]] = []
        self._log: list[str] = []

    def plan(self, fault: Fault) -> None:
        """Plan `fault`, counting calls from now on."""
        with self._lock:
            self._planned.append((fault, self._count(fault.function)))

    def clear(self) -> None:
        """Delete all planned failures and the log of calls."""
        with self._lock:
            self._planned.clear()
            self._log.clear()

    @property
    def calls(self) -> Counter[str]:
        """The number of calls of each function since the start or the last `clear`."""
        with self._lock:
            return Counter(self._log)

    @property
    def log(self) -> tuple[str, ...]:
        """The functions called, in order."""
        with self._lock:
            return tuple(self._log)

    def meet(self, function: str, sent: Collection[tuple[str, str]] = ()) -> Fault | None:
        """Log a call of `function` with the fields `sent`; return its planned failure, if any."""
        fields = {(name.rstrip("]").rpartition("[")[2], value) for name, value in sent}
        with self._lock:
            self._log.append(function)
            return next((f for f, seen in self._planned if self._due(f, seen, fields)), None)

    def _due(self, fault: Fault, seen: int, fields: Collection[tuple[str, str]]) -> bool:
        if fault.function not in ("*", self._log[-1]):
            return False
        if fault.field:
            return fault.field in fields
        number = self._count(fault.function) - seen
        return fault.nth <= number < fault.nth + fault.times

    def _count(self, function: str) -> int:
        return len(self._log) if function == "*" else self._log.count(function)
