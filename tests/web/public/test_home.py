"""Public pages, error pages, and headers of every response."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from waitress.server import create_server

from bridge.config import Config, ServiceSettings
from bridge.curriculum.model import Text
from bridge.member_records import MemberRecord
from bridge.store.database import Database, open_database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning import awards
from bridge.store.learning.awards import AwardRecord
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.members import Member
from bridge.web.app import create_app
from bridge.web.common.access import open_to
from bridge.web.common.metrics import Metrics
from tests.support.query_lists import listed
from tests.support.waiting import HANG_SECONDS
from tests.web.conftest import NOON, PATH, Clock
from tests.web.query_counter import counted
from tests.web.sample_site import count

XSS = '<script>alert("x")</script>'
FRENCH = {"Accept-Language": "fr-CA, en;q=0.5"}


def populate(database: Database, people: int) -> None:
    with database.transaction() as session:
        records = [
            MemberRecord(f"N-{n}", f"m{n}@member.example", "Kim", "Doe") for n in range(people)
        ]
        members = upsert_members(session, records, NOON).created
        # As an earlier release stored them: names with tags are refused now.
        session.execute(update(Member).values(first_name=XSS, last_name=XSS))
        awards.grant(
            session, [AwardRecord(m, "a-path", "first", "0" * 64, {}, NOON) for m in members]
        )
        owed = [DeliveryRecord(member, "mail", "first", {}) for member in members]
        deliveries.enqueue(session, owed, NOON)
        (claimed,) = deliveries.claim(session, "mail", "test", NOON, timedelta(60), 1)
        deliveries.mark_failed(session, claimed.id, "test", f"refused {XSS}")
    count(database, lambda: NOON)


def test_milestones_are_in_order_with_their_counts(client: FlaskClient, database: Database) -> None:
    populate(database, 3)
    page = client.get("/").text
    assert page.index("First") < page.index("Second")
    assert "3 people have reached it" in page
    assert "No one has reached it yet" in page
    assert "Read <strong>this</strong>." in page


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"seconds": 0}, "0 seconds ago"),
        ({"seconds": 40}, "40 seconds ago"),
        ({"seconds": 60}, "1 minute ago"),
        ({"minutes": 125}, "2 hours ago"),
        ({"days": 3}, "3 days ago"),
    ],
)
def test_the_page_shows_when_moodle_was_read(
    client: FlaskClient,
    clock: Clock,
    pulled: Callable[..., None],
    later: dict[str, float],
    said: str,
) -> None:
    pulled()
    clock.forward(**later)
    assert f">{said}</time>" in client.get("/").text


def test_the_state_is_never_fine_late_or_failed(
    client: FlaskClient, clock: Clock, pulled: Callable[..., None]
) -> None:
    assert 'class="state never"' in client.get("/").text
    pulled()
    clock.forward(seconds=15)
    assert 'class="state fine"' in client.get("/").text
    clock.forward(seconds=286)
    assert 'class="state late"' in client.get("/").text
    pulled(ok=False)
    clock.forward(seconds=15)
    page = client.get("/").text
    assert 'class="state failed"' in page
    assert "5 minutes ago" in page


def test_pending_updates_are_counted_without_names(client: FlaskClient, database: Database) -> None:
    populate(database, 3)
    page = client.get("/").text
    assert "Pending updates</dt><dd>2</dd>" in page
    assert "Failed" not in page, "what failed is for the committee"
    assert "member.example" not in page
    assert "alert(" not in page


def test_french_browsers_get_french(client: FlaskClient) -> None:
    page = client.get("/", headers=FRENCH)
    assert '<html lang="fr">' in page.text
    assert "Cours" in page.text
    assert "First (fr)" in page.text
    assert "Accept-Language" in page.headers["Vary"]


@pytest.mark.parametrize("wanted", ["", "iu", "en-CA, fr;q=0.9", "fr;q=0, en", "*"])
def test_other_browsers_get_the_configured_language(client: FlaskClient, wanted: str) -> None:
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": wanted}).text


def test_a_curriculum_without_french_is_marked_as_english(
    config: Config, database: Database, clock: Clock
) -> None:
    english = replace(PATH, languages=("en",), title=Text((("en", "Only English"),)))
    app = create_app(config, database, [english], now=clock, metrics=Metrics())
    page = app.test_client().get("/", headers=FRENCH).text
    assert '<div lang="en">\n<h2 id="path-a-path">Only English' in page


def test_texts_of_the_union_and_the_committee_are_escaped(
    config: Config, database: Database, clock: Clock
) -> None:
    wicked = Text((("en", XSS),))
    step = replace(PATH.milestones[0], title=wicked, summary=wicked, expectations=(wicked,))
    path = replace(PATH, title=wicked, summary=wicked, milestones=(step,))
    app = create_app(config, database, [path], now=clock, metrics=Metrics())
    for address in ("/", "/path/a-path/first"):
        page = app.test_client().get(address).text
        assert "<script>" not in page
        assert "Example &lt;Union&gt;" in page


@pytest.mark.parametrize("address", ["/", "/welcome", "/path/a-path/first", "/signup", "/nowhere"])
def test_the_page_is_well_formed(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    for landmark in ("<header>", '<main id="content"', "<footer>", 'href="#content"'):
        assert page.count(landmark) == 1
    assert page.count("<h1") == 1
    for forbidden in ("style=", "<script>", "onclick", "<style"):
        assert forbidden not in page


def test_without_curricula_there_is_still_a_page(
    config: Config, database: Database, clock: Clock
) -> None:
    app = create_app(config, database, [], now=clock, metrics=Metrics())
    assert "no courses yet" in app.test_client().get("/").text


# --- pages of milestones


def test_an_open_milestone_needs_no_account(client: FlaskClient) -> None:
    page = client.get("/path/a-path/first").text
    assert 'href="/path/a-path/first/read-me"' in page
    assert 'href="/path/a-path/first/quiz/a-quiz"' in page
    assert 'href="https://union.example/agreement"' in page
    assert "Knows &lt;b&gt;whom&lt;/b&gt; to ask" in page
    assert 'view.php?idnumber=stewardpath%3Aa-path%3Afirst"' in page


def test_a_closed_milestone_shows_only_titles(
    config: Config, database: Database, clock: Clock
) -> None:
    closed = replace(PATH, milestones=(replace(PATH.milestones[0], access="account"),))
    app = create_app(config, database, [closed], now=clock, metrics=Metrics())
    page = app.test_client().get("/path/a-path/first").text
    assert "Read me" in page
    assert "to read." not in page
    assert "union.example/agreement" not in page
    assert "Sign in to Moodle" in page


def test_a_milestone_page_shows_the_next_one_and_links(
    config: Config, database: Database, clock: Clock
) -> None:
    union = config.union.model_copy(update={"links": {"Photos": "https://photos.example"}})
    linked = config.model_copy(update={"union": union})
    app = create_app(linked, database, [PATH], now=clock, metrics=Metrics())
    page = app.test_client().get("/path/a-path/first").text
    assert "Milestone 1 of 2" in page
    assert 'href="/path/a-path/second"' in page
    assert 'href="https://photos.example"' in page
    assert 'href="/contact/a-path/first"' in page
    assert "@union.example" not in page


def test_the_union_page_shows_benefits_and_how_to_sign_up(client: FlaskClient) -> None:
    page = client.get("/welcome").text
    assert "What you get as a member" in page
    assert ">http://127.0.0.1:8080/signup</a>" in page
    assert "director@union.example" not in page
    client.set_cookie("region", "north")
    assert "director@union.example" in client.get("/welcome").text


def test_public_pages_make_no_queries_once_cached(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    pages = ("/", "/welcome", "/path/a-path/first", "/path/a-path/first/read-me",
             "/path/a-path/first/quiz/a-quiz", "/contact/a-path/first")  # fmt: skip
    for page in pages:
        client.get(page)
    with counted(database) as queries:
        for page in pages:
            assert client.get(page).status_code == 200
    assert queries == [], listed(queries)


def test_home_makes_the_same_queries_for_any_number_of_members(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    with counted(database) as few:
        client.get("/")
    populate(database, 20)
    clock.forward(seconds=15)
    with counted(database) as many:
        assert "20 people have reached it" in client.get("/").text
    reads = [[each for each in queries if each.startswith("SELECT")] for queries in (few, many)]
    assert len(reads[0]) == 3, listed(reads[0])
    assert len(reads[1]) == 3, listed(reads[1])


def test_links_with_a_previous_milestone_key_work(
    config: Config, database: Database, clock: Clock
) -> None:
    renamed = replace(PATH.milestones[0], key="beginning", previously="first")
    path = replace(PATH, milestones=(renamed,))
    app = create_app(config, database, [path], now=clock, metrics=Metrics())
    assert app.test_client().get("/path/a-path/first").status_code == 200


@pytest.mark.parametrize("path", ["a-path/nowhere", "nowhere/first", "a-path/", "a-path/%2e%2e"])
def test_unknown_milestones_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/path/{path}").status_code == 404


# --- headers


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/metrics", "/nowhere", "/hooks/members",
             "/static/stewardpath.css"],
)  # fmt: skip
def test_every_response_has_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert ("no-store" in headers.get("Cache-Control", "")) is ("static" not in path)


def test_https_sets_strict_transport_security(
    config: Config, database: Database, clock: Clock
) -> None:
    secure = config.model_copy(update={"service": ServiceSettings(url="https://path.example")})
    app = create_app(secure, database, [PATH], now=clock, metrics=Metrics())
    assert "max-age" in app.test_client().get("/").headers["Strict-Transport-Security"]


# --- errors


def test_unknown_pages_are_not_found(client: FlaskClient) -> None:
    answer = client.get("/nowhere<script>")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "<script" not in answer.text


def test_programs_get_problem_json(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json"
    assert answer.json
    assert answer.json["status"] == 404


def test_a_wrong_method_is_refused(client: FlaskClient) -> None:
    answer = client.post("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Something went wrong" in answer.text


def test_no_traceback_reaches_a_visitor(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    broken = open_to("public-pages")(lambda: str(1 / 0))
    app.add_url_rule("/broken", view_func=broken)
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    for inside in ("Traceback", "ZeroDivision", "division", ".py"):
        assert inside not in answer.text
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_an_unavailable_database_shows_an_error_page(
    config: Config, tmp_path: Path, clock: Clock
) -> None:
    empty = open_database(f"sqlite:///{tmp_path}/empty.db")
    app = create_app(config, empty, [PATH], now=clock, metrics=Metrics())
    answer = app.test_client().get("/")
    empty.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Try again" in answer.text
    assert "empty.db" not in answer.text


def test_it_runs_under_waitress(app: Flask) -> None:
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with urlopen(f"http://127.0.0.1:{server.effective_port}/", timeout=HANG_SECONDS) as answer:
            page = answer.read().decode()
            assert answer.status == 200
    finally:
        server.trigger.pull_trigger(server.close)
        thread.join(timeout=HANG_SECONDS)
    assert "A Path &amp; More" in page
    assert not thread.is_alive()
