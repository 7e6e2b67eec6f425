"""Help, privacy, accessibility and contact: complete, and without the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.features import FEATURES
from bridge.features.registers import personal_tables
from bridge.web.public import privacy_notice
from bridge.web.public.privacy_notice import CATEGORIES
from tests.support.query_lists import listed
from tests.web.query_counter import counted
from tests.web.signed_in_users import SignedInUsers

PAGES = ("/help", "/privacy", "/accessibility", "/contact")


def test_the_privacy_notice_has_every_table_with_personal_data_once() -> None:
    described = [table for each in CATEGORIES for table in each.tables.split()]
    assert sorted(described) == sorted(each.key for each in personal_tables(FEATURES))


def test_the_privacy_notice_says_what_the_code_does(
    users: SignedInUsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = users.client("nobody").get("/privacy").text
    assert "90 days after it was answered." in page
    assert "Regional chair (in their regions), Committee, Auditor" in page
    monkeypatch.setattr(privacy_notice, "CONTACT_REQUEST_RETENTION", timedelta(days=12))
    assert "12 days after it was answered." in users.client("nobody").get("/privacy").text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_links_to_them_and_they_need_no_query(
    users: SignedInUsers, language: str
) -> None:
    browser = users.client("nobody")
    with counted(users.database) as queries:
        for path in PAGES:
            page = browser.get(path, headers={"Accept-Language": language})
            assert page.status_code == 200
            assert all(f'href="{each}"' in page.text for each in PAGES)
    assert queries == [], listed(queries)


def test_contact_names_the_people_of_the_chosen_region(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    assert "committee@union.example" in browser.get("/contact").text
    browser.post("/region", data={"region": "north"})
    page = browser.get("/contact").text
    assert "The Director" in page
    assert 'mailto:chair@union.example"' in page
