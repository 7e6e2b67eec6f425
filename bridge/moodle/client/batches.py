"""Many records in few calls: batches fit PHP's limit and are halved to isolate a bad record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bridge.errors import (
    MoodleError,
    MoodleMisconfigured,
    MoodleOutcomeUnknown,
    MoodleRefused,
    MoodleUnavailable,
)
from bridge.moodle.client.protocol import Params, count_fields

Item = TypeVar("Item")
Result = TypeVar("Result")

DEFAULT_MAX_INPUT_VARS = 1_000
"""PHP's default `max_input_vars`, for sites that don't report theirs."""
HEADROOM = 20
"""Form fields reserved for the token, the function, the format and fields outside the list."""
MAX_SITE_ERRORS = 3
"""Consecutive site errors of single items before the remaining items are given up."""


def in_batches(
    items: Sequence[Item],
    to_params: Callable[[Item], Params],
    *,
    max_fields: int,
    max_items: int = 500,
) -> Iterator[Sequence[Item]]:
    """Split `items` into batches whose form fields fit a site's `max_input_vars`, in order.

    PHP silently drops fields above that limit. `to_params` returns one item's parameters (they
    are only counted); `max_fields` is the site's `maxinputvars`. An item that is too large gets
    its own batch, so the function refuses only that item.
    """
    start, used = 0, 0
    for index, item in enumerate(items):
        fields = count_fields(to_params(item))
        full = used + fields > max_fields - HEADROOM or index - start == max_items
        if full and index > start:
            yield items[start:index]
            start, used = index, 0
        used += fields
    if start < len(items):
        yield items[start:]


@dataclass(slots=True)
class BatchResult(Generic[Item, Result]):
    """The result for each item; every item is in exactly one of the four lists.

    - `done`: carried out; `answers` has one answer for each call.
    - `bad`: refused by Moodle.
    - `unknown`: a site error occurred with this item alone. Retry later, after a lookup.
    - `untried`: given up because of `gave_up`: several site errors in a row, or the site went
      away.
    """

    done: list[Item] = field(default_factory=list)
    answers: list[Result] = field(default_factory=list)
    bad: list[tuple[Item, MoodleRefused]] = field(default_factory=list)
    unknown: list[tuple[Item, MoodleUnavailable]] = field(default_factory=list)
    untried: list[Item] = field(default_factory=list)
    gave_up: MoodleError | None = None
    calls: int = 0


@dataclass(frozen=True, slots=True)
class LookupResult(Generic[Item, Result]):
    """The result of a lookup before a retry: items that are `there`, their `answer`, and `missing`.

    An item in neither list stays in `Split.unknown` or `Split.bad`: a person must check it.
    """

    there: Sequence[Item]
    answer: Result
    missing: Sequence[Item]


Lookup = Callable[[Sequence[Item]], LookupResult[Item, Result]]


def call_split(
    call: Callable[[Sequence[Item]], Result],
    items: Sequence[Item],
    *,
    look: Lookup[Item, Result] | None = None,
) -> BatchResult[Item, Result]:
    """Call with all items. If that fails, call with each half, until each bad item is alone.

    Use it for functions that do all or nothing. Pass `look` if a call must not be retried without
    a lookup (create_users): it is called after every failed call, and items that are there count
    as done.

    One bad item of n costs at most 2*ceil(log2 n) + 1 calls, b bad ones 2*b*ceil(log2 n) + 1, and
    a broken site ceil(log2 n) + 2*MAX_SITE_ERRORS; then the rest stays `untried`. With `look`,
    twice as many. MoodleMisconfigured, and MoodleUnavailable that is not `divisible`, stop
    immediately, because a smaller call can't help: the first call raises them, later calls set
    `gave_up`.
    """
    return _BatchSplitter(call, look).run(items)


class _BatchSplitter(Generic[Item, Result]):
    """The state of one `call_split`: the batches still to call, the next one last.

    `_site_errors` counts the consecutive site errors of single items. A call that Moodle carries
    out or refuses resets it.
    """

    def __init__(
        self, call: Callable[[Sequence[Item]], Result], look: Lookup[Item, Result] | None
    ) -> None:
        self._call = call
        self._look = look
        self._split: BatchResult[Item, Result] = BatchResult()
        self._pending: list[Sequence[Item]] = []
        self._site_errors = 0

    def run(self, items: Sequence[Item]) -> BatchResult[Item, Result]:
        self._pending = [items] if items else []
        while self._pending:
            batch = self._pending.pop()
            try:
                self._call_batch(batch)
            except (MoodleMisconfigured, MoodleUnavailable) as error:
                if self._split.calls == 1:
                    raise
                self._give_up(batch, error)
        return self._split

    def _call_batch(self, batch: Sequence[Item]) -> None:
        """Call with one batch; handle a failure, or raise it if a smaller call can't help."""
        self._split.calls += 1
        try:
            self._succeeded(batch, self._call(batch))
        except MoodleRefused as error:
            self._site_errors = 0
            self._failed(batch, error)
        except MoodleUnavailable as error:
            if not error.divisible:
                raise
            self._failed(batch, error)

    def _succeeded(self, batch: Sequence[Item], answer: Result) -> None:
        self._site_errors = 0
        self._split.answers.append(answer)
        self._split.done.extend(batch)

    def _failed(self, batch: Sequence[Item], error: MoodleRefused | MoodleUnavailable) -> None:
        try:
            missing = self._missing(batch, error)
        except MoodleError as stop:
            self._settle(batch, error)
            self._give_up([], stop)
            return
        self._pending.extend(_halves(missing))
        if len(missing) == 1:
            self._settle(missing, error)

    def _missing(
        self, batch: Sequence[Item], error: MoodleRefused | MoodleUnavailable
    ) -> Sequence[Item]:
        """Look up the items after a failed call; return those that are missing."""
        if self._look is None:
            return batch
        self._split.calls += 1
        looked = self._look(batch)
        if looked.there:
            self._succeeded(looked.there, looked.answer)
        known = [*looked.there, *looked.missing]
        self._settle([item for item in batch if item not in known], error)
        return looked.missing

    def _settle(self, items: Sequence[Item], error: MoodleRefused | MoodleUnavailable) -> None:
        """Record the error for these items; give up after too many site errors in a row."""
        for item in items:
            if isinstance(error, MoodleRefused):
                self._split.bad.append((item, error))
                continue
            self._split.unknown.append((item, error))
            self._site_errors += 1
        if self._site_errors >= MAX_SITE_ERRORS:
            self._give_up([], error)

    def _give_up(self, batch: Sequence[Item], error: MoodleError) -> None:
        """Stop. If the error leaves it open, `batch` may have been carried out."""
        self._split.gave_up = error
        if isinstance(error, MoodleOutcomeUnknown):
            self._split.unknown.extend((item, error) for item in batch)
        else:
            self._split.untried.extend(batch)
        for rest in reversed(self._pending):
            self._split.untried.extend(rest)
        self._pending = []


def _halves(batch: Sequence[Item]) -> list[Sequence[Item]]:
    """The two halves, the later one first: batches are taken from the end."""
    middle = len(batch) // 2
    return [batch[middle:], batch[:middle]] if middle else []
