"""local_stewardpath_save_*: upserts of sections, pages, links and quizzes by idnumber."""

from __future__ import annotations

import sqlite3
from html import unescape

from bridge.moodle.sandbox import ownership, stored_files
from bridge.moodle.sandbox.database import Write, get, insert, rows, update
from bridge.moodle.sandbox.events import PASSED, complete, passes
from bridge.moodle.sandbox.webservice.moodle_errors import MoodleException
from bridge.moodle.sandbox.webservice.params import Args, ListOf, Nullable, Shape
from bridge.moodle.sandbox.webservice.registry import Call, function

_PLACE: dict[str, Shape] = {
    "courseid": "int",
    "sectionidnumber": "raw",
    "idnumber": "raw",
    "name": "raw",
    "intro": "raw",
    "visible": Nullable("bool", 1),
    **stored_files.FILES,
}
_UNTIMED = {
    "timelimit": 0,
    "timeopen": 0,
    "timeclose": 0,
    "attempts": 0,
    "grademethod": 1,
    "grade": 100.0,
    "completionusegrade": 1,
    "completionpassgrade": 1,
    "shuffleanswers": 1,
}


@function(
    "local_stewardpath_save_section",
    {
        "courseid": "int",
        "idnumber": "raw",
        "name": "raw",
        "summary": "raw",
        "visible": Nullable("bool", 1),
        **stored_files.FILES,
    },
)
def save_section(call: Call, args: Args) -> object:
    """A new section goes to the end; an existing one keeps its position."""
    db, idnumber = call.db, args.text("idnumber")
    ownership.require_managed(idnumber)
    ownership.require_name(args.text("name"))
    course = ownership.course(db, args.int("courseid"))
    values, files = args.given("name", "summary", "visible"), stored_files.given(args)
    known = ownership.find_section(db, course["id"], idnumber)
    if known is not None:
        changed = stored_files.store(db, "section", known["id"], files)
        action = update(db, "section", known["id"], values)
        return _saved(known["id"], "updated" if changed else action)
    number = 1 + _highest(db, "SELECT max(number) FROM section WHERE courseid = ?", course["id"])
    key = insert(db, "section", courseid=course["id"], number=number, idnumber=idnumber, **values)
    stored_files.store(db, "section", key, files)
    return _saved(key, "created")


@function("local_stewardpath_save_page", {**_PLACE, "content": "raw"})
def save_page(call: Call, args: Args) -> object:
    """Save a page. It is complete once viewed."""
    return _save(call.db, args, "page", content=args.text("content"), completionview=1)


@function("local_stewardpath_save_link", {**_PLACE, "url": "raw"})
def save_link(call: Call, args: Args) -> object:
    """Save a link. It is complete once opened."""
    if not args.text("url").strip().startswith(("http://", "https://")):
        what = f'"{args.text("url")}" is not a link.'
        raise MoodleException("badlink", what, ownership.PROBLEM)
    return _save(call.db, args, "url", content=unescape(args.text("url").strip()), completionview=1)


@function(
    "local_stewardpath_save_quiz",
    {**_PLACE, "pass": "float", "questions": Nullable(ListOf("raw"), [])},
)
def save_quiz(call: Call, args: Args) -> object:
    """Save a quiz of imported questions; once it has attempts, its list of questions is fixed."""
    if not 0 <= args.float("pass") <= 100:
        what = f"The pass mark {args.float('pass')} is not valid."
        raise MoodleException("badpass", what, ownership.PROBLEM)
    if len(set(args.texts("questions"))) < len(args.texts("questions")):
        raise MoodleException("questiontwice", "A question is listed twice.", ownership.PROBLEM)
    db = call.db
    ownership.course(db, args.int("courseid"))
    entries = [_entry(db, args.int("courseid"), q) for q in args.texts("questions")]
    known = ownership.find_activity(db, args.int("courseid"), args.text("idnumber"))
    same = known is not None and _entries(db, known["cmid"]) == entries
    if known is not None and not same:
        _refuse_attempted(db, known)
    saved = _save(db, args, "quiz", gradepass=args.float("pass"), **_UNTIMED)
    if not same:
        _set_entries(db, int(str(saved["id"])), entries)
        saved["action"] = "updated" if known is not None else "created"
    _complete_by_new_pass_mark(call, int(str(saved["id"])))
    return saved


