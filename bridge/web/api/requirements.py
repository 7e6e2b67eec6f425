"""Requirements as JSON data."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.config import Config
from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.requirement import Names, Requirement


def requirements_as_data(
    requirements: Iterable[Requirement], curriculum: Curriculum, config: Config
) -> list[dict[str, object]]:
    """Each requirement: its kind, the key it refers to, and in words.

    The words are English, with titles in the curriculum's first language.
    """
    names = names_of(curriculum, curriculum.languages[0], config.role_labels)
    return [_as_data(each, names) for each in requirements]


def _as_data(requirement: Requirement, names: Names) -> dict[str, object]:
    data = {**requirement.as_data(), "text": str(describe(requirement, names))}
    if requirement.parts:
        data["of"] = [_as_data(part, names) for part in requirement.parts]
    return data
