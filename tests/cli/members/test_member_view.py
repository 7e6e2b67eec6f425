"""What `members show` says about progress."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bridge.cli.members.member_view import member_as_data
from bridge.config import Config
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.store.database import open_database
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.members.queries import find
from tests.store.sample_members import ANNA, NOW, add
from tests.support.databases import with_tables
from tests.support.sample_curricula import curriculum, milestone, quiz, section, text

CONFIG = Config.model_validate({"member_roles": {"driver": "Bus driver"}})


def test_a_renamed_activity_is_not_missing_and_signoffs_have_their_keys(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    walk = SignedOff("long-walk", text("A walk"))
    step = milestone(
        "step",
        section("s", quiz("new", previously="old"), quiz("other")),
        requirements=(
            ActivityDone("new"),
            AtLeast(1, (ActivityDone("other"), walk)),
            HasRole("driver"),
        ),
    )
    with (
        with_tables("sqlite", request, tmp_path) as url,
        closing(open_database(url)) as database,
        database.transaction() as session,
    ):
        [anna] = add(session, [ANNA])
        upsert_completions(session, [CompletionRecord(anna, "path", "old", True, 90.0, NOW)])
        member = find(session, anna)
        assert member is not None
        data = member_as_data(session, [curriculum(step)], member, CONFIG, NOW.date())
    [path] = data["paths"]  # type: ignore[misc]
    assert path["milestones"][0]["missing"] == [
        "One of these: Pass the quiz “Quiz other”; Sign-off: A walk (key: long-walk)",
        "Role in the union: Bus driver",
    ]
