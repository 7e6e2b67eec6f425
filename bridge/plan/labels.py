"""Labels for what a plan shows: kinds of resources, fields and values."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.messages import Message
from bridge.plan.model import Kind, Value

KINDS: Mapping[Kind, Message] = {
    "category": Message("category"),
    "course": Message("course"),
    "section": Message("section"),
    "page": Message("page"),
    "link": Message("link"),
    "question": Message("question"),
    "quiz": Message("quiz"),
    "outline": Message("outline"),
    "cohort": Message("cohort"),
    "framework": Message("framework"),
    "competency": Message("competency"),
    "template": Message("template"),
    "badge": Message("badge"),
}
"""Kind -> label."""
FIELDS: Mapping[str, Message] = {
    "attempts allowed": Message("attempts allowed"),
    "closes": Message("closes"),
    "competencies": Message("competencies"),
    "completion": Message("completion"),
    "content": Message("content"),
    "description": Message("description"),
    "grading": Message("grading"),
    "idnumber": Message("ID number"),
    "image": Message("image"),
    "images": Message("images"),
    "name": Message("name"),
    "opens": Message("opens"),
    "order": Message("order"),
    "pass mark": Message("pass mark"),
    "questions": Message("questions"),
    "shortname": Message("short name"),
    "summary": Message("summary"),
    "time limit": Message("time limit"),
    "url": Message("web address"),
    "visible": Message("visible"),
}
"""Field name -> label."""
STATES: Mapping[Value, Message] = {
    True: Message("yes"),
    False: Message("no"),
    "highest": Message("highest grade"),
    "average": Message("average grade"),
    "first": Message("first attempt"),
    "last": Message("last attempt"),
    "on passing": Message("on passing"),
    "on view": Message("on viewing"),
    "changed": Message("changed"),
}
"""Value of a field, other than texts and numbers -> label."""
