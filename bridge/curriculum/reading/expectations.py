"""Build the expectations of a milestone, and what trains them, from records without errors."""

from __future__ import annotations

from typing import cast

from bridge.curriculum.parsed_curriculum import key_of
from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition
from bridge.curriculum.requirements.training import NO_TRAINING, Trainer, TrainerKind, Training
from bridge.curriculum.text import Text

Item = TextWithPosition | ParsedRecord
"""An expectation that is written as a text, or as a mapping."""


def expectation(item: Item) -> Text:
    """The text of an expectation."""
    return item.text if isinstance(item, TextWithPosition) else item.text("expectation")


def training(item: Item) -> Training:
    """What trains an expectation, and what assesses it."""
    if isinstance(item, TextWithPosition):
        return NO_TRAINING
    return Training(tuple(_trainer(each) for each in item.records("trained-by")))


def _trainer(record: ParsedRecord) -> Trainer:
    return Trainer(cast(TrainerKind, record.schema.keys[0].name), key_of(record))
