"""The language link keeps the page, and leads nowhere else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("address", "referrer", "leads_to"),
    [
        ("/language/fr?next=/signup", "", "/signup"),
        ("/language/fr", f"http://localhost/path/a-path/first/quiz/q?seed={'9' * 900}",
         f"/path/a-path/first/quiz/q?seed={'9' * 900}"),
        ("/language/fr", "http://elsewhere.example/signup", "/"),
        ("/language/fr", "http://localhost//elsewhere.example", "/"),
    ],
)  # fmt: skip
def test_the_language_link_keeps_the_page(
    client: FlaskClient, address: str, referrer: str, leads_to: str
) -> None:
    answer = client.get(address, headers={"Referer": referrer})
    assert (answer.status_code, answer.location) == (303, leads_to)


def test_the_language_link_of_a_posted_page_leads_to_the_page_with_the_form(
    client: FlaskClient,
) -> None:
    page = client.post("/signup", data={"email": "no address"}).text
    assert 'href="/language/fr?next=/signup"' in page
