"""The demo's consultation has groups, answers and a response."""

from __future__ import annotations

from datetime import UTC, datetime

from bridge.cli.demo.consultation import hold_consultation
from bridge.config import Config
from bridge.consultations.answers.results import given_answers, list_consultations
from bridge.consultations.responses import responses_of
from bridge.curriculum.library.folders import files_of
from bridge.curriculum.reader import read_text
from bridge.resources import resource
from bridge.store.database import Database

NOW = datetime(2026, 11, 28, 14, tzinfo=UTC)


def test_two_of_five_have_answered(db: Database) -> None:
    path = read_text(files_of(resource("curricula") / "member-steward-path")).curriculum
    assert path is not None
    assert hold_consultation(Config(), db, [path], NOW) == 5
    with db.reading() as session:
        [found] = list_consultations(session, 9)
        assert (found.invited, found.answered) == (5, 2)
        assert {each.choice for each in given_answers(session, found.id)} >= {"change", "missing"}
        assert len(responses_of(session, found.id)) == 1


def test_without_curricula_there_is_none(db: Database) -> None:
    assert hold_consultation(Config(), db, [], NOW) == 0
