"""Pages with a learner's messages, badges and learning plans."""

from __future__ import annotations

import sqlite3

from flask import Response, render_template

from bridge.moodle.sandbox.competencies import competencies_of, grade_of
from bridge.moodle.sandbox.database import get, rows
from bridge.moodle.sandbox.pages.request_context import PageRequest, page, refuse, requested_id

_MESSAGES = (
    "SELECT message.*, firstname || ' ' || lastname AS sender FROM message"
    " JOIN user ON user.id = fromid WHERE toid = ? ORDER BY message.id DESC"
)
_BADGES = (
    "SELECT badge.*, time, image <> x'' AS pictured FROM badgeissued"
    " JOIN badge ON badge.id = badgeid WHERE userid = ? ORDER BY badgeissued.id DESC"
)


@page("/message/index.php")
def messages(visit: PageRequest) -> str:
    """The inbox, newest first."""
    found = rows(visit.db, _MESSAGES, visit.learner["id"])
    return render_template("messages.html", messages=found)


@page("/badges/mybadges.php")
def badges(visit: PageRequest) -> str:
    """The learner's badges."""
    found = rows(visit.db, _BADGES, visit.learner["id"])
    return render_template("badges.html", badges=found)


@page("/badges/image.php")
def badge_image(visit: PageRequest) -> Response | str:
    """The image of a badge."""
    badge = get(visit.db, "badge", requested_id("id"))
    if badge is None or not badge["image"]:
        refuse(404, "There is no such image.")
    return Response(badge["image"], mimetype="image/png")


@page("/admin/tool/lp/plans.php")
def plans(visit: PageRequest) -> str:
    """The learning plans, with their milestones and which of them are reached."""
    sql = "SELECT * FROM plan WHERE userid = ? ORDER BY id"
    found = [(plan, _milestones(visit, plan)) for plan in rows(visit.db, sql, visit.learner["id"])]
    return render_template("plans.html", plans=found)


def _milestones(
    visit: PageRequest, plan: sqlite3.Row
) -> list[tuple[sqlite3.Row, dict[str, object], str]]:
    sql = "SELECT note FROM usercompetency WHERE userid = ? AND competencyid = ?"
    found = []
    for row in competencies_of(visit.db, plan):
        note = next((r["note"] for r in rows(visit.db, sql, plan["userid"], row["id"])), "")
        found.append((row, grade_of(visit.db, plan["userid"], row), note))
    return found
