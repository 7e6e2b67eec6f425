"""core_competency_*: frameworks, competencies and grading."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.functions.state import SCALE, SCALE_VALUES
from bridge.moodle.sandbox.params import Args, Many, Maybe, Shape
from bridge.moodle.sandbox.refusal import Refusal, invalid_parameter, missing_record
from bridge.moodle.sandbox.registry import Call, function

CONTEXT: dict[str, Shape] = {
    "contextid": Maybe("int"),
    "contextlevel": Maybe("raw"),
    "instanceid": Maybe("int"),
}
LISTING: dict[str, Shape] = {
    "sort": Maybe("raw"),
    "order": Maybe("raw", ""),
    "skip": Maybe("int", 0),
    "limit": Maybe("int", 0),
}


def invalid_persistent(what: str) -> Refusal:
    """What Moodle says when a record breaks one of its own rules."""
    return Refusal("invalidpersistenterror", f"Error: {what}", "core\\invalid_persistent_exception")


@function(
    "core_competency_create_competency_framework",
    {
        "competencyframework": {
            "shortname": "text",
            "idnumber": "raw",
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "visible": Maybe("bool"),
            "scaleid": "int",
            "scaleconfiguration": "raw",
            "taxonomies": Maybe("raw"),
            **CONTEXT,
        }
    },
)
def create_competency_framework(call: Call, args: Args) -> object:
    given = args.one("competencyframework")
    if given.int("scaleid") != SCALE:
        raise invalid_persistent("Scale ID is invalid.")
    if get(call.db, "framework", given.text("idnumber"), by="idnumber"):
        raise invalid_persistent("idnumber: ID number already in use")
    values = given.given(
        "shortname", "idnumber", "description", "visible", "scaleid", "scaleconfiguration"
    )
    return _framework(found(call.db, "framework", insert(call.db, "framework", **values)))


@function(
    "core_competency_update_competency_framework",
    {
        "competencyframework": {
            "id": "int",
            "shortname": Maybe("text"),
            "idnumber": Maybe("raw"),
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "visible": Maybe("bool"),
            "scaleid": Maybe("int"),
            "scaleconfiguration": Maybe("raw"),
            "taxonomies": Maybe("raw"),
            **CONTEXT,
        }
    },
)
def update_competency_framework(call: Call, args: Args) -> object:
    given = args.one("competencyframework")
    key = found(call.db, "framework", given.int("id"))["id"]
    values = given.given("shortname", "idnumber", "description", "visible")
    if values:
        update(call.db, "framework", key, values)
    return True


@function(
    "core_competency_list_competency_frameworks",
    {
        **LISTING,
        "context": CONTEXT,
        "includes": Maybe("alpha", "children"),
        "onlyvisible": Maybe("bool", 0),
        "query": Maybe("raw", ""),
    },
)
def list_competency_frameworks(call: Call, args: Args) -> object:
    every = rows(call.db, "SELECT * FROM framework ORDER BY id")
    return [_framework(row) for row in every if row["visible"] or not args.flag("onlyvisible")]


def _framework(row: sqlite3.Row) -> dict[str, object]:
    names = ("id", "shortname", "idnumber", "description", "scaleid", "scaleconfiguration")
    return {name: row[name] for name in names} | {
        "descriptionformat": 1,
        "visible": bool(row["visible"]),
        "contextid": 1,
        "taxonomies": "competency,competency,competency,competency",
        "canmanage": True,
    }


@function(
    "core_competency_create_competency",
    {
        "competency": {
            "shortname": "text",
            "idnumber": "raw",
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "sortorder": Maybe("int"),
            "parentid": Maybe("int"),
            "competencyframeworkid": "int",
        }
    },
)
def create_competency(call: Call, args: Args) -> object:
    given = args.one("competency")
    framework = found(call.db, "framework", given.int("competencyframeworkid"))["id"]
    siblings = _competencies(call.db, framework)
    if any(row["idnumber"] == given.text("idnumber") for row in siblings):
        raise invalid_persistent("idnumber: ID number already in use")
    values = given.given("shortname", "idnumber", "description", "competencyframeworkid")
    key = insert(call.db, "competency", sortorder=len(siblings), **values)
    return competency(found(call.db, "competency", key))


@function(
    "core_competency_update_competency",
    {
        "competency": {
            "id": "int",
            "shortname": Maybe("text"),
            "idnumber": Maybe("raw"),
            "description": Maybe("cleanhtml"),
            "descriptionformat": Maybe("int"),
            "sortorder": Maybe("int"),
            "parentid": Maybe("int"),
            "competencyframeworkid": Maybe("int"),
        }
    },
)
def update_competency(call: Call, args: Args) -> object:
    given = args.one("competency")
    key = found(call.db, "competency", given.int("id"))["id"]
    values = given.given("shortname", "idnumber", "description")
    if values:
        update(call.db, "competency", key, values)
    return True


@function(
    "core_competency_list_competencies",
    {"filters": Many({"column": "raw", "value": "raw"}), **LISTING},
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


def competency(row: sqlite3.Row) -> dict[str, object]:
    """A competency as Moodle shows it."""
    names = ("id", "shortname", "idnumber", "description", "sortorder", "competencyframeworkid")
    return {name: row[name] for name in names} | {
        "descriptionformat": 1,
        "parentid": 0,
        "path": "/0/",
        "ruletype": None,
        "ruleoutcome": 0,
        "ruleconfig": None,
        "scaleid": None,
        "scaleconfiguration": None,
    }


@function("core_competency_get_scale_values", {"scaleid": "int"})
def get_scale_values(_call: Call, args: Args) -> object:
    if args.int("scaleid") != SCALE:
        raise missing_record("scale")
    return [{"id": number, "name": name} for number, name in enumerate(SCALE_VALUES, 1)]


def found(db: sqlite3.Connection, table: str, key: int) -> sqlite3.Row:
    """A row that must exist, else Moodle's error with its own name of the table."""
    row = get(db, table, key)
    if row is None:
        raise missing_record(f"competency_{table}" if table != "competency" else "competency")
    return row
