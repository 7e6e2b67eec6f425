"""Milestones that were renamed: what was earned under a former key counts under the key of now."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bridge.store.tables.learning import Award

Key = tuple[str, str]
"""Curriculum and milestone."""
Renamed = Mapping[Key, str]
"""Milestones by a key they had before, each with the key of now."""
Text = InstrumentedAttribute[str]


def current_key_expression(
    curriculum: Text, milestone: Text, renamed: Renamed
) -> ColumnElement[str]:
    """The key a milestone has now."""
    if not renamed:
        return milestone.expression
    former = (
        (and_(curriculum == path, milestone == old), new) for (path, old), new in renamed.items()
    )
    return case(*former, else_=milestone)


def counted_once(renamed: Renamed) -> ColumnElement[bool]:
    """Whether an award is the only one of its member for what is one milestone now."""
    newer = aliased(Award)
    again = (
        and_(
            Award.curriculum == path,
            Award.milestone == old,
            exists().where(
                newer.member_id == Award.member_id,
                newer.curriculum == path,
                newer.milestone == new,
            ),
        )
        for (path, old), new in renamed.items()
    )
    return ~or_(False, *again)
