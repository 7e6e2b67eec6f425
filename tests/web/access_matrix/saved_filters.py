"""The rows of saved filters. Each of these users has saved none: there is nothing to find."""

from __future__ import annotations

from tests.web.access_matrix.statuses import Row, committee

SAVED = "/committee/saved"
ONE = f"{SAVED}/999"
OWN = {"name": "Mine", "page": "reports.who_is_where", "chosen-region": "north"}

SAVED_FILTER_ROWS = (
    Row("saved.save", "POST", SAVED, committee(303, other_chair=200), OWN),
    Row("saved.save", "POST", SAVED, committee(200), {**OWN, "name": ""}),
    Row("saved.save", "POST", SAVED, committee(303, chair=404, other_chair=404),
        {**OWN, "page": "audit_log.index"}),
    Row("saved.save", "POST", SAVED, committee(404), {**OWN, "page": "no.such_page"}),
    Row("saved.open_filter", "GET", f"{ONE}/open", committee(404)),
    Row("saved.edit", "GET", ONE, committee(404)),
    Row("saved.edit", "POST", ONE, committee(404), OWN),
    Row("saved.act", "POST", f"{ONE}/stop", committee(404)),
    Row("saved.act", "POST", f"{ONE}/resume", committee(404)),
    Row("saved.delete", "GET", f"{ONE}/delete", committee(404)),
    Row("saved.delete", "POST", f"{ONE}/delete", committee(404)),
    Row("saved.preview", "GET", f"{ONE}/send", committee(404)),
    Row("saved.send", "POST", f"{ONE}/send", committee(404)),
)  # fmt: skip
