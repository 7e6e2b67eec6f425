"""Sign in as any user, without a password."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, session

from bridge.moodle.sandbox.database import SERVICE, get, rows
from bridge.moodle.sandbox.events import user_seen
from bridge.moodle.sandbox.pages.request_context import PageRequest, page, refuse

_MAX_USERS_SHOWN = 50
_SEARCH = (
    "SELECT * FROM user WHERE id > ? AND deleted = 0 AND suspended = 0 AND confirmed = 1 AND"
    " (firstname || ' ' || lastname || ' ' || username || ' ' || email) LIKE ?"
    " ORDER BY lastname, firstname LIMIT ?"
)


@page("/login/index.php")
def signin(visit: PageRequest) -> str:
    """A list of users to choose from, with a search."""
    search = request.args.get("search", "").strip()
    users = rows(visit.db, _SEARCH, SERVICE, f"%{search}%", _MAX_USERS_SHOWN)
    return render_template("signin.html", users=users, search=search, max_shown=_MAX_USERS_SHOWN)


@page("/login/index.php", "POST")
def sign_in(visit: PageRequest) -> Response | str:
    """Sign in as the chosen user."""
    user = get(visit.db, "user", request.form.get("userid"))
    if user is None or user["id"] <= SERVICE or user["deleted"] or user["suspended"]:
        refuse(404, "There is no such user.")
    if not user["confirmed"]:
        refuse(403, "Confirm your email address first.")
    user_seen(visit.db, user["id"], visit.now)
    session["userid"], session["lang"] = user["id"], user["lang"]
    return _home()


@page("/login/logout.php", "POST")
def sign_out(_visit: PageRequest) -> Response | str:
    """Sign out."""
    session.clear()
    return _home()


def _home() -> Response | str:
    answer: Response = redirect("/", 303)  # type: ignore[assignment]
    return answer
