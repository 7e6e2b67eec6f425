"""The user and context of a page request, and access checks."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from flask import Response, abort, g, request, session

from bridge.moodle.sandbox.database import get
from bridge.moodle.sandbox.events import enrolled

LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One request for a page: the open transaction, the user (None: preview) and the time."""

    db: sqlite3.Connection
    user: sqlite3.Row | None
    now: int

    @property
    def learner(self) -> sqlite3.Row:
        """The user; 403 if nobody is signed in."""
        if self.user is None:
            refuse(403, "Sign in first. This page shows a user's own data.")
        return self.user


Handler = Callable[[PageRequest], Response | str]

ROUTES: list[tuple[str, list[str], Handler]] = []


def page(rule: str, *methods: str) -> Callable[[Handler], Handler]:
    """Register the handler of a page; its name is the endpoint."""

    def register(handler: Handler) -> Handler:
        ROUTES.append((rule, list(methods or ("GET",)), handler))
        return handler

    return register


def open_request(db: sqlite3.Connection, now: int) -> PageRequest:
    """The context of the current request."""
    user = get(db, "user", session.get("userid"))
    if user is not None and (user["deleted"] or user["suspended"] or not user["confirmed"]):
        user = None
    if request.args.get("lang") in LANGUAGES:
        session["lang"] = request.args["lang"]
    session.setdefault("lang", user["lang"] if user else "en")
    g.user = user
    return PageRequest(db, user, now)


def refuse(status: int, why: str) -> NoReturn:
    """Stop the request with an error page that shows the reason."""
    abort(status, why)


def requested_id(name: str) -> int:
    """The id in the address; otherwise "not found"."""
    value = request.args.get(name, "")
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        refuse(404, "There is no such page.")
    return int(value)


def open_course(visit: PageRequest, key: int) -> sqlite3.Row:
    """A course that the user may see: enrolled and visible; in the preview, any course."""
    course = get(visit.db, "course", key)
    if course is None or course["format"] == "site":
        refuse(404, "There is no such course.")
    if visit.user is not None:
        if not enrolled(visit.db, key, visit.user["id"]):
            refuse(403, "You are not enrolled in this course.")
        if not course["visible"]:
            refuse(403, "This course is hidden at the moment.")
    return course


def open_activity(visit: PageRequest, modname: str, key: int) -> sqlite3.Row:
    """An activity of this kind that the user may see."""
    activity = get(visit.db, "activity", key, by="cmid")
    if activity is None or activity["modname"] != modname:
        refuse(404, "There is no such activity.")
    open_course(visit, activity["courseid"])
    section = get(visit.db, "section", activity["sectionid"])
    if visit.user is not None and not (activity["visible"] and section and section["visible"]):
        refuse(403, "This activity is hidden at the moment.")
    return activity


def csrf_token() -> str:
    """The token that every form of this session contains."""
    return str(session.setdefault("csrf", secrets.token_hex(16)))


def check_csrf() -> None:
    """Refuse a form without the session's token."""
    if request.method == "POST":
        sent, known = request.form.get("csrf", ""), str(session.get("csrf", ""))
        if not known or not secrets.compare_digest(sent.encode(), known.encode()):
            refuse(400, "The form has expired. Go back, reload the page and try again.")
