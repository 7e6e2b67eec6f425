"""The rows of the pages about live sessions. Who sees which session: `tests/web/sessions/`."""

from __future__ import annotations

from tests.web.access_matrix.statuses import GUEST, Row, Statuses, committee, editors, everybody

SCHEDULE = "/committee/sessions"
HERE = "/sessions/999"
SIGNED_OUT = {"nobody": 303, "bad_token": 303}


def own(status: int, signed_out: int = 303) -> Statuses:
    """Open to members; other users who are signed in are refused."""
    away = {"nobody": signed_out, "bad_token": signed_out}
    return everybody(403, member=status, other_member=status, **away)


def for_those_named(status: int) -> Statuses:
    """Not found for anyone else."""
    return everybody(status, **SIGNED_OUT)


SESSION_ROWS = (
    Row("sessions.index", "GET", "/sessions", everybody(200)),
    Row("sessions.this_month", "GET", "/sessions/month", everybody(303)),
    Row("sessions.month", "GET", "/sessions/month/2026-04", everybody(200)),
    Row("sessions.month", "GET", "/sessions/month/2026-13", everybody(404)),
    Row("sessions.feed", "GET", "/sessions.ics", everybody(200)),
    Row("sessions.one", "GET", f"{HERE}.ics", everybody(404)),
    Row("sessions.show", "GET", HERE, everybody(404, **SIGNED_OUT)),
    Row("sessions.register", "POST", f"{HERE}/register", own(404, 401), {"format": "online"}),
    Row("sessions.register", "POST", f"{HERE}/register", everybody(404), {"format": "by post"}),
    Row("sessions.leave", "POST", f"{HERE}/leave", own(404)),
    Row("sessions.confirm", "POST", f"{HERE}/confirm", own(404)),
    Row("sessions.code", "POST", f"{HERE}/code", own(404, 401), {"code": "123456"}),
    Row("sessions.code_by_link", "POST", "/link/no-such-link/session/code", everybody(410)),
    Row("sessions.join", "GET", f"{HERE}/join", own(404)),
    Row("sessions.guest", "GET", f"{HERE}/guest", everybody(404)),
    Row("sessions.guest", "POST", f"{HERE}/guest", everybody(404), GUEST),
    Row("sessions.guest_sent", "GET", f"{HERE}/guest/sent", everybody(200)),
    Row("sessions.by_link", "GET", "/link/no-such-link/session", everybody(410)),
    Row("sessions.join_by_link", "GET", "/link/no-such-link/session/join", everybody(410)),
    Row("sessions.act_by_link", "POST", "/link/no-such-link/session/leave", everybody(410)),
    Row("sessions.act_by_link", "POST", "/link/no-such-link/session/fly", everybody(404)),
    Row("sessions.register_several", "POST", "/sessions/several", own(303)),
    Row("sessions.rsvp", "GET", "/link/no-such-link/sessions", everybody(410)),
    Row("sessions.rsvp_several", "POST", "/link/no-such-link/sessions", everybody(410)),
    Row("sessions.rsvp_act", "POST", "/link/no-such-link/sessions/leave", everybody(410)),
    Row("committee_sessions.new", "GET", f"{SCHEDULE}/new", editors(200)),
    Row("committee_sessions.new", "POST", f"{SCHEDULE}/new", editors(200), {"room": "Hall"}),
    Row("committee_sessions.edit", "GET", f"{SCHEDULE}/999/edit", editors(404)),
    Row("committee_sessions.edit", "POST", f"{SCHEDULE}/999/edit", editors(404), {"room": "Hall"}),
    Row("committee_sessions.show", "GET", f"{SCHEDULE}/999", committee(404)),
    Row("committee_sessions.act", "POST", f"{SCHEDULE}/999/open", editors(303)),
    Row("committee_sessions.new_date", "POST", f"{SCHEDULE}/999/date", editors(404)),
    Row("committee_sessions.import_file", "GET", f"{SCHEDULE}/import", editors(200)),
    Row("committee_sessions.import_file", "POST", f"{SCHEDULE}/import", editors(200),
        {"text": "-"}),
    Row("committee_sessions.export", "GET", f"{SCHEDULE}/export.csv", editors(200)),
    Row("committee_sessions.repeat", "GET", f"{SCHEDULE}/999/repeat", editors(404)),
    Row("committee_sessions.repeat", "POST", f"{SCHEDULE}/999/repeat", editors(404),
        {"rhythm": "day"}),
    Row("committee_sessions.several", "POST", f"{SCHEDULE}/several", editors(303),
        {"action": "open"}),
    Row("committee_sessions.several", "POST", f"{SCHEDULE}/several", editors(400),
        {"action": "fly"}),
    Row("committee_sessions.roster", "GET", f"{SCHEDULE}/999/roster", for_those_named(404)),
    Row("committee_sessions.people", "GET", f"{SCHEDULE}/999/people", for_those_named(404)),
    Row("committee_sessions.people", "POST", f"{SCHEDULE}/999/people", for_those_named(404),
        {"names": "1", "action": "register"}),
    Row("committee_sessions.remove_person", "POST", f"{SCHEDULE}/999/people/remove",
        for_those_named(404), {"person": "1"}),
    Row("committee_sessions.history", "GET", f"{SCHEDULE}/999/history", for_those_named(404)),
    Row("committee_sessions.history_table", "GET", f"{SCHEDULE}/999/history.csv",
        for_those_named(404)),
    Row("committee_sessions.code", "GET", f"{SCHEDULE}/999/code", for_those_named(404)),
    Row("committee_sessions.attendance_file", "GET", f"{SCHEDULE}/999/attendance/file",
        for_those_named(404)),
    Row("committee_sessions.attendance_file", "POST", f"{SCHEDULE}/999/attendance/file",
        for_those_named(404)),
    Row("committee_sessions.walk_in", "GET", f"{SCHEDULE}/999/walk-in", for_those_named(404)),
    Row("committee_sessions.walk_in", "POST", f"{SCHEDULE}/999/walk-in", for_those_named(404),
        GUEST),
    Row("committee_sessions.materials", "GET", f"{SCHEDULE}/999/materials",
        for_those_named(404)),
    Row("committee_sessions.materials", "POST", f"{SCHEDULE}/999/materials",
        for_those_named(404), {"materials": "Read."}),
    Row("committee_sessions.attendance", "POST", f"{SCHEDULE}/999/attendance",
        for_those_named(404)),
)  # fmt: skip
