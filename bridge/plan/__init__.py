"""What must change so that a Moodle site is what the curriculum says. Values and functions only.

Both sides are lists of Resource, found by (kind, idnumber). Nothing that is not in these lists
can be in a Plan: what we do not own is never read into them (see `bridge.moodle.site`).
"""

from __future__ import annotations

from bridge.plan.differ import diff, differences
from bridge.plan.values import (
    ACTIVITIES,
    HIDEABLE,
    SECTION,
    Action,
    Change,
    FieldChange,
    Kind,
    Plan,
    Resource,
    Value,
    as_lists,
)
from bridge.plan.words import FIELDS, KINDS, STATES

__all__ = [
    "ACTIVITIES",
    "FIELDS",
    "HIDEABLE",
    "KINDS",
    "SECTION",
    "STATES",
    "Action",
    "Change",
    "FieldChange",
    "Kind",
    "Plan",
    "Resource",
    "Value",
    "as_lists",
    "diff",
    "differences",
]
