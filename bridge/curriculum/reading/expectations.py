"""Build the expectations of a milestone from parsed records without errors."""

from __future__ import annotations

from typing import cast

from bridge.curriculum.parsed_curriculum import key_of
from bridge.curriculum.parsed_record import ParsedRecord, TextWithPosition
from bridge.curriculum.text import Text
from bridge.curriculum.training import Expectation, Trainer, TrainerKind


def expectation(item: TextWithPosition | ParsedRecord) -> Expectation:
    """An expectation that is written as a text, or as a mapping."""
    if isinstance(item, TextWithPosition):
        return _expectation(item.text, ())
    trainers = tuple(_trainer(each) for each in item.records("trained-by"))
    return _expectation(item.text("expectation"), trainers)


def _expectation(text: Text, trained_by: tuple[Trainer, ...]) -> Expectation:
    return Expectation(text.translations, text.images, trained_by)


def _trainer(record: ParsedRecord) -> Trainer:
    return Trainer(cast(TrainerKind, record.schema.keys[0].name), key_of(record))
