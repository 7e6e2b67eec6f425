"""How many clicks and keystrokes it takes to save a filter, and to have its report emailed."""

from __future__ import annotations

from bridge.store.tables.saved_filters import SavedFilter
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort

SAVED, EMAILED = 13, 6
"""In docs/benchmarks.md too."""


def test_a_filter_is_saved_and_its_report_emailed(union: AppServer, effort: Effort) -> None:
    effort.open_section("Progress", "Who is where")
    effort.choose("#region", 1)
    effort.follow('form.chooser[method="get"] button')
    effort.click("details:has(#saved-name) summary")
    effort.write("#saved-name", "North")
    effort.follow("form:has(#saved-name) button")
    assert effort.total == SAVED

    effort.clicks = effort.keys = 0
    effort.open_section("Progress", "Saved filters")
    effort.follow("main tbody a.btn")
    effort.click('input[name="every"][value="weekly"]')
    effort.click('input[name="recipients"]')
    effort.follow("main form button.btn-primary")
    assert effort.total == EMAILED
    with union.database.reading() as session:
        [row] = session.query(SavedFilter).all()
        assert (row.name, row.every) == ("North", "weekly")
