"""The largest set of pairs of equals, and among those the one with the most points.

This module imports rustworkx, so import it only when you match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import rustworkx

TIE_BITS = 40
TIES = 1 << 56
"""More than the sum of all tie-breaks, of which each is below 2^TIE_BITS."""


def pair_up(people: Sequence[str], edges: Mapping[tuple[str, str], int]) -> list[tuple[str, str]]:
    """Sorted pairs. Equal solutions are told apart by a hash of the ids, not by the solver."""
    graph: rustworkx.PyGraph[str, int] = rustworkx.PyGraph(multigraph=False)
    index = {person: n for n, person in enumerate(people)}
    graph.add_nodes_from(list(people))
    graph.add_edges_from(
        [(index[a], index[b], points * TIES + _tie(a, b)) for (a, b), points in edges.items()]
    )
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=lambda each: each)
    pairs = (sorted((people[a], people[b])) for a, b in found)
    return sorted((one, other) for one, other in pairs)


def _tie(one: str, other: str) -> int:
    digest = sha256(f"{len(one)} {one} {other}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - TIE_BITS)
