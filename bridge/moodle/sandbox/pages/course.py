"""The list of courses, one course, a page, a link."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Response, redirect, render_template, request

from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.events import view
from bridge.moodle.sandbox.pages.request_context import (
    PageRequest,
    open_activity,
    open_course,
    page,
    requested_id,
)

_MINE = (
    "SELECT course.* FROM course JOIN enrolment ON courseid = course.id"
    " WHERE userid = ? AND suspended = 0 AND visible ORDER BY course.id"
)
_EVERY = "SELECT * FROM course WHERE format <> 'site' ORDER BY category, id"
_ACTIVITIES = (
    "SELECT a.*, coalesce(state, 0) AS state FROM activity a LEFT JOIN completion c"
    " ON c.cmid = a.cmid AND c.userid = ? WHERE a.sectionid = ? ORDER BY position"
)
_STYLE = Path(__file__).parent.parent / "templates" / "style.css"


@page("/")
def home(visit: PageRequest) -> Response | str:
    """A learner's courses; for others, links to sign in and to the preview."""
    courses = rows(visit.db, _MINE, visit.user["id"]) if visit.user else []
    return render_template("courses.html", courses=courses, preview=False)


@page("/my/")
def dashboard(visit: PageRequest) -> Response | str:
    """Moodle's other address of the home page."""
    return home(visit)


@page("/preview")
def preview(visit: PageRequest) -> str:
    """All courses, for the committee."""
    return render_template("courses.html", courses=rows(visit.db, _EVERY), preview=True)


@page("/course/view.php")
def course(visit: PageRequest) -> str:
    """One course with its sections and the user's completions."""
    found = open_course(visit, _requested_course(visit))
    sql = "SELECT * FROM section WHERE courseid = ? AND (visible OR ?) ORDER BY number"
    sections = [
        (section, _activities(visit, section))
        for section in rows(visit.db, sql, found["id"], visit.user is None)
    ]
    return render_template("course.html", course=found, sections=sections)


def _requested_course(visit: PageRequest) -> int:
    """The course by `id`, or by `idnumber` as in Moodle; otherwise "not found"."""
    named = request.args.get("idnumber", "")
    found = get(visit.db, "course", named, by="idnumber") if named else None
    return found["id"] if found else requested_id("id")


def _activities(visit: PageRequest, section: sqlite3.Row) -> list[sqlite3.Row]:
    found = rows(visit.db, _ACTIVITIES, visit.user["id"] if visit.user else 0, section["id"])
    return [row for row in found if row["visible"] or visit.user is None]


@page("/mod/page/view.php")
def text_page(visit: PageRequest) -> str:
    """A page; viewing it completes it."""
    activity = open_activity(visit, "page", requested_id("id"))
    if visit.user is not None:
        view(visit.db, activity, visit.user["id"], visit.now)
    course_ = get(visit.db, "course", activity["courseid"])
    return render_template("page.html", activity=activity, course=course_)


@page("/mod/url/view.php")
def link(visit: PageRequest) -> Response | str:
    """Redirect to the address; opening it completes it."""
    activity = open_activity(visit, "url", requested_id("id"))
    if visit.user is not None:
        view(visit.db, activity, visit.user["id"], visit.now)
    answer: Response = redirect(activity["content"])  # type: ignore[assignment]
    return answer


@page("/style.css")
def style(_visit: PageRequest) -> Response | str:
    """The one style sheet."""
    return Response(_STYLE.read_text("utf-8"), mimetype="text/css")
