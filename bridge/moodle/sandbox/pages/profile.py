"""A learner's own profile."""

from __future__ import annotations

from flask import Response, redirect, render_template, request

from bridge.moodle.sandbox.database import switched_on
from bridge.moodle.sandbox.pages.request_context import PageRequest, page
from bridge.moodle.sandbox.registration import OWN_FIELDS, edit_profile


@page("/user/edit.php")
def profile(visit: PageRequest) -> str:
    """The form; locked fields are disabled."""
    locked = ["idnumber"] if switched_on(visit.db, "numberlocked") else []
    return render_template(
        "profile.html", person=visit.learner, fields=OWN_FIELDS, locked=locked, names=_NAMES
    )


@page("/user/edit.php", "POST")
def save_profile(visit: PageRequest) -> Response | str:
    """Save the profile, and show it again."""
    edit_profile(visit.db, visit.learner["id"], request.form, visit.now)
    answer: Response = redirect("/user/edit.php", 303)  # type: ignore[assignment]
    return answer


_NAMES = {
    "firstname": "First name",
    "lastname": "Last name",
    "email": "Email address",
    "lang": "Language",
    "idnumber": "ID number",
}
