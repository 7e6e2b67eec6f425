"""What must change so that a Moodle site is what the curriculum says. Values and functions only.

Both sides are lists of Resource, found by (kind, idnumber). Nothing that is not in these lists
can be in a Plan: what we do not own is never read into them (see `bridge.moodle.site.connection`).
"""

from __future__ import annotations

from bridge.plan.diff import diff, differences
from bridge.plan.labels import FIELDS, KINDS, STATES
from bridge.plan.model import (
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
