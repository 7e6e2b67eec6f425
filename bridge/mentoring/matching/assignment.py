"""The largest assignment of mentees to places of mentors, and among those the one most preferred.

This module imports scipy, so import it only when you match.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from bridge.mentoring.matching.matrices import Allowed, Points

Place = tuple[int, int]
"""The column of a mentor, and how many mentees they have before this one."""


def assign(
    points: Points, allowed: Allowed, places: Sequence[Place], load: int
) -> list[tuple[int, int]]:
    """Pairs of row and column. `load`: points less for each mentee that the mentor has before.

    Whole numbers below 2^53 are exact in floating point. One more pair outweighs all preferences.
    A pair that isn't allowed costs nothing and gains nothing; it is left out afterwards.
    """
    if not places or not len(points):
        return []
    columns = np.array([column for column, _ in places])
    less = np.array([load * before for _, before in places], dtype=np.float64)
    spread = int(points.max(initial=0)) + int(less.max())
    a_pair = float((spread + 1) * (min(len(points), len(places)) + 1))
    wide = len(points) <= len(places)
    cost = _costs(points, allowed, columns, less - a_pair, wide=wide)
    rows, chosen = linear_sum_assignment(cost)
    if not wide:
        rows, chosen = chosen, rows
    pairs = ((int(row), int(columns[place])) for row, place in zip(rows, chosen, strict=True))
    return sorted(pair for pair in pairs if allowed[pair])


def _costs(
    points: Points,
    allowed: Allowed,
    columns: np.ndarray[tuple[int], np.dtype[np.int64]],
    base: np.ndarray[tuple[int], np.dtype[np.float64]],
    *,
    wide: bool,
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The only large matrix. With at least as many columns as rows, the solver copies nothing."""
    shape = (len(points), len(columns))
    cost = np.empty(shape if wide else shape[::-1], dtype=np.float64)
    by_row = cost if wide else cost.T
    for n, row in enumerate(points):
        by_row[n] = np.where(allowed[n, columns], base - row[columns], 0.0)
    return cost
