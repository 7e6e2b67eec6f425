"""Which share is failed for certain: so that one of one does not come before forty of sixty."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import sqrt
from typing import TypeVar

Z = 1.959964
"""Standard deviations either side that hold 95 of 100 cases."""

T = TypeVar("T")


def wilson_lower_bound(missed: int, of: int) -> float:
    """The share that is missed at least, with 95 % certainty: the lower end of Wilson's score
    interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212).

    From 0.0 to 1.0; 0.0 where nothing was missed, or nobody asked.
    """
    if missed <= 0 or of <= 0:
        return 0.0
    share, z2 = missed / of, Z * Z
    middle = share + z2 / (2 * of)
    margin = Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, (middle - margin) / (1 + z2 / of))


def rank_by_failure(things: Iterable[T], counts: Callable[[T], tuple[int, int]]) -> list[T]:
    """The worst first, by what is certain; equals stay in their order.

    `counts`: how many missed it, and how many there were.
    """
    return sorted(things, key=lambda thing: wilson_lower_bound(*counts(thing)), reverse=True)
