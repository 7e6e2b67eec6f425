"""The roles and rights as Markdown tables, as in docs/access.md."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.access.rights import RIGHTS
from bridge.access.roles import ROLES


def role_table() -> Iterator[str]:
    """Each role, and where it comes from."""
    yield "| role | where it comes from |"
    yield "| --- | --- |"
    for role in ROLES.values():
        yield f"| {role.title} | {role.source} |"


def right_table() -> Iterator[str]:
    """Each right, and how far each role has it."""
    yield f"| right | {' | '.join(role.title for role in ROLES.values())} |"
    yield f"| --- |{' --- |' * len(ROLES)}"
    for right in RIGHTS.values():
        cells = " | ".join(right.cells.get(role, "") for role in ROLES)
        yield f"| {right.title}{' 🔒' if right.confidential else ''} | {cells} |"
