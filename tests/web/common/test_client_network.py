from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from bridge.web.common.limits.client_network import SITE_BITS, hashed_client, network_of
from bridge.web.common.limits.rate_limits import create_limiter, limit_blueprint, multiplied
from tests.web.signed_in_users import SignedInUsers


@pytest.mark.parametrize(
    ("address", "network", "site"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "", ""),
        ("proxy", "proxy", "proxy"),
    ],
)
def test_the_network_of_an_address(address: str, network: str, site: str) -> None:
    assert network_of(address) == network
    assert network_of(address, SITE_BITS) == site


def test_a_site_may_make_ten_times_as_many_requests() -> None:
    assert multiplied("10 per minute; 60 per hour") == "100 per minute; 600 per hour"


def statuses(client: FlaskClient, addresses: list[str]) -> list[int]:
    return [
        client.post("/signin", data={"email": "x"}, environ_base={"REMOTE_ADDR": each}).status_code
        for each in addresses
    ]


@pytest.mark.usefixtures("stopped_time")
def test_all_addresses_of_a_64_are_one_client(users: SignedInUsers) -> None:
    client = users.client("nobody")
    found = statuses(client, [f"2001:db8:1:2::{n:x}" for n in range(11)])
    assert found == [200] * 10 + [429]
    assert statuses(client, ["2001:db8:1:3::1", "192.0.2.1"]) == [200, 200]


@pytest.mark.usefixtures("stopped_time")
def test_all_64s_of_a_48_have_a_limit_together(users: SignedInUsers) -> None:
    client = users.client("nobody")
    found = statuses(client, [f"2001:db8:1:{n:x}::1" for n in range(101)])
    assert found == [200] * 100 + [429]
    assert statuses(client, ["2001:db8:2::1"]) == [200]


@pytest.mark.usefixtures("stopped_time")
def test_all_64s_of_a_48_have_a_limit_together_for_a_blueprint_too() -> None:
    app, limiter, pages = Flask(__name__), create_limiter(), Blueprint("pages", __name__)
    pages.get("/")(lambda: "ok")
    limit_blueprint(limiter, "1 per minute", pages)
    limiter.init_app(app)
    app.register_blueprint(pages)
    client = app.test_client()
    addresses = [f"2001:db8:1:{n:x}::1" for n in range(11)]
    found = [
        client.get("/", environ_base={"REMOTE_ADDR": each}).status_code
        for each in [*addresses, "2001:db8:2::1", "2001:db8:2::2"]
    ]
    assert found == [200] * 10 + [429, 200, 429]


def test_the_hash_of_a_client_needs_the_secret_key(app: Flask) -> None:
    hashes = []
    for key, address in (("a" * 32, "192.0.2.1"), ("a" * 32, "192.0.2.2"), ("b" * 32, "192.0.2.1")):
        app.config["SECRET_KEY"] = key
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            hashes.append(hashed_client())
    assert len({*hashes}) == 3
    assert all("192" not in each for each in hashes)
