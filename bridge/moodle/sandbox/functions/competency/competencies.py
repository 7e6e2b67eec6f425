"""core_competency_*: the competencies of a framework."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.competencies import LISTING, competency, found, invalid_persistent
from bridge.moodle.sandbox.database import insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import invalid_parameter
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "core_competency_create_competency",
    {
        "competency": {
            "shortname": "text",
            "idnumber": "raw",
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "sortorder": Nullable("int"),
            "parentid": Nullable("int"),
            "competencyframeworkid": "int",
        }
    },
)
def create_competency(call: Call, args: Args) -> object:
    """One competency; its idnumber must be free in the framework."""
    given = args.one("competency")
    framework = found(call.db, "framework", given.int("competencyframeworkid"))["id"]
    siblings = _competencies(call.db, framework)
    if any(row["idnumber"] == given.text("idnumber") for row in siblings):
        raise invalid_persistent("This ID number is already in use")
    values = given.given("shortname", "idnumber", "description", "competencyframeworkid")
    key = insert(call.db, "competency", sortorder=len(siblings), **values)
    return competency(found(call.db, "competency", key))


@function(
    "core_competency_update_competency",
    {
        "competency": {
            "id": "int",
            "shortname": Nullable("text"),
            "idnumber": Nullable("raw"),
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "sortorder": Nullable("int"),
            "parentid": Nullable("int"),
            "competencyframeworkid": Nullable("int"),
        }
    },
)
def update_competency(call: Call, args: Args) -> object:
    """Answers true."""
    given = args.one("competency")
    key = found(call.db, "competency", given.int("id"))["id"]
    values = given.given("shortname", "idnumber", "description")
    if values:
        update(call.db, "competency", key, values)
    return True


@function(
    "core_competency_list_competencies",
    {"filters": ListOf({"column": "raw", "value": "raw"}), **LISTING},
)
def list_competencies(call: Call, args: Args) -> object:
    """Filters are on id, shortname, idnumber or competencyframeworkid."""
    wanted = {f.text("column"): f.text("value") for f in args.each("filters")}
    if wanted.keys() - {"id", "shortname", "idnumber", "competencyframeworkid"}:
        raise invalid_parameter()
    every = rows(call.db, "SELECT * FROM competency ORDER BY id")
    matching = (row for row in every if all(str(row[c]) == v for c, v in wanted.items()))
    return [competency(row) for row in matching]


@function(
    "core_competency_search_competencies", {"searchtext": "raw", "competencyframeworkid": "int"}
)
def search_competencies(call: Call, args: Args) -> object:
    """Competencies whose name or idnumber contains the text."""
    text = args.text("searchtext").lower()
    every = _competencies(call.db, args.int("competencyframeworkid"))
    return [
        competency(row)
        for row in every
        if text in row["shortname"].lower() or text in row["idnumber"].lower()
    ]


def _competencies(db: sqlite3.Connection, framework: int) -> list[sqlite3.Row]:
    sql = "SELECT * FROM competency WHERE competencyframeworkid = ? ORDER BY sortorder"
    return rows(db, sql, framework)
