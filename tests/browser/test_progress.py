"""The page of a plan goes on by itself while the jobs work. Here the test is the jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bridge.store import asked, runs

from . import chromium
from .house import House, now
from .keyboard import Keyboard
from .ways import Detail, plan, planned, sentence


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    context = chromium.visiting(browser, base_url=house.url, storage_state=house.state("committee"))
    page = context.new_page()
    planned()(page, house)
    yield page
    context.close()


def test_an_apply_is_watched_to_its_end(page: Page, house: House) -> None:
    keys = Keyboard(page)
    keys.button("Make the plan")
    _finish(house, _take(page, house), plan(house))
    outcome = page.locator("#outcome")
    expect(outcome).to_be_focused()
    expect(outcome.get_by_role("heading", name="What would change")).to_be_visible()
    keys.tick(page.get_by_label("I have looked at the risks"))
    keys.button("Apply this plan")
    run = _take(page, house)
    bar, said = page.get_by_role("progressbar"), page.get_by_role("status")
    for place in (3, 7):
        _tell(house, run, place)
        expect(said).to_have_text(f"{place} / 9: Quiz What you know")
        expect(bar).to_have_js_property("value", place)
    _finish(house, run, {"made": 9, "refused": []})
    expect(outcome).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Changes made: 9.")


def test_a_service_that_rests_is_asked_again(page: Page, house: House) -> None:
    Keyboard(page).button("Make the plan")
    run = _take(page, house)
    page.route("**/plan/state", lambda route: route.abort())
    _tell(house, run, 3)
    with page.expect_event("requestfailed"):
        pass
    page.unroute("**/plan/state")
    expect(page.get_by_role("status")).to_contain_text("3 / 9")


def _take(page: Page, house: House) -> int:
    """What the page has asked for; it says so first."""
    expect(page.get_by_role("status")).to_have_text("It waits for the jobs.")
    with house.database.transaction() as session:
        run = asked.take(session, "job", now())
        assert run is not None
        return run.id


def _tell(house: House, run: int, place: int) -> None:
    doing = sentence("%(kind)s %(title)s", kind="Quiz", title="What you know")
    with house.database.transaction() as session:
        detail = {**_detail(house, run), "place": place, "count": 9, "doing": doing}
        asked.progress(session, run, detail, now())


def _finish(house: House, run: int, detail: Detail) -> None:
    with house.database.transaction() as session:
        runs.finish_run(session, run, True, {**_detail(house, run), **detail}, now())


def _detail(house: House, run: int) -> Detail:
    with house.database.reading() as session:
        found = next(
            each
            for kind in (asked.PLAN, asked.APPLY)
            if (each := asked.newest(session, kind, house.crowd.path.key)) and each.id == run
        )
        return dict(found.detail)
