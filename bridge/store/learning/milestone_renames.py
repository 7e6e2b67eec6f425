"""CurrentKeys milestones: what was earned under a former key counts under the current key."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bridge.store.tables.learning import Award

MilestoneKey = tuple[str, str]
"""Curriculum and milestone."""
CurrentKeys = Mapping[MilestoneKey, str]
"""Current milestone keys by former key."""
NO_RENAMES: CurrentKeys = {}
TextColumn = InstrumentedAttribute[str]


def current_key_expression(
    curriculum: TextColumn, milestone: TextColumn, renamed: CurrentKeys
) -> ColumnElement[str]:
    """SQL: the current key of a milestone."""
    if not renamed:
        return milestone.expression
    former = (
        (and_(curriculum == path, milestone == old), new) for (path, old), new in renamed.items()
    )
    return case(*former, else_=milestone)


def is_not_duplicate(renamed: CurrentKeys) -> ColumnElement[bool]:
    """SQL condition: don't count an award twice if its member also earned the renamed milestone."""
    current = aliased(Award)
    duplicates = (
        and_(
            Award.curriculum == path,
            Award.milestone == old,
            exists().where(
                current.withdrawn_at.is_(None),
                current.member_id == Award.member_id,
                current.curriculum == path,
                current.milestone == new,
            ),
        )
        for (path, old), new in renamed.items()
    )
    return ~or_(False, *duplicates)
