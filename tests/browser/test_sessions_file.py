"""The editor with sessions.yaml: a topic is typed at the end, with suggestions that are seen."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.support.demo_users import SignedInDemoUsers
from tests.browser.support.editing import CURRICULUM
from tests.browser.support.keyboard import Keyboard

from .conftest import Visit

MISTAKE = "\n  - session: new-topic\n    title: {en: New, fr: Nouveau}\n    minutes: 3"


def test_a_topic_is_added_at_the_end(visit: Visit, people: SignedInDemoUsers) -> None:
    page = visit(storage_state=people.state("committee"))
    page.goto(f"{CURRICULUM}/sessions.yaml")
    area = page.locator("#text")
    Keyboard(page).to(area)
    page.keyboard.press("Control+End")
    page.keyboard.press("Backspace")
    for typed, offered in ((f"{MISTAKE}\n    cre", "credit"), ("any", "any-part")):
        page.keyboard.type(typed)
        option = page.get_by_role("option").filter(has=page.get_by_text(offered, exact=True))
        expect(option).to_be_in_viewport()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert area.input_value().endswith(f"{MISTAKE}\n    credit: any-part")
    problems = page.locator("#problems li.error")
    expect(problems.first).to_contain_text("column 14")
    expect(problems).to_have_count(2)
    problems.first.get_by_role("link").click()
    start, end = area.evaluate("area => [area.selectionStart, area.selectionEnd]")
    assert area.input_value()[start:end] == "3"
