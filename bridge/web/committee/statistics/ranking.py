"""Ranking by failure rate that takes small counts into account.

Without that, 1 failure of 1 would rank above 40 of 60.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import sqrt
from typing import TypeVar

Z_SCORE = 1.959964
"""The z-score of a two-sided 95% confidence interval."""

T = TypeVar("T")


def wilson_lower_bound(failures: int, total: int) -> float:
    """The lower bound of the 95% Wilson score interval of `failures` out of `total`.

    From 0.0 to 1.0; 0.0 if there are no failures. Source: E. B. Wilson, Journal of the American
    Statistical Association 22, 1927, 209-212.
    """
    if failures <= 0 or total <= 0:
        return 0.0
    share, z2 = failures / total, Z_SCORE**2
    middle = share + z2 / (2 * total)
    margin = Z_SCORE * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, (middle - margin) / (1 + z2 / total))


def rank_by_failure(items: Iterable[T], counts: Callable[[T], tuple[int, int]]) -> list[T]:
    """Sort by `wilson_lower_bound`, highest first. Equal items keep their order.

    `counts`: returns the failures and the total of an item.
    """
    return sorted(items, key=lambda item: wilson_lower_bound(*counts(item)), reverse=True)
