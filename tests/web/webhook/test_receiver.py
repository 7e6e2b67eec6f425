"""The webhook: valid requests, and requests that are refused."""

from __future__ import annotations

import io
import json
import logging
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bridge.config import Config
from bridge.membership.roles import HeldRole
from bridge.store.database import Database
from bridge.store.delivery import delivery_queries
from bridge.store.members.queries import count_members, get_member
from bridge.store.members.roles import roles_of
from bridge.store.tables.operations import WebhookRequest
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from bridge.web.webhook.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from tests.web.conftest import NOON, PATH, SECRET, Clock, Send

KIM = {
    "number": "N-1",
    "email": "kim@member.example",
    "first_name": "Kim",
    "last_name": "Example",
    "region": "north",
    "language": "fr",
    "role": "steward",
    "role_since": "2026-02-01",
}
PERSONAL = ("kim@member.example", "Kim", "Example", "N-1")


def count(database: Database) -> int:
    with database.reading() as session:
        return count_members(session)


def test_a_member_is_signed_up_with_deliveries(send: Send, database: Database) -> None:
    answer = send({"members": [KIM]})
    assert answer.status_code == 202
    assert answer.json == {
        "status": "accepted",
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": [],
        "warnings": [],
    }
    with database.reading() as session:
        member = get_member(session, "N-1")
        assert member
        assert (member.email, member.language, member.source) == (
            "kim@member.example",
            "fr",
            "webhook",
        )
        assert delivery_queries.count_deliveries(session)["welcome", "owed"] == 1


def test_the_same_members_again_change_nothing(send: Send, clock: Clock) -> None:
    send({"members": [KIM]})
    clock.forward(seconds=1)
    assert send({"members": [KIM]}).json == {
        "status": "accepted", "created": 0, "changed": 0, "unchanged": 1, "refused": [],
        "warnings": [],
    }  # fmt: skip


def test_numbers_may_be_integers_and_fields_may_be_missing(send: Send, database: Database) -> None:
    body = {
        "members": [{"number": 17, "email": "lee@member.example", "last_name": "L", "role": None}]
    }
    assert send(body).status_code == 202
    with database.reading() as session:
        assert get_member(session, "17")


def test_facts_of_the_membership_system_are_stored(send: Send, database: Database) -> None:
    facts = {"status": "Retired", "unit": "12", "supervisor_email": "sue@employer.example"}
    assert send({"members": [KIM | facts]}).status_code == 202
    with database.reading() as session:
        kim = get_member(session, str(KIM["number"]))
    assert kim
    assert (kim.status, kim.unit, kim.supervisor_email) == ("retired", "12", "sue@employer.example")


def test_a_list_of_roles_is_stored(send: Send, database: Database) -> None:
    trustee = {"role": "Trustee", "region": "NORTH", "since": "2026-02-01", "until": None}
    member = {name: KIM[name] for name in KIM if not name.startswith("role")}
    for roles in (["steward", trustee], [], None):
        assert send({"members": [member | {"roles": roles}]}).json
    with database.reading() as session:
        kim = get_member(session, str(KIM["number"]))
        assert kim
        stored = [each.held for each in roles_of(session, [kim.id])[kim.id]]
    assert stored == [HeldRole("steward"), HeldRole("trustee", "north", since=date(2026, 2, 1))]


def test_other_roles_and_languages_are_accepted_with_a_warning(
    send: Send, database: Database
) -> None:
    without_role = {name: KIM[name] for name in KIM if not name.startswith("role")}
    members = [
        {"email": "nobody"},
        without_role | {"roles": ["stewrad", "Délégué·e en chef"], "language": "de"},
        KIM | {"number": "N-2", "email": "b@member.example", "language": "Français"},
    ]
    answer = send({"members": members})
    assert answer.json
    assert answer.json["created"] == 2
    first, second = answer.json["warnings"]
    assert (first["index"], second["index"]) == (1, 1)
    assert "names one of the roles, so it opens nothing. Did you mean steward?" in first["warning"]
    assert "pages and emails are in en and fr only, not in de" in second["warning"]
    assert "stewrad" not in answer.text
    with database.reading() as session:
        kim, other = get_member(session, "N-1"), get_member(session, "N-2")
        assert kim
        assert other
        assert other.language == "fr"
        held = [each.held.role for each in roles_of(session, [kim.id])[kim.id]]
    assert held == ["stewrad", "chief-steward"]


