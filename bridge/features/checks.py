"""Mistakes in what features give are errors when the application starts, not when it is used."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.features.record import record_sources
from bridge.features.registers import (
    all_emails,
    all_file_purposes,
    all_link_purposes,
    all_subjects,
    deadline_kinds,
)
from bridge.foundations.feature import Feature


def check_features(
    features: Sequence[Feature], config: Config, curricula: Sequence[Curriculum]
) -> None:
    """Raises ValueError if two features use the same name, if a name can't be stored, or if one
    uses a mailing that isn't declared.
    """
    all_emails(features)
    record_sources(features)
    deadline_kinds(features, config, curricula)
    all_subjects(features)
    all_file_purposes(features)
    all_link_purposes(features)
