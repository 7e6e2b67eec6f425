"""Points and permission for all pairs together, equal to `pair_reasons` and `why_not` for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.mentoring.matching.exclusions import Excluded
from bridge.mentoring.matching.model import Participant, Weight
from bridge.mentoring.matching.preferences import SHARED, Values

Points = NDArray[np.int32]
Allowed = NDArray[np.bool_]
Rows = dict[str, list[int]]


def points_matrix(
    first: Sequence[Participant], second: Sequence[Participant], weights: Iterable[Weight]
) -> Points:
    """The points of each pair: one row for each of `first`, one column for each of `second`."""
    points = np.zeros((len(first), len(second)), dtype=np.int32)
    for weight in weights:
        of_first, of_second = SHARED[weight.criterion]
        shared = np.zeros(points.shape, dtype=np.int16)
        rows, columns = _where(first, of_first), _where(second, of_second)
        for value in rows.keys() & columns.keys():
            shared[np.ix_(rows[value], columns[value])] += 1
        points += np.minimum(shared, weight.most).astype(np.int32) * weight.points
    return points


def allowed_matrix(
    first: Sequence[Participant], second: Sequence[Participant], excluded: Excluded
) -> Allowed:
    """Which pairs are allowed, in the shape of `points_matrix`."""
    allowed = np.ones((len(first), len(second)), dtype=np.bool_)
    row = {person.id: n for n, person in enumerate(first)}
    column = {person.id: n for n, person in enumerate(second)}
    banned = [(person, person) for person in row]
    banned += [(person.id, above) for person in first for above in person.supervisors]
    banned += [(above, person.id) for person in second for above in person.supervisors]
    banned += [(a, b) for pair in excluded for a in pair for b in pair]
    for a, b in banned:
        if a in row and b in column:
            allowed[row[a], column[b]] = False
    rows, columns = _where(first, _direct), _where(second, _direct)
    for value in rows.keys() & columns.keys():
        allowed[np.ix_(rows[value], columns[value])] = False
    return allowed


def _direct(person: Participant) -> frozenset[str]:
    return frozenset(person.supervisors[:1])


def _where(people: Sequence[Participant], values: Values) -> Rows:
    found: Rows = defaultdict(list)
    for n, person in enumerate(people):
        for value in values(person):
            found[value].append(n)
    return found
