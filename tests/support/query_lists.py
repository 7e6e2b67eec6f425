"""What a test about the number of queries says when it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def listed(queries: Sequence[str]) -> str:
    """All queries, and what to do if there is one more."""
    lines = "\n".join(f"  {number}. {query}" for number, query in enumerate(queries, 1))
    return (
        f"{len(queries)} queries were sent. If you mean to add one, raise the number in this test "
        "and say in the commit what it is for. Otherwise read its rows with another query.\n"
        + lines
    )


def added(few: Sequence[str], many: Sequence[str]) -> str:
    """The queries that are sent more often for many rows than for few, and what to do."""
    more = Counter(many) - Counter(few)
    lines = "\n".join(f"  {count} more: {query}" for query, count in more.most_common())
    return (
        f"{len(few)} queries for few rows, {len(many)} for many. Read the rows of a page together "
        f"(a join, or `IN`), not one by one.\n{lines}"
    )
