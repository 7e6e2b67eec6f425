"""Many records in few calls: batches sized by form fields, and halved until a bad one is alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bridge.errors import MoodleRefused
from bridge.moodle.protocol import Params, count_fields

Item = TypeVar("Item")
Result = TypeVar("Result")

PHP_DEFAULT = 1_000
"""PHP's own `max_input_vars`, where a site does not tell its."""
HEADROOM = 20
"""Form fields kept free for the token, the function, the format and fields outside the list."""


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
    """`done` in the given order, one answer in `answers` a call that went through, `bad` items."""

    done: list[Item] = field(default_factory=list)
    answers: list[Result] = field(default_factory=list)
    bad: list[tuple[Item, MoodleRefused]] = field(default_factory=list)
    calls: int = 0


def call_split(
    call: Callable[[Sequence[Item]], Result], items: Sequence[Item]
) -> Split[Item, Result]:
    """Call with all items; when Moodle refuses, with each half, until a bad item is alone.

    For functions that do all or nothing. One bad item of n costs at most 2*ceil(log2 n) + 1
    calls, b bad ones at most 2*b*ceil(log2 n) + 1. MoodleUnavailable and MoodleMisconfigured
    pass through at once: halving cannot help, and what was done before stays done.
    """
    split: Split[Item, Result] = Split()
    pending = [items] if items else []
    while pending:
        batch = pending.pop()
        split.calls += 1
        try:
            split.answers.append(call(batch))
            split.done.extend(batch)
        except MoodleRefused as error:
            pending.extend(_halves(batch))
            if len(batch) == 1:
                split.bad.append((batch[0], error))
    return split


def _halves(batch: Sequence[Item]) -> list[Sequence[Item]]:
    """The later half first: batches are taken from the end."""
    middle = len(batch) // 2
    return [batch[middle:], batch[:middle]] if middle else []
