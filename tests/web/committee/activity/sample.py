"""An entry of the activity log, and what the page must say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.store.operations.audit_log import AuditAction

Values = Mapping[str, object]
About = Literal["member", "person", ""]


@dataclass(frozen=True)
class Sample:
    """An entry, and what its row must say."""

    action: AuditAction
    says: str
    about: About = "member"
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    actor: str = "ana@union.example"
