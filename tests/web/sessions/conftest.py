"""Users of a union whose curriculum has topics of live sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.config import Config
from bridge.curriculum.audience import Audience
from bridge.curriculum.topics import Topic, TopicPart
from bridge.store.database import Database
from tests.web.sample_site import PATH, Clock, english
from tests.web.signed_in_users import SignedInUsers

TOPICS = (
    Topic("hearings", english("Hearings"), description=english("What a *hearing* is.")),
    Topic("evening", english("Open evening"), audience=Audience(everyone=True), credit="none"),
    Topic("stewards", english("For stewards"), audience=Audience(stewards=True)),
    Topic("series", english("A series"), parts=(TopicPart("one", english("Part one")),
                                                TopicPart("two", english("Part two")))),
)  # fmt: skip


@pytest.fixture
def users(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    return users_of(config, database, clock)


def users_of(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    with_zone = config.model_copy(update={"timezone": "America/Toronto"})
    shelf = [replace(PATH, topics=TOPICS)]
    return SignedInUsers(with_zone, database, clock, shelf=shelf)
