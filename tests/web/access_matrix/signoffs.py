"""The rows of signing off many people, and of corrections."""

from __future__ import annotations

from tests.web.access_matrix.sessions import for_those_named
from tests.web.access_matrix.statuses import Row, Statuses, editors, everybody

PAGE = "/committee/sign-offs"
MEMBER = "/committee/members/{member}"
FORM = {"requirement": "a-path:walk", "people": "1001", "step": "preview"}


def signers(status: int, **others: int) -> Statuses:
    """Open to the committee and all chairs."""
    opened = dict.fromkeys(("committee", "chair", "other_chair"), status)
    return everybody(403, nobody=303, bad_token=303, **opened | others)


SIGNOFF_ROWS = (
    Row("signoffs.form", "GET", PAGE, signers(200)),
    Row("signoffs.form", "POST", PAGE, signers(200), FORM),
    Row("signoffs.form", "POST", PAGE, signers(200), FORM | {"step": "list", "region": "x"}),
    Row("signoffs.recorded", "GET", f"{PAGE}/lists/999", signers(404)),
    Row("signoffs.undo", "POST", f"{PAGE}/lists/999/undo", signers(404)),
    Row("signoffs.session_form", "GET", f"{PAGE}/session/999", for_those_named(404)),
    Row("signoffs.session_form", "POST", f"{PAGE}/session/999", for_those_named(404), FORM),
    Row("signoffs.session_recorded", "GET", f"{PAGE}/session/999/lists/1", for_those_named(404)),
    Row("signoffs.session_undo", "POST", f"{PAGE}/session/999/lists/1/undo", for_those_named(404)),
    Row("corrections.decide", "GET", f"{MEMBER}/decisions/999", editors(404)),
    Row("corrections.decide", "POST", f"{MEMBER}/decisions/999", editors(404), {"answer": "keep"}),
    Row("corrections.change", "GET", f"{MEMBER}/credits/999/change", editors(404)),
    Row("corrections.change", "POST", f"{MEMBER}/credits/999/change", editors(404),
        {"reason": "x"}),
)  # fmt: skip
