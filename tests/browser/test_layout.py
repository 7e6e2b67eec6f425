"""What pages look like where axe doesn't look."""

from __future__ import annotations

from tests.browser.support.app_server import AppServer
from tests.browser.support.page_setup import SHEET
from tests.browser.support.reused_pages import ReusedPages

STEPS = """
lines => lines.slice(1).map((line, at) =>
  line.getBoundingClientRect().top - lines[at].getBoundingClientRect().bottom)
"""


def test_the_lines_of_a_diff_follow_each_other(
    reused_pages: ReusedPages, app_server: AppServer
) -> None:
    with reused_pages.page("en", app_server.state("committee")) as page:
        page.goto(f"{SHEET}/history/{app_server.crowd.version}")
        gaps = page.locator(".diff > *").evaluate_all(STEPS)
    assert len(gaps) > 3
    assert {round(gap) for gap in gaps} == {0}
