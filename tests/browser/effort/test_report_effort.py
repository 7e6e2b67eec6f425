"""How many clicks it takes to find the biggest gap, and to remind those who need follow-up."""

from __future__ import annotations

from sqlalchemy import func, select

from bridge.store.tables.delivery import OutboxEmail
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort
from tests.browser.support.large_union import WAITING

GAP, REMINDED, REMINDED_TICKED = 3, 3, 8
"""In docs/benchmarks.md too."""
TICKED = 5


def reminders(union: AppServer) -> int:
    count = select(func.count()).where(OutboxEmail.kind == "reminder")
    with union.database.reading() as session:
        return session.scalar(count) or 0


def test_the_biggest_gap_is_found_and_its_text_opened(effort: Effort) -> None:
    effort.open_section("Progress", "Coverage")
    first = effort.page.locator("tbody tr").first
    [text, milestone] = first.locator("th").inner_text().splitlines()
    effort.follow("tbody tr:first-child th a")
    editor = effort.page.locator("textarea").first.input_value()
    assert text in editor
    assert milestone in editor
    assert effort.total == GAP


def test_everyone_who_needs_follow_up_is_reminded(union: AppServer, effort: Effort) -> None:
    effort.follow('main a[href^="/committee/follow-up"]')
    for place in range(TICKED):
        effort.page.locator('input[name="row"]').nth(place).check()
        effort.clicks += 1
    effort.follow('button[value="ticked"]')
    effort.follow('main form[action$="/send"] button')
    assert reminders(union) == TICKED
    assert effort.total == REMINDED_TICKED

    effort.page.goto("/committee")
    effort.clicks = effort.keys = 0
    effort.follow('main a[href^="/committee/follow-up"]')
    effort.follow('button[value="all"]')
    effort.follow('main form[action$="/send"] button')
    assert reminders(union) == WAITING
    assert effort.total == REMINDED
