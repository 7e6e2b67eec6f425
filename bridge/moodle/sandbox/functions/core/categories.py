"""core_course_*_categories."""

from __future__ import annotations

from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function

_FIELDS = ("name", "idnumber", "description", "parent")


@function(
    "core_course_create_categories",
    {
        "categories": ListOf(
            {
                "name": "text",
                "parent": Nullable("int", 0),
                "idnumber": Nullable("raw"),
                "description": Nullable("raw"),
                "descriptionformat": Nullable("int", 1),
            }
        )
    },
)
def create_categories(call: Call, args: Args) -> object:
    """All or none."""
    return [_create(call, category) for category in args.each("categories")]


def _create(call: Call, category: Args) -> dict[str, object]:
    parent = category.int("parent")
    if parent and get(call.db, "category", parent) is None:
        raise MoodleException("unknowcategory", "Category not known!")
    _check(call, category, 0)
    key = insert(call.db, "category", **category.given(*_FIELDS))
    return {"id": key, "name": category.text("name")}


def _check(call: Call, category: Args, itself: int) -> None:
    if "name" in category and not category.text("name"):
        raise MoodleException("categorynamerequired", "error/categorynamerequired")
    if len(category.text("name")) > 255:
        raise MoodleException("categorytoolong", "error/categorytoolong")
    if len(category.text("idnumber")) > 100:
        raise MoodleException("idnumbertoolong", "error/idnumbertoolong")
    other = get(call.db, "category", category.text("idnumber") or None, by="idnumber")
    if other is not None and other["id"] != itself:
        raise MoodleException(
            "categoryidnumbertaken", "ID number is already used for another category"
        )


@function(
    "core_course_update_categories",
    {
        "categories": ListOf(
            {
                "id": "int",
                "name": Nullable("text"),
                "parent": Nullable("int"),
                "idnumber": Nullable("raw"),
                "description": Nullable("raw"),
                "descriptionformat": Nullable("int", 1),
            }
        )
    },
)
def update_categories(call: Call, args: Args) -> object:
    """All or none; answers null."""
    for category in args.each("categories"):
        if get(call.db, "category", category.int("id")) is None:
            raise MoodleException("unknowncategory", "Unknown category")
        _check(call, category, category.int("id"))
        values = category.given(*_FIELDS)
        if values:
            update(call.db, "category", category.int("id"), values)
    return None


@function(
    "core_course_get_categories",
    {
        "criteria": Nullable(ListOf({"key": "alpha", "value": "raw"}), []),
        "addsubcategories": Nullable("bool", 1),
    },
)
def get_categories(call: Call, args: Args) -> object:
    """The categories that meet all criteria (id, ids, name, parent, idnumber, visible)."""
    wanted = [(c.text("key"), c.text("value")) for c in args.each("criteria")]
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "idnumber": row["idnumber"],
            "description": row["description"],
            "descriptionformat": 1,
            "parent": row["parent"],
            "visible": row["visible"],
            "theme": "",
        }
        for row in rows(call.db, "SELECT * FROM category ORDER BY id")
        if all(_meets(str(row[key if key != "ids" else "id"]), key, v) for key, v in wanted)
    ]


def _meets(actual: str, key: str, value: str) -> bool:
    return actual in value.split(",") if key == "ids" else actual == value
