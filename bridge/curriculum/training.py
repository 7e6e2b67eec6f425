"""Expectations of a milestone, with what trains them and what assesses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from bridge.curriculum.text import Text

TrainerKind = Literal["page", "link", "quiz", "session", "signoff"]
TRAINER_KINDS: tuple[TrainerKind, ...] = get_args(TrainerKind)
ASSESSING: frozenset[TrainerKind] = frozenset(("quiz", "signoff"))
"""Somebody or something checks that the member knows it; the others only teach it."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """A part of the curriculum that trains an expectation, or assesses it."""

    kind: TrainerKind
    key: str

    @property
    def assesses(self) -> bool:
        return self.kind in ASSESSING


@dataclass(frozen=True, slots=True)
class Expectation(Text):
    """A text with what trains it and what assesses it, in the order of the file."""

    trained_by: tuple[Trainer, ...] = ()

    @property
    def training(self) -> tuple[Trainer, ...]:
        """What teaches it, without assessing it."""
        return tuple(each for each in self.trained_by if not each.assesses)

    @property
    def assessment(self) -> tuple[Trainer, ...]:
        """What checks that a member meets it."""
        return tuple(each for each in self.trained_by if each.assesses)

    @property
    def shown_by(self) -> tuple[Trainer, ...]:
        """What shows that a member meets it: an assessment, or the training if there is none."""
        return self.assessment or self.training
