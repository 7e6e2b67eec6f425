"""What `doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, its state, and what to do ('' if nothing)."""

    what: str
    state: State
    says: str
    todo: str = ""
