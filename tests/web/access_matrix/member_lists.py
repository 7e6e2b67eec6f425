"""The rows of roles of many members, and of imports of members."""

from __future__ import annotations

from tests.web.access_matrix.statuses import Row, editors

ROLES = "/committee/roles"
IMPORT = "/committee/members/import"
FORM = {"action": "give", "role": "steward", "people": "1001", "step": "preview"}

MEMBER_LIST_ROWS = (
    Row("role_lists.form", "GET", ROLES, editors(200)),
    Row("role_lists.form", "POST", ROLES, editors(200), FORM),
    Row("role_lists.recorded", "GET", f"{ROLES}/lists/999", editors(404)),
    Row("role_lists.undo", "POST", f"{ROLES}/lists/999/undo", editors(404)),
    Row("member_imports.form", "GET", IMPORT, editors(200)),
    Row("member_imports.form", "POST", IMPORT, editors(200)),
    Row("member_imports.show", "GET", f"{IMPORT}/999", editors(404)),
    Row("member_imports.record", "POST", f"{IMPORT}/999/record", editors(404)),
    Row("member_imports.undo", "POST", f"{IMPORT}/999/undo", editors(404)),
    Row("member_imports.discard", "POST", f"{IMPORT}/999/discard", editors(303)),
    Row("member_imports.refused", "GET", f"{IMPORT}/999/refused.csv", editors(404)),
)
