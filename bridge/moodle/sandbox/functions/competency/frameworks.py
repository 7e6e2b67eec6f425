"""core_competency_*: frameworks and the scale."""

from __future__ import annotations

import sqlite3

from bridge.moodle.sandbox.competencies import (
    CONTEXT,
    LISTING,
    SCALE,
    SCALE_VALUES,
    found,
    invalid_persistent,
)
from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import php_error
from bridge.moodle.sandbox.webservice.params import Args, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "core_competency_create_competency_framework",
    {
        "competencyframework": {
            "shortname": "text",
            "idnumber": "raw",
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "visible": Nullable("bool"),
            "scaleid": "int",
            "scaleconfiguration": "raw",
            "taxonomies": Nullable("raw"),
            **CONTEXT,
        }
    },
)
def create_competency_framework(call: Call, args: Args) -> object:
    """One framework; its idnumber must be free."""
    given = args.one("competencyframework")
    if given.int("scaleid") != SCALE:
        raise invalid_persistent("Scale ID is invalid.")
    if get(call.db, "framework", given.text("idnumber"), by="idnumber"):
        raise invalid_persistent("This ID number is already in use")
    values = given.given(
        "shortname", "idnumber", "description", "visible", "scaleid", "scaleconfiguration"
    )
    return _framework(found(call.db, "framework", insert(call.db, "framework", **values)))


@function(
    "core_competency_update_competency_framework",
    {
        "competencyframework": {
            "id": "int",
            "shortname": Nullable("text"),
            "idnumber": Nullable("raw"),
            "description": Nullable("cleanhtml"),
            "descriptionformat": Nullable("int"),
            "visible": Nullable("bool"),
            "scaleid": Nullable("int"),
            "scaleconfiguration": Nullable("raw"),
            "taxonomies": Nullable("raw"),
            **CONTEXT,
        }
    },
)
def update_competency_framework(call: Call, args: Args) -> object:
    """Answers true."""
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
        "includes": Nullable("alpha", "children"),
        "onlyvisible": Nullable("bool", 0),
        "query": Nullable("raw", ""),
    },
)
def list_competency_frameworks(call: Call, args: Args) -> object:
    """Every framework, or the visible ones."""
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


@function("core_competency_get_scale_values", {"scaleid": "int"})
def get_scale_values(_call: Call, args: Args) -> object:
    """The values of the only scale, numbered from 1."""
    if args.int("scaleid") != SCALE:
        raise php_error("Call to a member function load_items() on bool")
    return [{"id": number, "name": name} for number, name in enumerate(SCALE_VALUES, 1)]