def _complete_by_new_pass_mark(call: Call, cmid: int) -> None:
    """Complete users who reach a lowered pass mark; a raised one takes no completion away."""
    quiz = get(call.db, "activity", cmid, by="cmid")
    sql = "SELECT userid, max(grade) AS best FROM attempt WHERE cmid = ? GROUP BY userid"
    for row in rows(call.db, sql, cmid):
        if quiz is not None and row["best"] is not None and passes(quiz, row["best"]):
            complete(call.db, quiz, row["userid"], PASSED, call.now)


def _entry(db: sqlite3.Connection, courseid: int, idnumber: str) -> int:
    entry = ownership.question_entry(db, courseid, idnumber)
    if entry is None:
        raise ownership.unknown("question", idnumber, courseid)
    return int(entry["id"])


def _entries(db: sqlite3.Connection, cmid: int) -> list[int]:
    found = rows(db, "SELECT entryid FROM slot WHERE cmid = ? ORDER BY slot", cmid)
    return [row["entryid"] for row in found]


def _set_entries(db: sqlite3.Connection, cmid: int, entries: list[int]) -> None:
    db.execute("DELETE FROM slot WHERE cmid = ?", (cmid,))
    for number, entry in enumerate(entries, 1):
        insert(db, "slot", cmid=cmid, slot=number, entryid=entry)


def _refuse_attempted(db: sqlite3.Connection, quiz: sqlite3.Row) -> None:
    count = _highest(db, "SELECT count(*) FROM attempt WHERE cmid = ?", quiz["cmid"])
    if count:
        what = f"The quiz '{quiz['idnumber']}' has {count} attempts: its questions are fixed."
        raise MoodleException("quizhasattempts", what, ownership.PROBLEM)


def _save(
    db: sqlite3.Connection, args: Args, modname: str, **settings: object
) -> dict[str, object]:
    ownership.require_managed(args.text("idnumber"))
    ownership.require_name(args.text("name"))
    course = ownership.course(db, args.int("courseid"))
    section = ownership.section(db, course["id"], args.text("sectionidnumber"))
    values, files = args.given("name", "intro", "visible") | settings, stored_files.given(args)
    known = ownership.find_activity(db, course["id"], args.text("idnumber"))
    if known is None:
        idnumber = args.text("idnumber")
        cmid = _create(db, section, modname, idnumber=idnumber, **values)
        stored_files.store(db, "activity", cmid, files)
        return _saved(cmid, "created")
    if known["modname"] != modname:
        what = f'The idnumber "{known["idnumber"]}" belongs to a {known["modname"]}.'
        raise MoodleException("wrongkind", what, ownership.PROBLEM)
    moved: dict[str, object] = {}
    if known["sectionid"] != section["id"]:
        moved = {"sectionid": section["id"], "position": _next_position(db, section["id"])}
    changed = stored_files.store(db, "activity", known["cmid"], files)
    action = update(db, "activity", known["cmid"], {"completion": 2, **values, **moved}, by="cmid")
    return _saved(known["cmid"], "updated" if changed else action)


def _create(db: sqlite3.Connection, section: sqlite3.Row, modname: str, **values: object) -> int:
    instance = 1 + _highest(db, "SELECT max(instance) FROM activity WHERE modname = ?", modname)
    return insert(
        db,
        "activity",
        courseid=section["courseid"],
        sectionid=section["id"],
        position=_next_position(db, section["id"]),
        modname=modname,
        instance=instance,
        **values,
    )


def _next_position(db: sqlite3.Connection, sectionid: int) -> int:
    sql = "SELECT max(position) FROM activity WHERE sectionid = ?"
    return 1 + _highest(db, sql, sectionid)


def _highest(db: sqlite3.Connection, sql: str, value: object) -> int:
    return int(db.execute(sql, (value,)).fetchone()[0] or 0)


def _saved(key: int, action: Write) -> dict[str, object]:
    return {"id": key, "action": action}
