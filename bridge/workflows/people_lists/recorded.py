"""What was recorded for a list of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recorded:
    """`batch_id`: the list. `repeated`: the same form had recorded it before."""

    batch_id: int
    members: Sequence[int]
    awarded: int = 0
    repeated: bool = False
