"""The roles that curricula and settings name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.requirements.requirement import with_parts
from bridge.curriculum.requirements.role import ROLES, HasRole
from bridge.membership.known_roles import KnownRoles


def known_roles(
    curricula: Iterable[Curriculum], labels: Mapping[str, Mapping[str, str]]
) -> KnownRoles:
    """The known roles. `labels`: the roles of the settings, each with its label by language."""
    named = {role for curriculum in curricula for role in _named_in(curriculum)}
    shown = {key: tuple(texts.values()) for key, texts in labels.items()}
    return KnownRoles(frozenset({*named, *labels, *ROLES} - {""}), shown)


def _named_in(curriculum: Curriculum) -> Iterator[str]:
    for milestone in curriculum.milestones:
        yield from _named_by(milestone)
    yield from (form.audience.role for form in curriculum.forms)


def _named_by(milestone: Milestone) -> Iterator[str]:
    yield milestone.entry.role
    yield milestone.audience.role
    for requirement in with_parts(milestone.requirements):
        if isinstance(requirement, HasRole):
            yield requirement.key
