"""core_course_*_categories."""

from __future__ import annotations

from bridge.moodle.sandbox.database import get, insert, rows, update
from bridge.moodle.sandbox.params import Args, Many, Maybe
from bridge.moodle.sandbox.refusal import Refusal
from bridge.moodle.sandbox.registry import Call, function

_FIELDS = ("name", "idnumber", "description", "parent")


@function(
    "core_course_create_categories",
    {
        "categories": Many(
            {
                "name": "text",
                "parent": Maybe("int", 0),
                "idnumber": Maybe("raw"),
                "description": Maybe("raw"),
                "descriptionformat": Maybe("int", 1),
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
        raise Refusal("unknowcategory", "Category not known!")
    _check(call, category, 0)
    key = insert(call.db, "category", **category.given(*_FIELDS))
    return {"id": key, "name": category.text("name")}


def _check(call: Call, category: Args, itself: int) -> None:
    if "name" in category and not category.text("name"):
        raise Refusal("categorynamerequired", "error/categorynamerequired")
    if len(category.text("name")) > 255:
        raise Refusal("categorytoolong", "error/categorytoolong")
    if len(category.text("idnumber")) > 100:
        raise Refusal("idnumbertoolong", "error/idnumbertoolong")
    other = get(call.db, "category", category.text("idnumber") or None, by="idnumber")
    if other is not None and other["id"] != itself:
        raise Refusal("categoryidnumbertaken", "ID number is already used for another category")


@function(
    "core_course_update_categories",
    {
        "categories": Many(
            {
                "id": "int",
                "name": Maybe("text"),
                "parent": Maybe("int"),
                "idnumber": Maybe("raw"),
                "description": Maybe("raw"),
                "descriptionformat": Maybe("int", 1),
            }
        )
    },
)
def update_categories(call: Call, args: Args) -> object:
    """All or none; answers null."""
    for category in args.each("categories"):
        if get(call.db, "category", category.int("id")) is None:
            raise Refusal("unknowncategory", "Unknown category")
        _check(call, category, category.int("id"))
        values = category.given(*_FIELDS)
        if values:
            update(call.db, "category", category.int("id"), values)
    return None


@function(
    "core_course_get_categories",
    {
        "criteria": Maybe(Many({"key": "alpha", "value": "raw"}), []),
        "addsubcategories": Maybe("bool", 1),
    },
)
def get_categories(call: Call, args: Args) -> object:
    """The categories that meet every criterion (id, ids, name, parent, idnumber, visible)."""
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
