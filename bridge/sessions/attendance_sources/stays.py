"""How long people stayed, of rows that say from when to when. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

Span = tuple[datetime, datetime]
"""From when to when, as the file says it: without a time zone."""
MAX_SPAN = timedelta(hours=24)
_DAYS = ("%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%y", "%d/%m/%y", "%d.%m.%Y")
_TIMES = ("%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M")
FORMATS = [" ".join(each) for each in product(_DAYS, _TIMES)]


@dataclass(frozen=True, slots=True)
class Stay:
    """One row: how long, and from when to when if the file says so."""

    minutes: float
    span: Span | None = None


def read_spans(texts: Sequence[tuple[str, str]]) -> list[Span | None]:
    """The times of each row; None for one without times, and for all if they can't be read.

    `04/05` is in April or in May: the format is one in which every row makes sense.
    """
    tidy = [(_tidy(since), _tidy(until)) for since, until in texts]
    for form in FORMATS:
        spans = _spans(tidy, form)
        if spans is not None:
            return spans
    return [None] * len(texts)


def total_minutes(stays: Sequence[Stay]) -> float:
    """How long someone stayed, of rows that may be about two devices at the same time.

    What several rows cover counts once.
    """
    spans = sorted(each.span for each in stays if each.span is not None)
    twice, ends = timedelta(), [until for _, until in spans[:1]]
    for since, until in spans[1:]:
        twice += max(timedelta(), min(ends[-1], until) - since)
        ends.append(max(ends[-1], until))
    minutes = [each.minutes for each in stays]
    return max(sum(minutes) - twice / timedelta(minutes=1), max(minutes, default=0))


def _spans(texts: Iterable[tuple[str, str]], form: str) -> list[Span | None] | None:
    """The times in one format; None if a row doesn't have it, or ends before it begins."""
    found: list[Span | None] = []
    for since, until in texts:
        if not (since and until):
            found.append(None)
            continue
        try:
            span = (datetime.strptime(since, form), datetime.strptime(until, form))  # noqa: DTZ007
        except ValueError:
            return None
        if not timedelta() <= span[1] - span[0] <= MAX_SPAN:
            return None
        found.append(span)
    return found


def _tidy(text: str) -> str:
    plain = re.sub(r"(?<=\d)T(?=\d)|[,\u00a0\u202f]", " ", text.strip())
    return " ".join(plain.upper().removesuffix("Z").replace(".M.", "M").split())
