"""Files of members, and who imports them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select

from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.role import HasRole
from bridge.member_imports.reading import Office, UploadedFile, look_at_file
from bridge.member_imports.recording import record_import
from bridge.member_imports.undoing import undo_import
from bridge.membership.known_roles import NO_KNOWN_ROLES
from bridge.store.batches import member_imports
from bridge.store.database import Database
from bridge.store.tables.member_imports import MemberImportRow
from bridge.store.tables.members import Member
from tests.store.sample_members import NOW
from tests.support.sample_curricula import curriculum, milestone, section

PATH = curriculum(milestone("steward", section("a"), requirements=[HasRole("steward")]))
ACTOR = "committee@union.example"
HEAD = "number,email,first_name,last_name,region,role,payroll_number"
REGIONS = {"north": Region(name="North"), "south": Region(name="South")}
MINUTE = timedelta(minutes=1)


def office(now: datetime = NOW, path: Sequence[Curriculum] = (PATH,), **more: object) -> Office:
    one = Office(REGIONS, path, NO_KNOWN_ROLES, ACTOR, now)
    return replace(one, **more)  # type: ignore[arg-type]


OFFICE, MINUTE_LATER = office(), office(NOW + MINUTE)


def row(number: int, /, region: str = "north", role: str = "", **cells: str) -> str:
    values = {
        "number": str(number), "email": f"m{number}@example.org", "first": f"First{number}",
        "last": f"Last{number}", "region": region, "role": role, "payroll": "", **cells,
    }  # fmt: skip
    return ",".join(values.values())


def look(db: Database, *rows: str, key: str = "k", head: str = HEAD, who: Office = OFFICE) -> int:
    content = "\n".join((head, *rows)).encode()
    with db.transaction() as session:
        return look_at_file(session, UploadedFile("members.csv", content, key), who)


def record(db: Database, *rows: str, key: str = "k", who: Office = OFFICE) -> int:
    """Look at rows, and record them."""
    found = look(db, *rows, key=key, who=who)
    record_import(db, found, who)
    return found


def undo(db: Database, found: int, who: Office = MINUTE_LATER) -> None:
    undo_import(db, found, who, "wrong file")


def rows_of(db: Database, found: int) -> list[MemberImportRow]:
    with db.reading() as session:
        return member_imports.rows_of(session, found, 99_999)


def states(db: Database, found: int) -> list[tuple[str, str]]:
    return [(each.state, each.result) for each in rows_of(db, found)]


def members(db: Database) -> dict[str, Member]:
    with db.reading() as session:
        return {str(each.number): each for each in session.scalars(select(Member))}


def count_into(engine: Any, statements: list[str]) -> Callable[..., None]:
    """Note the statements that are executed, until the returned function is removed."""

    def listen(*args: Any) -> None:
        statements.append(args[2])

    event.listen(engine, "before_cursor_execute", listen)
    return listen
