"""What a plan speaks of, as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.plan.values import Kind, Value
from bridge.sentences import Sentence

KINDS: Mapping[Kind, Sentence] = {
    "category": Sentence("category"),
    "course": Sentence("course"),
    "section": Sentence("section"),
    "page": Sentence("page"),
    "link": Sentence("link"),
    "question": Sentence("question"),
    "quiz": Sentence("quiz"),
    "outline": Sentence("outline"),
    "cohort": Sentence("cohort"),
    "framework": Sentence("framework"),
    "competency": Sentence("competency"),
    "template": Sentence("template"),
    "badge": Sentence("badge"),
}
"""The kinds as people say them."""
FIELDS: Mapping[str, Sentence] = {
    "attempts allowed": Sentence("attempts allowed"),
    "closes": Sentence("closes"),
    "competencies": Sentence("competencies"),
    "completion": Sentence("completion"),
    "content": Sentence("content"),
    "description": Sentence("description"),
    "grading": Sentence("grading"),
    "idnumber": Sentence("ID number"),
    "image": Sentence("image"),
    "name": Sentence("name"),
    "opens": Sentence("opens"),
    "order": Sentence("order"),
    "pass mark": Sentence("pass mark"),
    "questions": Sentence("questions"),
    "shortname": Sentence("short name"),
    "summary": Sentence("summary"),
    "time limit": Sentence("time limit"),
    "url": Sentence("web address"),
    "visible": Sentence("visible"),
}
"""The fields as people say them."""
STATES: Mapping[Value, Sentence] = {
    True: Sentence("yes"),
    False: Sentence("no"),
    "highest": Sentence("the highest counts"),
    "average": Sentence("the average counts"),
    "first": Sentence("the first counts"),
    "last": Sentence("the last counts"),
    "on passing": Sentence("on passing"),
    "on view": Sentence("on viewing"),
    "changed": Sentence("changed"),
}
"""What a field can say besides texts and numbers."""
