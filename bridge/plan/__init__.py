"""Plan the changes that make a Moodle site match the curriculum. Pure functions and values.

Both sides are lists of Resource, identified by (kind, idnumber). A Plan contains only resources
from these lists. Items that we don't own are never read into them (see
`bridge.moodle.site.connection`).
"""

from __future__ import annotations

from bridge.plan.dependencies import needs_one_of
from bridge.plan.diff import diff, differences
from bridge.plan.labels import FIELDS, KINDS, STATES
from bridge.plan.model import (
    ACTIVITIES,
    HIDEABLE,
    SECTION,
    Action,
    Change,
    FieldChange,
    Key,
    Kind,
    Plan,
    Resource,
    Value,
    as_lists,
    stored_image,
)
from bridge.plan.shown_fields import former_hashes, shown_fields

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
    "Key",
    "Kind",
    "Plan",
    "Resource",
    "Value",
    "as_lists",
    "diff",
    "differences",
    "former_hashes",
    "needs_one_of",
    "shown_fields",
    "stored_image",
]
