"""How many clicks and keystrokes it takes to sign off 25 people of 10,000."""

from __future__ import annotations

from bridge.store.learning import signoff_batches
from tests.browser.support.app_server import AppServer
from tests.browser.support.effort import Effort

PEOPLE = 25
PASTED, TICKED, APPOINTED, FOUND = 19, 37, 15, 10
"""In docs/benchmarks.md too. At most 40."""
NUMBERS = "\n".join(f"M{n:07}" for n in range(4_001, 4_001 + PEOPLE))


def recorded(union: AppServer) -> list[int]:
    with union.database.reading() as session:
        return [each.active for each in signoff_batches.recent(session, 9)]


def test_a_pasted_list_and_a_ticked_one(union: AppServer, effort: Effort) -> None:
    """Both ways, one after the other: pasting, undoing, and ticking in a filtered list."""
    effort.open_section("Progress", "Sign-offs")
    effort.choose("#requirement", 1)
    effort.write("#by_name", "Lee Example")
    effort.paste("#people", NUMBERS)
    effort.follow('main button[value="preview"]:not([tabindex])')
    assert effort.page.get_by_role("heading", name=f"{PEOPLE} new").count() == 1
    effort.follow('button[value="record"]')
    assert recorded(union) == [PEOPLE]
    assert effort.total == PASTED

    effort.clicks = effort.keys = 0
    effort.follow('main a[href="/committee/sign-offs"]')
    effort.choose("#requirement", 2)
    effort.write("#by_name", "Lee")
    effort.page.locator("#by_name").fill("Lee Example")  # chosen from what is suggested
    effort.choose("#region", 1)
    effort.follow('button[value="list"]')
    for place in range(PEOPLE):
        effort.page.locator('input[name="ticked"]').nth(place).check()
        effort.clicks += 1
    effort.follow('main button[value="preview"]:not([tabindex])')
    effort.follow('button[value="record"]')
    assert recorded(union) == [PEOPLE, PEOPLE]
    assert effort.total == TICKED


def test_a_role_is_given_to_many(union: AppServer, effort: Effort) -> None:
    """Appointing 25 trustees from a pasted list."""
    effort.open_section("Members and contacts", "Roles")
    effort.choose("#action", 1)
    effort.write("#role", "trustee")
    effort.paste("#people", NUMBERS)
    effort.follow('main button[value="preview"]:not([tabindex])')
    effort.follow('button[value="record"]')
    assert effort.page.get_by_text(f"{PEOPLE} members were given the role.").count() == 1
    assert effort.total == APPOINTED


def test_a_member_is_found_while_typing(effort: Effort) -> None:
    """By a part of the name, without pressing a button."""
    effort.follow('a[href="/committee/members"]')
    effort.write("#words", "ame4021")
    link = effort.page.get_by_role("link", name="Kim Name4021")
    link.wait_for()
    assert effort.page.locator("#found-count").text_content() == "1 result"
    assert "ame4021" not in effort.page.url
    effort.follow("#found th a, #found td a")
    assert effort.page.get_by_role("heading", name="Kim Name4021").count() == 1
    assert effort.total == FOUND
