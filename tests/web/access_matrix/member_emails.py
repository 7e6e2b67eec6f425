"""The rows of emails to many members."""

from __future__ import annotations

from tests.web.access_matrix.statuses import Row, editors

EMAILS = "/committee/members/emails"
TEXT = {"subject_en": "News", "text_en": "Hello", "version": "1", "step": "save"}

MEMBER_EMAIL_ROWS = (
    Row("member_emails.new", "POST", f"{EMAILS}/new", editors(303), {"region": "north"}),
    Row("member_emails.new", "POST", f"{EMAILS}/new", editors(404), {"region": "nowhere"}),
    Row("member_emails.show", "GET", f"{EMAILS}/999", editors(404)),
    Row("member_emails.edit", "GET", f"{EMAILS}/999/edit", editors(404)),
    Row("member_emails.save", "POST", f"{EMAILS}/999/edit", editors(410), TEXT),
    Row("member_emails.discard", "POST", f"{EMAILS}/999/discard", editors(404)),
    Row("member_emails.preview", "GET", f"{EMAILS}/999/preview", editors(404)),
    Row("member_emails.as_it_arrives", "GET", f"{EMAILS}/999/as-it-arrives/en", editors(404)),
    Row("member_emails.test", "POST", f"{EMAILS}/999/test", editors(404)),
    Row("member_emails.send", "POST", f"{EMAILS}/999/send", editors(404)),
    Row("member_emails.act", "POST", f"{EMAILS}/999/stop", editors(404)),
)
