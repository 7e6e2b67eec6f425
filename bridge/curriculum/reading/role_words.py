"""Other words for roles that people write in curriculum files, such as `délégué`, or labels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bridge.membership.known_roles import ROLE_WORDS, KnownRoles

RoleLabels = Mapping[str, Mapping[str, str]]
"""The roles that the configuration names, each with its labels by language."""
NO_LABELS: RoleLabels = MappingProxyType({})


def role_meant(text: str, labels: RoleLabels) -> str:
    """The role that a label or a French word is for; '' if it is none."""
    return _known(labels).meant(text)


def are_several(text: str, labels: RoleLabels) -> bool:
    """Whether a text is probably several roles, such as `steward and trustee`."""
    return _known(labels).joins_several(text)


def _known(labels: RoleLabels) -> KnownRoles:
    shown = {key: tuple(texts.values()) for key, texts in labels.items()}
    return KnownRoles(frozenset({*labels, *ROLE_WORDS}), shown)
