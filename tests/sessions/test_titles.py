"""What sessions are called."""

from __future__ import annotations

from dataclasses import replace

from bridge.curriculum.text import Text
from bridge.curriculum.topics import Topic, TopicPart
from bridge.sessions.live_sessions import title_of
from bridge.sessions.tables import LiveSession
from tests.sessions.environment import PATH


def test_french_titles_have_their_no_break_spaces() -> None:
    part = TopicPart("one", Text((("en", "Part 1: a"), ("fr", "Partie 1 : a"))))
    topic = Topic("series", Text((("en", "Series"), ("fr", "Série"))), parts=(part,))
    live = LiveSession(curriculum=PATH.key, topic="series", part="one")
    curricula = [replace(PATH, topics=(topic,))]
    assert title_of(live, curricula, "fr") == "Série – Partie 1\N{NO-BREAK SPACE}: a"
    assert title_of(live, curricula, "en") == "Series – Part 1: a"
    assert title_of(live, [], "en") == "series – one"
