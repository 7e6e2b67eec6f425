"""The page of a plan goes on by itself while the jobs work. Here the test is the jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bridge.store import asked, rechecks, runs

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


def test_without_scripts_one_looks_again(browser: Browser, house: House) -> None:
    """Twice, so that no address is the page's own with a place in it, which would only scroll."""
    wishes = {"base_url": house.url, "java_script_enabled": False}
    context = chromium.visiting(browser, **wishes, storage_state=house.state("committee"))
    page = context.new_page()
    planned()(page, house)
    keys = Keyboard(page)
    keys.button("Make the plan")
    run = _take(page, house)
    for place in (3, 7):
        _tell(house, run, place)
        keys.link("Look again")
        expect(page.get_by_role("status")).to_contain_text(f"{place} / 9")
    _finish(house, run, plan(house))
    keys.link("Look again")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    context.close()


def test_a_member_looks_again_without_scripts(browser: Browser, house: House) -> None:
    wishes = {"base_url": house.url, "java_script_enabled": False}
    context = chromium.visiting(browser, **wishes, storage_state=house.state("member"))
    page = context.new_page()
    keys = Keyboard(page)
    page.goto("/me")
    keys.button("Check now")
    expect(page.get_by_text("Moodle is being asked.")).to_be_visible()
    with house.database.transaction() as session:
        [mine] = rechecks.take(session, "job", now(), timedelta(minutes=1), 5)
        rechecks.finish(session, mine, "job", "done", now())
    keys.link("Look again")
    expect(page.get_by_text("Checked: this is what Moodle has of you.")).to_be_visible()
    context.close()


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
