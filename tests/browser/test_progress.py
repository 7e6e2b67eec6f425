"""The publish page updates itself while jobs work. Here the test plays the jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from bridge.consultations.tables import Consultation
from bridge.store.curricula import plan_requests
from bridge.store.learning import refresh_requests
from bridge.store.operations import runs
from tests.browser.support import chromium
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.keyboard import Keyboard
from tests.browser.support.states.page_setup import Detail, plan, planned, sentence


@pytest.fixture
def page(browser: Browser, app_server: AppServer) -> Iterator[Page]:
    context = chromium.visiting(
        browser, base_url=app_server.url, storage_state=app_server.state("committee")
    )
    page = context.new_page()
    _finish_consultations(app_server)
    planned()(page, app_server)
    yield page
    context.close()


def test_an_apply_is_watched_to_its_end(page: Page, app_server: AppServer) -> None:
    keys = Keyboard(page)
    keys.button("Preview changes")
    _finish(app_server, _take(page, app_server), plan(app_server))
    outcome = page.locator("#outcome")
    expect(outcome).to_be_focused()
    expect(outcome.get_by_role("heading", name="Changes in Moodle")).to_be_visible()
    keys.tick(page.get_by_label("I have checked the risks"))
    keys.button("Publish to Moodle")
    run = _take(page, app_server)
    bar, said = page.get_by_role("progressbar"), page.get_by_role("status")
    for place in (3, 7):
        _tell(app_server, run, place)
        expect(said).to_have_text(f"{place} / 9: Quiz What you know")
        expect(bar).to_have_js_property("value", place)
    _finish(app_server, run, {"made": 9, "refused": []})
    expect(outcome).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Changes made: 9.")


def test_a_service_that_rests_is_asked_again(page: Page, app_server: AppServer) -> None:
    Keyboard(page).button("Preview changes")
    run = _take(page, app_server)
    page.route("**/plan/state", lambda route: route.abort())
    _tell(app_server, run, 3)
    with page.expect_event("requestfailed"):
        pass
    page.unroute("**/plan/state")
    expect(page.get_by_role("status")).to_contain_text("3 / 9")


def test_without_scripts_one_looks_again(browser: Browser, app_server: AppServer) -> None:
    """Twice, so that no address is the page's own with a place in it, which would only scroll."""
    wishes = {"base_url": app_server.url, "java_script_enabled": False}
    context = chromium.visiting(browser, **wishes, storage_state=app_server.state("committee"))
    page = context.new_page()
    planned()(page, app_server)
    keys = Keyboard(page)
    keys.button("Preview changes")
    run = _take(page, app_server)
    for place in (3, 7):
        _tell(app_server, run, place)
        keys.link("Reload")
        expect(page.get_by_role("status")).to_contain_text(f"{place} / 9")
    _finish(app_server, run, plan(app_server))
    keys.link("Reload")
    expect(page.get_by_role("heading", name="Changes in Moodle")).to_be_visible()
    context.close()


def test_a_member_looks_again_without_scripts(browser: Browser, app_server: AppServer) -> None:
    wishes = {"base_url": app_server.url, "java_script_enabled": False}
    context = chromium.visiting(browser, **wishes, storage_state=app_server.state("member"))
    page = context.new_page()
    keys = Keyboard(page)
    page.goto("/me")
    keys.button("Refresh")
    expect(page.get_by_text("We're checking Moodle.")).to_be_visible()
    with app_server.database.transaction() as session:
        [mine] = refresh_requests.claim(session, "job", now(), timedelta(minutes=1), 5)
        refresh_requests.finish(session, mine, "job", "done", now())
    keys.link("Reload")
    expect(page.get_by_text("Your results are up to date.")).to_be_visible()
    context.close()


def _finish_consultations(app_server: AppServer) -> None:
    """Those of other tests would hold publishing back."""
    with app_server.database.transaction() as session:
        session.execute(update(Consultation).values(state="finished"))


def _take(page: Page, app_server: AppServer) -> int:
    """What the page has asked for; it says so first."""
    expect(page.get_by_role("status")).to_have_text("Waiting for a background job.")
    with app_server.database.transaction() as session:
        run = plan_requests.claim(session, "job", now())
        assert run is not None
        return run.id


def _tell(app_server: AppServer, run: int, place: int) -> None:
    doing = sentence("%(kind)s %(title)s", kind="Quiz", title="What you know")
    with app_server.database.transaction() as session:
        detail = {**_detail(app_server, run), "place": place, "count": 9, "doing": doing}
        plan_requests.record_progress(session, run, detail, now())


def _finish(app_server: AppServer, run: int, detail: Detail) -> None:
    with app_server.database.transaction() as session:
        runs.finish_run(session, run, True, {**_detail(app_server, run), **detail}, now())


def _detail(app_server: AppServer, run: int) -> Detail:
    with app_server.database.reading() as session:
        found = next(
            each
            for kind in (plan_requests.PLAN, plan_requests.APPLY)
            if (each := plan_requests.newest(session, kind, app_server.crowd.path.key))
            and each.id == run
        )
        return dict(found.detail)
