"""A member's next step is to see the sessions when a session is what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.model import Milestone
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.topics import Topic
from tests.web.sample_site import PATH, english, milestone
from tests.web.signed_in_users import SignedInUsers

TOPIC = Topic("hearings", english("Hearings"))
SIGNED = SignedOff("trained", english("Trained in class"))
STEP: Milestone = replace(
    milestone("first", "First"),
    requirements=(AtLeast(1, (SIGNED, Credited("hearings", "session"))),),
)


@pytest.mark.parametrize(
    ("topics", "words", "address"),
    [
        ((TOPIC,), "Attend the session “Hearings”", 'href="/sessions"'),
        ((), "Sign-off: Trained in class", 'href="mailto:'),
    ],
    ids=["with topics", "without sessions.yaml"],
)
def test_the_next_step(
    users: SignedInUsers, topics: tuple[Topic, ...], words: str, address: str
) -> None:
    users.shelf[:] = [replace(PATH, milestones=(STEP,), topics=topics)]
    page = users.client("member").get("/me").text
    box = page[page.index('class="card next"') :].partition("</section>")[0]
    assert words in box
    assert address in box
    assert "Sign-off: Trained in class" in page