@pytest.mark.parametrize("more", [["trustee", "*"], ["trustee;*"], [{"role": "trustee"}, "*"],
                                  [{"role": "trustee"}, {"role": "*"}]])  # fmt: skip
def test_a_star_in_the_list_keeps_the_roles_sent_before(
    send: Send, database: Database, more: list[object]
) -> None:
    send({"members": [KIM]})
    assert send({"members": [KIM | {"role": None, "role_since": None, "roles": more}]}).json
    with database.reading() as session:
        kim = get_member(session, "N-1")
        assert kim
        held = [each.held.role for each in roles_of(session, [kim.id])[kim.id]]
    assert held == ["steward", "trustee"]


def test_without_configured_regions_any_region_is_accepted(
    database: Database, config: Config, clock: Clock
) -> None:
    free = config.model_copy(update={"regions": {}})
    client = create_app(free, database, [PATH], now=clock, metrics=Metrics()).test_client()
    body = json.dumps({"members": [KIM | {"region": "atlantis"}]}).encode()
    sent = int(NOON.timestamp())
    headers = {TIMESTAMP_HEADER: str(sent), SIGNATURE_HEADER: sign(SECRET, sent, body)}
    answer = client.post(
        "/hooks/members", data=body, headers=headers, content_type="application/json"
    )
    assert answer.json
    assert answer.json["created"] == 1


# --- who may send


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "guessed"},
        {"timestamp": str(int((NOON - timedelta(seconds=301)).timestamp()))},
        {"timestamp": str(int((NOON + timedelta(seconds=301)).timestamp()))},
        {"timestamp": "noon"},
        {"headers": {"Stewardpath-Signature": None}},
        {"headers": {"Stewardpath-Timestamp": None}},
        {"headers": {"Stewardpath-Signature": "v1=" + "0" * 64}},
    ],
    ids=["secret", "old", "future", "no-number", "unsigned", "undated", "zeros"],
)
def test_a_request_without_valid_signature_is_refused(
    send: Send, database: Database, wrong: dict[str, object]
) -> None:
    answer = send({"members": [KIM]}, **wrong)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json
    assert answer.json["status"] == 401
    assert not [word for word in PERSONAL if word in answer.text]
    assert count(database) == 0


def test_a_replay_does_nothing(send: Send, database: Database, clock: Clock) -> None:
    sent = str(int(NOON.timestamp()))
    first = send({"members": [KIM]}, timestamp=sent)
    with database.transaction() as session:
        member = get_member(session, "N-1")
        assert member
        member.first_name = "Changed since"
    clock.forward(seconds=299)
    again = send({"members": [KIM]}, timestamp=sent)
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json == {"status": "duplicate"}
    with database.reading() as session:
        member = get_member(session, "N-1")
        assert member
        assert member.first_name == "Changed since"


def test_a_replay_is_recognised_as_long_as_its_signature_is_valid(
    send: Send, database: Database, clock: Clock
) -> None:
    """A request from a clock 300 seconds ahead of ours stays valid for 600 seconds."""
    ahead = str(int((NOON + timedelta(seconds=300)).timestamp()))
    assert send({"members": [KIM]}, timestamp=ahead).status_code == 202
    clock.forward(seconds=600)
    assert send({"members": []}).status_code == 202
    assert send({"members": [KIM]}, timestamp=ahead).json == {"status": "duplicate"}
    clock.forward(seconds=1)
    assert send({"members": [KIM]}, timestamp=ahead).status_code == 401


