"""Drafts: saving, resuming, and two tabs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bridge.errors import FormError
from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import DraftConflict, FormPlace
from bridge.foundations.owners import Owner
from bridge.store.database import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def place_of(member_id: int, *names: str, subject: str = "") -> FormPlace:
    return FormPlace(Owner(member_id), names, subject)


def test_a_draft_is_resumed(db: Database, two_members: list[int]) -> None:
    place = place_of(two_members[0], "path/join")
    with db.transaction() as session:
        assert drafts.find(session, place) is None
        first = drafts.save(session, place, {"why": ["Because"], "empty": [""]}, 0, NOW)
        again = drafts.save(session, place, {"why": ["Because of us"]}, first.version, LATER)
    with db.reading() as session:
        found = drafts.find(session, place)
        assert found == again
        assert (again.answers, again.version, again.saved_at) == (
            {"why": ["Because of us"]}, 2, LATER,
        )  # fmt: skip
        assert drafts.list_drafts(session, two_members[0]) == [found]
        assert drafts.find(session, place_of(two_members[1], "path/join")) is None
        assert drafts.find(session, place_of(two_members[0], "path/join", subject="2027")) is None


@pytest.mark.parametrize("version", [0, 1])
def test_an_older_tab_never_overwrites_a_newer_draft(
    db: Database, two_members: list[int], version: int
) -> None:
    place = place_of(two_members[0], "path/join")
    with db.transaction() as session:
        drafts.save(session, place, {"why": ["First"]}, 0, NOW)
        drafts.save(session, place, {"why": ["In one tab"]}, 1, NOW)
    with db.transaction() as session, pytest.raises(DraftConflict) as conflict:
        drafts.save(session, place, {"why": ["In another"]}, version, LATER)
    assert conflict.value.saved.answers == {"why": ["In one tab"]}
    with db.transaction() as session:
        chosen = conflict.value.saved.version
        saved = drafts.save(session, place, {"why": ["In another"]}, chosen, LATER)
    assert saved.answers == {"why": ["In another"]}


def test_the_same_answers_again_are_no_conflict(db: Database, two_members: list[int]) -> None:
    place = place_of(two_members[0], "path/join")
    with db.transaction() as session:
        first = drafts.save(session, place, {"why": ["Same"]}, 0, NOW)
        assert drafts.save(session, place, {"why": ["Same"]}, 0, LATER) == first


def test_a_draft_that_was_sent_meanwhile_is_saved_again(
    db: Database, two_members: list[int]
) -> None:
    place = place_of(two_members[0], "path/join")
    with db.transaction() as session:
        assert drafts.save(session, place, {"why": ["Typed"]}, 7, NOW).version == 1


def test_a_draft_follows_a_renamed_form(db: Database, two_members: list[int]) -> None:
    with db.transaction() as session:
        drafts.save(session, place_of(two_members[0], "path/old"), {"why": ["x"]}, 0, NOW)
        place = place_of(two_members[0], "path/new", "path/old")
        saved = drafts.save(session, place, {"why": ["y"]}, 1, NOW)
        assert saved.form == "path/new"
        assert len(drafts.list_drafts(session, two_members[0])) == 1


def test_ten_thousand_characters_fit_and_a_book_does_not(
    db: Database, two_members: list[int]
) -> None:
    place = place_of(two_members[0], "path/join")
    with db.transaction() as session:
        drafts.save(session, place, {"why": ["é" * 10_000]}, 0, NOW)
        with pytest.raises(FormError, match="too much text"):
            drafts.save(session, place, {"why": ["x" * 300_001]}, 1, NOW)


def test_old_drafts_are_deleted(db: Database, two_members: list[int]) -> None:
    place = place_of(two_members[0], "path/join")
    with db.transaction() as session:
        drafts.save(session, place, {"why": ["x"]}, 0, NOW)
        drafts.prune(session, NOW)
        assert drafts.find(session, place)
        drafts.prune(session, LATER)
        assert drafts.find(session, place) is None
