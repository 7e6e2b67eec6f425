"""The rows of the pages about consultations."""

from __future__ import annotations

from tests.web.access_matrix.statuses import (
    Row,
    editors,
    everybody,
    members,
    readers,
)

LIST = "/committee/consultations"
HERE = f"{LIST}/999"
LINK = "/link/no-such-link/consultation"
PEOPLE = f"{HERE}/people"
MINE = "/me/consultations/999"
ABOUT = "?about=a-path/"

CONSULTATION_ROWS = (
    Row("consultations.by_link", "GET", LINK, everybody(410)),
    Row("consultations.answer", "POST", LINK, everybody(410)),
    Row("consultations.approve", "POST", f"{LINK}/approval", everybody(410)),
    Row("consultations.mine", "GET", MINE, members(404)),
    Row("consultations.answer_mine", "POST", MINE, members(404)),
    Row("consultations.approve_mine", "POST", f"{MINE}/approval", members(404)),
    Row("committee_consultations.new", "GET", f"{LIST}/new", editors(200)),
    Row("committee_consultations.new", "GET", f"{LIST}/new{ABOUT}", editors(200)),
    Row("committee_consultations.new", "GET", f"{LIST}/new?about=x/y", editors(404)),
    Row("committee_consultations.create", "POST", f"{LIST}/new{ABOUT}", editors(200)),
    Row("committee_consultations.show", "GET", HERE, readers(404)),
    Row("committee_consultations.edit", "GET", f"{HERE}/edit", editors(404)),
    Row("committee_consultations.edit", "POST", f"{HERE}/edit", editors(404)),
    Row("committee_consultations.reopen", "GET", f"{HERE}/reopen", editors(404)),
    Row("committee_consultations.reopen", "POST", f"{HERE}/reopen", editors(404)),
    Row("committee_consultations.act", "POST", f"{HERE}/close", editors(404)),
    Row("committee_consultations.act", "POST", f"{HERE}/finish", editors(404)),
    Row("committee_consultations.respond", "POST", f"{HERE}/respond", editors(404),
        {"version": "0", "text": "Because."}),
    Row("committee_consultations.respond", "POST", f"{HERE}/respond", editors(400)),
    Row("committee_consultations.people", "GET", PEOPLE, readers(404)),
    Row("committee_consultations.invite", "POST", PEOPLE, editors(404)),
    Row("committee_consultations.add_group", "POST", f"{HERE}/groups", editors(404)),
    Row("committee_consultations.remove_group", "POST", f"{HERE}/groups/1/remove", editors(404)),
    Row("committee_consultations.change_invitation", "POST", f"{PEOPLE}/1/withdraw",
        editors(404)),
    Row("committee_consultations.answers", "GET", f"{PEOPLE}/1/answers", editors(404)),
    Row("committee_consultations.enter", "POST", f"{PEOPLE}/1/answers", editors(404)),
    Row("committee_consultations.answers_table", "GET", f"{HERE}/answers.csv", readers(404)),
    Row("committee_consultations.printed", "GET", f"{HERE}/print", readers(404)),
)  # fmt: skip