def test_old_signatures_are_deleted(send: Send, database: Database, clock: Clock) -> None:
    send({"members": []})
    clock.forward(seconds=601)
    send({"members": []})
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebhookRequest)) == 1


def test_a_request_that_failed_can_be_repeated(
    send: Send, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("bridge.web.webhook.receiver.sign_up", lambda *_, **__: 1 / 0)
        assert send({"members": [KIM]}).status_code == 500
    assert send({"members": [KIM]}).status_code == 202
    assert count(database) == 1


def test_without_a_secret_the_webhook_is_unavailable(
    database: Database, config: Config, clock: Clock
) -> None:
    bare = config.model_copy(update={"webhook_secret": None})
    client = create_app(bare, database, [PATH], now=clock, metrics=Metrics()).test_client()
    answer = client.post("/hooks/members", json={"members": [KIM]})
    assert answer.status_code == 503
    assert answer.json
    assert "STEWARDPATH_WEBHOOK_SECRET" in answer.json["detail"]


# --- what may be sent


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "text/json"]
)
def test_only_json_is_accepted(send: Send, content_type: str) -> None:
    answer = send({"members": [KIM]}, content_type=content_type)
    assert answer.status_code == 415
    assert answer.content_type == "application/problem+json"


def test_the_content_type_may_name_a_charset(send: Send) -> None:
    assert send({"members": []}, content_type="application/json; charset=utf-8").status_code == 202


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"members": {}}', b'{"member": []}', b"[" * 100_000],
    ids=["empty", "half", "not-utf-8", "list", "null", "object", "misspelt", "deep"],
)
def test_an_invalid_body_is_refused(send: Send, body: bytes) -> None:
    answer = send(body)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_at_most_five_hundred_members(send: Send, database: Database) -> None:
    members = [
        {"number": n, "email": f"m{n}@member.example", "last_name": "M"} for n in range(1, 502)
    ]
    assert send({"members": members}).status_code == 413
    assert count(database) == 0
    answer = send({"members": members[:500]})
    assert answer.json
    assert answer.json["created"] == 500


def test_at_most_one_mebibyte(send: Send) -> None:
    body = b'{"members": []}'
    assert send(body.ljust(1024 * 1024)).status_code == 202
    assert send(body.ljust(1024 * 1024 + 1)).status_code == 413


def test_a_body_without_length_is_limited(client: FlaskClient) -> None:
    answer = client.post(
        "/hooks/members",
        input_stream=io.BytesIO(b" " * (2 * 1024 * 1024)),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_post_is_allowed(client: FlaskClient, method: str) -> None:
    answer = client.open("/hooks/members", method=method)
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "POST" in answer.headers["Allow"]


def test_personal_data_is_not_logged(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bridge")
    send({"members": [KIM, KIM | {"email": "bad"}]})
    send({"members": [KIM]}, secret="guessed")
    said = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "webhook.accepted" in said
    assert "webhook.refused" in said
    assert not [word for word in ("kim@member", "'Kim'", "N-1", "guessed") if word in said]


@pytest.mark.usefixtures("stopped_time")
def test_requests_are_limited_by_ip_address(
    client: FlaskClient,
) -> None:
    """Unsigned requests count too, because each needs a check."""

    def ask(client: FlaskClient, address: str = "192.0.2.1") -> TestResponse:
        place = {"REMOTE_ADDR": address}
        return client.post("/hooks/members", json={"members": []}, environ_overrides=place)

    assert {ask(client).status_code for _ in range(120)} == {401}
    answer = ask(client)
    assert answer.status_code == 429
    assert answer.content_type == "application/problem+json"
    assert answer.json
    assert answer.json["status"] == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert ask(client, "192.0.2.2").status_code == 401
    assert client.get("/healthz").status_code == 200
