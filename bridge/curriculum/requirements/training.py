"""What trains the expectations of a milestone, and what assesses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TrainerKind = Literal["page", "link", "quiz", "session", "signoff"]
ASSESSING: frozenset[TrainerKind] = frozenset(("quiz", "signoff"))
"""Something or somebody checks that the member knows it; the other kinds only teach it."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """A part of the curriculum that trains an expectation, or assesses it."""

    kind: TrainerKind
    key: str


@dataclass(frozen=True, slots=True)
class Training:
    """What trains one expectation and what assesses it, in the order of the file."""

    parts: tuple[Trainer, ...] = ()

    @property
    def teaching(self) -> tuple[Trainer, ...]:
        """What teaches it, without assessing it."""
        return tuple(each for each in self.parts if each.kind not in ASSESSING)

    @property
    def assessing(self) -> tuple[Trainer, ...]:
        """What checks that a member meets it."""
        return tuple(each for each in self.parts if each.kind in ASSESSING)

    @property
    def shown_by(self) -> tuple[Trainer, ...]:
        """What shows that a member meets it: an assessment, or the teaching if there is none."""
        return self.assessing or self.teaching


NO_TRAINING = Training()
"""Nothing is named."""
