"""The questions that were sent to Moodle, by the hash that Moodle keeps of them.

Moodle returns only the hash, so this is how a plan can show what a question was before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.dialect import insert_into
from bridge.store.tables.curricula import QuestionContent

BATCH_SIZE = 500


def remember(session: Session, contents: Mapping[str, str]) -> None:
    """Store questions as Moodle XML, by hash. A hash that is known stays as it is."""
    known = contents_of(session, contents)
    rows = [{"hash": key, "xml": contents[key]} for key in sorted(contents.keys() - known.keys())]
    if rows:
        session.execute(insert_into(session, QuestionContent).on_conflict_do_nothing(), rows)


def contents_of(session: Session, hashes: Collection[str]) -> dict[str, str]:
    """Return the stored questions with these hashes. One query for every 500."""
    wanted = sorted(hashes)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), BATCH_SIZE):
        some = QuestionContent.hash.in_(wanted[start : start + BATCH_SIZE])
        rows = session.execute(select(QuestionContent.hash, QuestionContent.xml).where(some))
        found |= {row.hash: row.xml for row in rows}
    return found
