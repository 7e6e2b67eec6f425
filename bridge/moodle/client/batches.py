"""Many records in few calls: batches sized by form fields, and halved until a bad one is alone."""

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

PHP_DEFAULT = 1_000
"""PHP's own `max_input_vars`, where a site does not tell its."""
HEADROOM = 20
"""Form fields kept free for the token, the function, the format and fields outside the list."""
MOST_SITE_ERRORS = 3
"""Single items that meet an error of the site one after the other before the rest is given up."""


def in_batches(
    items: Sequence[Item],
    to_params: Callable[[Item], Params],
    *,
    max_fields: int,
    max_items: int = 500,
) -> Iterator[Sequence[Item]]:
    """`items` in order, in batches whose form fields fit a site's `max_input_vars`.

    PHP drops what is over that limit without an error. `to_params` gives one item's parameters
    (only counted here); `max_fields` is the site's `maxinputvars`. An item that is too large on
    its own comes alone: the function then refuses it by name.
    """
    start, used = 0, 0
    for place, item in enumerate(items):
        fields = count_fields(to_params(item))
        full = used + fields > max_fields - HEADROOM or place - start == max_items
        if full and place > start:
            yield items[start:place]
            start, used = place, 0
        used += fields
    if start < len(items):
        yield items[start:]


@dataclass(slots=True)
class Split(Generic[Item, Result]):
    """What became of each item; every item is in exactly one of the four lists.

    `done` went through, with one answer in `answers` a call. `bad` were refused by Moodle.
    `unknown` met an error of the site when they were alone: later, and look before repeating.
    `untried` were given up, because of `gave_up`: one after the other met an error of the site,
    or the site went away in between.
    """

    done: list[Item] = field(default_factory=list)
    answers: list[Result] = field(default_factory=list)
    bad: list[tuple[Item, MoodleRefused]] = field(default_factory=list)
    unknown: list[tuple[Item, MoodleUnavailable]] = field(default_factory=list)
    untried: list[Item] = field(default_factory=list)
    gave_up: MoodleError | None = None
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Looked(Generic[Item, Result]):
    """What a look before repeating found: `there` with their `answer`, and `missing`.

    An item in neither is left in `Split.unknown` or `Split.bad`: a person must look.
    """

    there: Sequence[Item]
    answer: Result
    missing: Sequence[Item]


Look = Callable[[Sequence[Item]], Looked[Item, Result]]


def call_split(
    call: Callable[[Sequence[Item]], Result],
    items: Sequence[Item],
    *,
    look: Look[Item, Result] | None = None,
) -> Split[Item, Result]:
    """Call with all items; when that fails, with each half, until a bad item is alone.

    For functions that do all or nothing. `look` is needed where a call must not be repeated
    blindly (create_users): it is asked after every failed call, and what is there is done.

    One bad item of n costs at most 2*ceil(log2 n) + 1 calls, b bad ones 2*b*ceil(log2 n) + 1, and
    a broken site ceil(log2 n) + 2*MOST_SITE_ERRORS: then the rest is left `untried`. Twice as
    many with `look`. MoodleMisconfigured, and MoodleUnavailable that is not `divisible`, end it
    immediately, as a smaller call cannot help: raised from the first call, and `gave_up` later.
    """
    return _Splitting(call, look).run(items)


class _Splitting(Generic[Item, Result]):
    """One run of `call_split`: the batches still to call, the next one last.

    `_site_errors` counts the single items that met an error of the site since Moodle last
    carried out or refused a call.
    """

    def __init__(
        self, call: Callable[[Sequence[Item]], Result], look: Look[Item, Result] | None
    ) -> None:
        self._call = call
        self._look = look
        self._split: Split[Item, Result] = Split()
        self._pending: list[Sequence[Item]] = []
        self._site_errors = 0

    def run(self, items: Sequence[Item]) -> Split[Item, Result]:
        self._pending = [items] if items else []
        while self._pending:
            batch = self._pending.pop()
            try:
                self._one(batch)
            except (MoodleMisconfigured, MoodleUnavailable) as error:
                if self._split.calls == 1:
                    raise
                self._give_up(batch, error)
        return self._split

    def _one(self, batch: Sequence[Item]) -> None:
        """Call with a batch, and look after a failure; raises what a smaller call cannot help."""
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
        """The items still to be made; what a failed call made is done."""
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
        """Record what these items met; too many errors of the site one after the other end it."""
        for item in items:
            if isinstance(error, MoodleRefused):
                self._split.bad.append((item, error))
                continue
            self._split.unknown.append((item, error))
            self._site_errors += 1
        if self._site_errors >= MOST_SITE_ERRORS:
            self._give_up([], error)

    def _give_up(self, batch: Sequence[Item], error: MoodleError) -> None:
        """End it: `batch` may have been carried out where the error does not say that it wasn't."""
        self._split.gave_up = error
        if isinstance(error, MoodleOutcomeUnknown):
            self._split.unknown.extend((item, error) for item in batch)
        else:
            self._split.untried.extend(batch)
        for rest in reversed(self._pending):
            self._split.untried.extend(rest)
        self._pending = []


def _halves(batch: Sequence[Item]) -> list[Sequence[Item]]:
    """The later half first: batches are taken from the end."""
    middle = len(batch) // 2
    return [batch[middle:], batch[:middle]] if middle else []
