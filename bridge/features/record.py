"""A member's record: the lines of all features in one list, newest first, read page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby, islice

from bridge.features.credits import credit_lines
from bridge.features.registers import check_unique
from bridge.foundations.feature import Context, Feature, RecordLine, RecordRequest, RecordSource
from bridge.messages import Message

START = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BATCH_SIZE = 1000
LINES_PER_SECOND = 2**20
"""More lines than a member can have in one second."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A line and its ID, which says where it is: the second, and how manieth line of that second.

    IDs fall from row to row, so that a page can begin after any of them.
    """

    id: int
    line: RecordLine


def record_sources(features: Sequence[Feature]) -> tuple[RecordSource, ...]:
    """Every source of lines. Raises ValueError if two have the same kind of line."""
    sources = (credit_lines(features), *(each for f in features for each in f.record))
    check_unique("record lines", (kind for each in sources for kind in each.kinds))
    return sources


def record_kinds(features: Sequence[Feature]) -> Mapping[str, Message]:
    """What the filter calls each kind of line."""
    return {kind: label for each in record_sources(features) for kind, label in each.kinds.items()}


def read_record(
    features: Sequence[Feature],
    context: Context,
    member_id: int,
    limit: int,
    after: int = 0,
    kind: str = "",
) -> list[RecordRow]:
    """Up to `limit` lines that come after the row `after` (0: from the newest on).

    `kind`: only lines of this kind. As many queries as there are sources, each of a page and the
    lines of one second at most.
    """
    before, seen = _position(after)
    sources = [
        (source, RecordRequest(member_id, kinds, before, limit + seen))
        for source in record_sources(features)
        if (kinds := frozenset(source.kinds) & {kind} if kind else frozenset(source.kinds))
    ]
    lists = [source.read(context, request) for source, request in sources]
    newest = merge(*lists, key=lambda line: line.at, reverse=True)
    return list(islice(_numbered(newest), seen, seen + limit))


def as_data(line: RecordLine, text: Callable[[str], str] = str) -> dict[str, object]:
    """A line as JSON data. `text`: translates a `Message`; English without it."""
    return {
        "kind": line.kind,
        "on": line.on.isoformat(),
        "title": text(line.title),
        "result": text(line.result),
        "grade": line.grade,
        "by": line.by,
        "note": line.note,
        "valid_until": line.valid_until and line.valid_until.isoformat(),
        "withdrawn_on": line.withdrawn_on and line.withdrawn_on.isoformat(),
        "withdrawn_reason": line.withdrawn_reason,
        "curriculum": line.curriculum,
        "key": line.key,
    }


def read_whole_record(
    features: Sequence[Feature], context: Context, member_id: int, kind: str = ""
) -> Iterator[RecordRow]:
    """All lines, read in batches.

    Raises ValueError if a source returns the same lines again, because it ignores `before`.
    """
    after = 0
    while rows := read_record(features, context, member_id, BATCH_SIZE, after, kind):
        if after and rows[0].id >= after:
            raise ValueError("`read` must return only lines that are earlier than `before`.")
        yield from rows
        after = rows[-1].id


def _numbered(lines: Iterable[RecordLine]) -> Iterator[RecordRow]:
    for second, together in groupby(lines, lambda line: (line.at - START) // SECOND):
        for place, line in enumerate(together, 1):
            yield RecordRow((second + 1) * LINES_PER_SECOND - place, line)


def _position(after: int) -> tuple[datetime, int]:
    """Where to read on: the end of the second of the row `after`, and how many lines to pass over.

    Without one, and for an ID that no row has, from the newest line on.
    """
    second, rest = divmod(after, LINES_PER_SECOND)
    if not after or second >= (END - START) // SECOND:
        return END, 0
    return START + (second + 1) * SECOND, LINES_PER_SECOND - rest
