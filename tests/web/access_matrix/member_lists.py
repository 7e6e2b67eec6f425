"""The rows of roles of many members."""

from __future__ import annotations

from tests.web.access_matrix.statuses import Row, editors

ROLES = "/committee/roles"
FORM = {"action": "give", "role": "steward", "people": "1001", "step": "preview"}

MEMBER_LIST_ROWS = (
    Row("role_lists.form", "GET", ROLES, editors(200)),
    Row("role_lists.form", "POST", ROLES, editors(200), FORM),
    Row("role_lists.recorded", "GET", f"{ROLES}/lists/999", editors(404)),
    Row("role_lists.undo", "POST", f"{ROLES}/lists/999/undo", editors(404)),
)
