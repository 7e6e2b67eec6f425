"""The conditions of an audience on the page of a milestone."""

from __future__ import annotations

from dataclasses import replace

from bridge.config import Config
from bridge.curriculum.audience import Audience
from bridge.store.database import Database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from tests.web.sample_site import PATH, Clock


def test_a_milestone_shows_the_conditions_of_its_audience(
    config: Config, database: Database, clock: Clock
) -> None:
    audience = Audience(role="chief-steward", region="north", milestone="second", status="retired")
    first = replace(PATH.milestones[0], audience=audience)
    path = replace(PATH, milestones=(first, *PATH.milestones[1:]))
    app = create_app(config, database, [path], now=clock, metrics=Metrics())
    page = app.test_client().get("/path/a-path/first").get_data(as_text=True)
    for words in ("For stewards", "Role: chief steward", "Region: North",
                  f"Milestone: {path.milestones[1].title.pick('en')}",
                  "Membership: retired member"):  # fmt: skip
        assert words in page
    assert "Unit:" not in page
