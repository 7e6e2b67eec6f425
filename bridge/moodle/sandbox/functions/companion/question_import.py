"""local_stewardpath_import_questions: versions of questions in the course's bank."""

from __future__ import annotations

from bridge.curriculum.question_types.xml_reading import BadQuestion
from bridge.moodle.sandbox import ownership
from bridge.moodle.sandbox.database import insert, rows
from bridge.moodle.sandbox.quiz.question_documents import parse
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable
from bridge.moodle.sandbox.webservice.registry import Call, function


@function(
    "local_stewardpath_import_questions",
    {
        "courseid": "int",
        "category": "raw",
        "categoryname": "raw",
        "questions": Nullable(ListOf({"idnumber": "raw", "hash": "alphanumext", "xml": "raw"}), []),
    },
)
def import_questions(call: Call, args: Args) -> object:
    """Each question separately: created, updated, unchanged, or failed with a reason."""
    ownership.require_managed(args.text("category"))
    course = ownership.course(call.db, args.int("courseid"))["id"]
    category = _category(call, course, args.text("category"), args.text("categoryname"))
    return {"questions": [_import(call, category, item) for item in args.each("questions")]}


def _category(call: Call, course: int, idnumber: str, name: str) -> int:
    sql = "SELECT id FROM questioncategory WHERE courseid = ? AND idnumber = ?"
    for row in rows(call.db, sql, course, idnumber):
        return int(row["id"])
    return insert(call.db, "questioncategory", courseid=course, idnumber=idnumber, name=name)


def _import(call: Call, category: int, item: Args) -> dict[str, object]:
    answer: dict[str, object] = {"idnumber": item.text("idnumber"), "questionid": 0, "version": 0}
    try:
        ownership.require_managed(item.text("idnumber"))
        return answer | _save(call, category, item) | {"error": ""}
    except (BadQuestion, MoodleException) as error:
        return answer | {"action": "failed", "error": str(error)}


def _save(call: Call, category: int, item: Args) -> dict[str, object]:
    latest = _latest(call, category, item.text("idnumber"))
    if latest and item.text("hash") and latest[2] == item.text("hash"):
        return {"questionid": latest[0], "version": latest[1], "action": "unchanged"}
    idnumber, _ = parse(item.text("xml"))
    if idnumber != item.text("idnumber"):
        raise BadQuestion(f"The XML has the idnumber '{idnumber}', not the requested one.")
    entry = _entry(call, category, idnumber)
    version = latest[1] + 1 if latest else 1
    key = insert(
        call.db,
        "question",
        entryid=entry,
        version=version,
        hash=item.text("hash"),
        definition=item.text("xml"),
    )
    action = "updated" if latest else "created"
    return {"questionid": key, "version": version, "action": action}


def _latest(call: Call, category: int, idnumber: str) -> tuple[int, int, str] | None:
    sql = (
        "SELECT question.* FROM question JOIN entry ON entry.id = entryid"
        " WHERE categoryid = ? AND idnumber = ? ORDER BY version DESC LIMIT 1"
    )
    for row in rows(call.db, sql, category, idnumber):
        return row["id"], row["version"], row["hash"]
    return None


def _entry(call: Call, category: int, idnumber: str) -> int:
    sql = "SELECT id FROM entry WHERE categoryid = ? AND idnumber = ?"
    for row in rows(call.db, sql, category, idnumber):
        return int(row["id"])
    return insert(call.db, "entry", categoryid=category, idnumber=idnumber)
