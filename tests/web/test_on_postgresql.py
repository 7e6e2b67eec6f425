"""Every page answers the same on PostgreSQL, with something in every list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Cluster, with_tables
from tests.web.signed_in_users import SignedInUsers, Who

from .access_rows import ROWS
from .test_access import expected_status
from .test_safety import asked, named
from .test_safety import peopled as peopled


@pytest.fixture
def url(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    with with_tables("postgresql", request, tmp_path) as address:
        yield address


@pytest.mark.parametrize("who", ["committee", "auditor", "chair", "member", "nobody"])
def test_every_row_of_the_access_matrix(peopled: SignedInUsers, who: Who) -> None:
    peopled.app.extensions["stewardpath"].limiter.enabled = False
    for row in ROWS:
        if row.data == {"sure": "y"}:
            continue  # who has left answers nothing more
        with asked(peopled, peopled.client(who), row) as answer:
            assert answer.status_code == expected_status(peopled.app, row, who), named(row)


def test_a_milestone_and_a_region_filter_every_list(peopled: SignedInUsers) -> None:
    browser = peopled.client("committee")
    lists = ("", "/follow-up", "/members", "/failed-deliveries", "/contact-requests", "/audit")
    for each in lists:
        address = f"/committee{each}?region=north&milestone=a-path:first"
        assert browser.get(address).status_code == 200
    assert "Quillfeather" in browser.get("/committee/contact-requests?region=north").text
    assert "Quillfeather" not in browser.get("/committee/contact-requests?region=south").text
    assert "Quillfeather" in browser.get("/committee/failed-deliveries?milestone=a-path:first").text
    assert "steward" in browser.get("/committee/audit?region=north").text
