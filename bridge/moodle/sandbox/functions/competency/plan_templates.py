"""core_competency_*: templates of learning plans."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.competencies import CONTEXT, LISTING, competency, found, link
from bridge.moodle.sandbox.database import insert, rows, update
from bridge.moodle.sandbox.webservice.params import Args, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "core_competency_create_template",
    {
        "template": {
            "shortname": "text",
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "duedate": Nullable("int"),
            "visible": Nullable("bool"),
            **CONTEXT,
        }
    },
)
def create_template(call: Call, args: Args) -> object:
    """One template; it has no idnumber."""
    values = args.one("template").given("shortname", "description", "visible")
    return _template(found(call.db, "template", insert(call.db, "template", **values)))


@function(
    "core_competency_update_template",
    {
        "template": {
            "id": "int",
            "shortname": Nullable("text"),
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "duedate": Nullable("int"),
            "visible": Nullable("bool"),
            **CONTEXT,
        }
    },
)
def update_template(call: Call, args: Args) -> object:
    """Answers true."""
    given = args.one("template")
    key = found(call.db, "template", given.int("id"))["id"]
    values = given.given("shortname", "description", "visible")
    if values:
        update(call.db, "template", key, values)
    return True


@function(
    "core_competency_list_templates",
    {
        **LISTING,
        "context": CONTEXT,
        "includes": Nullable("alpha", "children"),
        "onlyvisible": Nullable("bool", 0),
    },
)
def list_templates(call: Call, _args: Args) -> object:
    """Every template."""
    return [_template(row) for row in rows(call.db, "SELECT * FROM template ORDER BY id")]


def _template(row: sqlite3.Row) -> dict[str, object]:
    return {name: row[name] for name in ("id", "shortname", "description")} | {
        "descriptionformat": 1,
        "visible": bool(row["visible"]),
        "duedate": 0,
        "contextid": 1,
    }


@function(
    "core_competency_add_competency_to_template", {"templateid": "int", "competencyid": "int"}
)
def add_competency_to_template(call: Call, args: Args) -> object:
    """True if added, false if already there."""
    return link(call.db, "template", args.int("templateid"), args.int("competencyid"))


@function("core_competency_list_competencies_in_template", {"id": "int"})
def list_competencies_in_template(call: Call, args: Args) -> object:
    """In the order in which they were added."""
    found(call.db, "template", args.int("id"))
    sql = (
        "SELECT c.* FROM templatecompetency t JOIN competency c ON c.id = competencyid"
        " WHERE templateid = ? ORDER BY t.id"
    )
    return [competency(row) for row in rows(call.db, sql, args.int("id"))]
