"""The rows of adding, correcting, deactivating and erasing members, and of notes."""

from __future__ import annotations

from tests.web.access_matrix.statuses import Row, editors

MEMBERS = "/committee/members"
MEMBER = f"{MEMBERS}/{{member}}"
NEW = {
    "number": "3003", "email": "new@union.example", "first_name": "New", "language": "en",
    "region": "north", "status": "",
}  # fmt: skip
WHY = {"reason": "Moved away"}

MEMBER_CHANGE_ROWS = (
    Row("members.add", "GET", f"{MEMBERS}/add", editors(200)),
    Row("members.add", "POST", f"{MEMBERS}/add", editors(200), NEW | {"number": "1001"}),
    Row("members.add", "POST", f"{MEMBERS}/add", editors(303), NEW),
    Row("members.edit", "GET", f"{MEMBER}/edit", editors(200)),
    Row("members.edit", "GET", f"{MEMBERS}/999999/edit", editors(404)),
    Row("members.edit", "POST", f"{MEMBER}/edit", editors(200), {"email": "no address"}),
    Row("members.deactivate", "GET", f"{MEMBER}/deactivate", editors(200)),
    Row("members.deactivate", "GET", f"{MEMBERS}/999999/deactivate", editors(404)),
    Row("members.deactivate", "POST", f"{MEMBER}/deactivate", editors(200)),
    Row("members.deactivate", "POST", f"{MEMBER}/deactivate", editors(303), WHY),
    Row("members.reactivate", "GET", f"{MEMBER}/reactivate", editors(200)),
    Row("members.reactivate", "GET", f"{MEMBERS}/999999/reactivate", editors(404)),
    Row("members.reactivate", "POST", f"{MEMBER}/reactivate", editors(303), WHY),
    Row("members.notes", "GET", f"{MEMBER}/notes", editors(200)),
    Row("members.notes", "GET", f"{MEMBERS}/999999/notes", editors(404)),
    Row("members.notes", "POST", f"{MEMBER}/notes", editors(303), {"text": "Called"}),
    Row("members.change_note", "GET", f"{MEMBER}/notes/999999", editors(404)),
    Row("members.change_note", "POST", f"{MEMBER}/notes/999999", editors(404), {"text": "x"}),
    Row("members.remove_note", "GET", f"{MEMBER}/notes/999999/remove", editors(404)),
    Row("members.remove_note", "POST", f"{MEMBER}/notes/999999/remove", editors(404)),
    Row("members.find_double", "GET", f"{MEMBER}/merge", editors(200)),
    Row("members.find_double", "GET", f"{MEMBERS}/999999/merge", editors(404)),
    Row("members.find_double", "POST", f"{MEMBER}/merge", editors(303), {"other": "1002"}),
    Row("members.merge", "GET", f"{MEMBER}/merge/{{other_member}}", editors(200)),
    Row("members.merge", "GET", f"{MEMBER}/merge/999999", editors(404)),
    Row("members.merge", "POST", f"{MEMBER}/merge/{{other_member}}", editors(200)),
    Row("members.erase", "GET", f"{MEMBER}/erase", editors(200)),
    Row("members.erase", "GET", f"{MEMBERS}/999999/erase", editors(404)),
    Row("members.erase", "POST", f"{MEMBER}/erase", editors(200)),
)
