"""The committee's editor: what it suggests, and how nobody's words are lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.demo_users import SignedInDemoUsers
from tests.browser.support.editing import CURRICULUM, line_of, rewrite, write_after
from tests.browser.support.keyboard import Keyboard

from .conftest import Visit

SHEET = f"{CURRICULUM}/interested-member.yaml"
KEPT = "This browser kept a text that was not saved"
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@pytest.mark.parametrize(
    ("after", "typed", "offered", "taken"),
    [
        ("audience: members", "\nacc", "access", "\naccess: "),
        ("audience: members", "\naudience: ", "stewards", "\naudience: stewards"),
        ("type: number", "\n              type: tr", "true-false", "type: true-false"),
        ("after: [new-member", ", adv", "advanced-steward", "[new-member, advanced-steward"),
        ("after: [new-member", ",\n    adv", "advanced-steward", ",\n    advanced-steward"),
        ("entry:", "\n  after:\n    - int", "intermediate-steward", "- intermediate-steward"),
        ("requirements:", "\n  - quiz: union", "union-basics-check", "- quiz: union-basics-check"),
    ],
    ids=["key", "word", "type", "milestone", "next line", "item", "quiz"],
)
def test_what_is_begun_is_completed_by_keyboard(
    visit: Visit, people: SignedInDemoUsers, after: str, typed: str, offered: str, taken: str
) -> None:
    page = _opened(visit, people)
    write_after(page, after, typed)
    choices = page.get_by_role("listbox").get_by_role("option")
    wanted = choices.filter(has=page.get_by_text(offered, exact=True))
    expect(wanted).to_be_visible()
    page.keyboard.press("Escape")
    expect(wanted).to_be_hidden()
    page.keyboard.press("Control+Space")
    for _ in range(choices.count()):
        page.keyboard.press("ArrowDown")
        if wanted.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")
    text = page.locator("#text")
    expect(text).to_be_focused()
    assert f"{after}{typed.rpartition(' ')[0]}" in text.input_value()
    assert taken in text.input_value()


def test_lines_are_numbered_and_the_caret_stays_in_sight(
    visit: Visit, people: SignedInDemoUsers
) -> None:
    page = _opened(visit, people)
    lines = page.locator("#text").input_value().count("\n") + 1
    expect(page.locator(".gutter span")).to_have_count(lines)
    write_after(page, "audience: members", "\n\n")
    expect(page.locator(".gutter span")).to_have_count(lines + 2)
    page.keyboard.press("Control+End")
    assert page.locator(".text-editor").evaluate("editor => editor.scrollTop") > 0
    expect(page.locator(f"#L{lines + 2}")).to_be_in_viewport()


def test_a_problem_leads_to_its_line(visit: Visit, people: SignedInDemoUsers) -> None:
    page = _opened(visit, people)
    line = line_of(page, "type: ")
    rewrite(page, "type: ", "typo: ")
    Keyboard(page).link(f"Line {line}")
    area = page.locator("#text")
    expect(area).to_be_focused()
    chosen = area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert "typo: " in chosen
    expect(page.locator(f"#L{line}")).to_be_in_viewport()


@SCRIPTS
def test_two_people_who_save_lose_nothing(
    visit: Visit, people: SignedInDemoUsers, javascript: bool
) -> None:
    one, other = (_opened(visit, people, javascript) for _ in range(2))
    word = "Together" if javascript else "Alone"
    rewrite(one, "audience: members", f"audience: members # {word}, first")
    rewrite(other, "access: open", f"access: open # {word}, second")
    _save(one)
    Keyboard(other).button("Save")
    expect(other.get_by_role("heading", name="Someone else changed this file")).to_be_visible()
    expect(other.get_by_role("group", name="Differences")).to_contain_text(f"{word}, first")
    expect(other.get_by_label("Current file")).to_have_value(_has(f"{word}, first"))
    expect(other.get_by_label("Your text")).to_have_value(_has(f"{word}, second"))
    rewrite(other, "audience: members", f"audience: members # {word}, first")
    _save(other, "Save my text")
    for each in (f"{word}, first", f"{word}, second"):
        expect(other.locator("#text")).to_have_value(_has(each))


@SCRIPTS
def test_an_earlier_version_comes_back(
    visit: Visit, people: SignedInDemoUsers, javascript: bool
) -> None:
    page = _opened(visit, people, javascript)
    keys = Keyboard(page)
    before = page.locator("#text").input_value()
    rewrite(page, "en: Interested", "en: Not interested")
    _save(page)
    keys.link("History")
    keys.follow(page.get_by_role("row").nth(2).get_by_role("link"))
    expect(page.get_by_role("group", name="Differences")).to_contain_text("en: Not interested")
    _save(page, "Restore this version")
    expect(page.locator("#text")).to_have_value(before)


def test_a_text_that_was_not_saved_is_offered_again(
    visit: Visit, people: SignedInDemoUsers
) -> None:
    page = _opened(visit, people)
    rewrite(page, "en: Interested", "en: Curious")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"{CURRICULUM}/new-member.yaml")
    offer = page.get_by_text(KEPT)
    expect(offer).to_be_hidden()
    page.goto(SHEET)
    expect(offer).to_be_visible()
    expect(page.locator("#text")).not_to_have_value(_has("en: Curious"))
    Keyboard(page).button("Restore")
    expect(page.locator("#text")).to_have_value(_has("en: Curious"))
    expect(offer).to_be_hidden()
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    Keyboard(page).button("Discard")
    page.reload()
    expect(page.locator("#text")).not_to_have_value(_has("en: Curious"))
    expect(offer).to_be_hidden()


def test_no_tab_loses_the_text_of_another(visit: Visit, people: SignedInDemoUsers) -> None:
    first = _opened(visit, people)
    second, last = _tab(first), first.context.new_page()
    rewrite(first, "en: Interested", "en: First")
    rewrite(second, "en: Interested", "en: Second")
    first.close()
    second.close()
    last.goto(SHEET)
    rewrite(last, "en: Interested", "en: Third")  # without looking at what is offered
    rows = last.get_by_role("status").filter(has_text=KEPT).get_by_role("listitem")
    expect(rows).to_have_count(2)
    for row, words in ((0, "en: Second"), (1, "en: First"), (1, "en: Third")):
        Keyboard(last).follow(rows.nth(row).get_by_role("button", name="Restore"))
        expect(last.locator("#text")).to_have_value(_has(words))
    last = _tab(last)
    expect(last.get_by_role("button", name="Restore")).to_have_count(3)


def test_a_tab_that_saves_or_discards_keeps_the_text_of_another(
    visit: Visit, people: SignedInDemoUsers
) -> None:
    first = _opened(visit, people)
    second = _tab(first)
    rewrite(first, "en: Interested", "en: Elsewhere")
    write_after(second, "audience: members", " # saved in another tab")
    _save(second)
    Keyboard(second).button("Discard")
    expect(second.get_by_text(KEPT)).to_be_hidden()
    first.close()
    second.reload()
    Keyboard(second).button("Restore")
    expect(second.locator("#text")).to_have_value(_has("en: Elsewhere"))


def test_who_is_signed_out_while_typing_signs_in_and_saves(
    visit: Visit, people: SignedInDemoUsers
) -> None:
    page = _opened(visit, people)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    word = "# written while signed out"
    rewrite(page, "audience: members", f"audience: members {word}")
    expect(page.locator("#check-summary")).to_contain_text("Your text is still here: press Save")
    Keyboard(page).button("Save")
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=word)).to_be_visible()
    page.context.add_cookies(cookies)  # signs in, in another tab
    Keyboard(page).button("Send again")
    expect(page.get_by_text("The page was open for too long")).to_be_visible()
    Keyboard(page).button("Send again")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    expect(page.locator("#text")).to_have_value(_has(word))


def test_an_image_is_inserted_with_the_cursor_at_its_description(
    visit: Visit, people: SignedInDemoUsers
) -> None:
    page = _opened(visit, people)
    write_after(page, "audience: members", " # ")
    page.locator("details.images summary").click()
    page.get_by_role("button", name="Insert three-layers.png").click()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Three circles")
    text = page.locator("#text").input_value()
    assert "# ![Three circles](images/three-layers.png)" in text


def _opened(visit: Visit, people: SignedInDemoUsers, javascript: bool = True) -> Page:
    page = visit(javascript, storage_state=people.state("committee"))
    page.goto(SHEET)
    return page


def _tab(page: Page) -> Page:
    """Another tab with the same file, in the same browser."""
    tab = page.context.new_page()
    tab.goto(SHEET)
    return tab


def _save(page: Page, button: str = "Save") -> None:
    Keyboard(page).button(button)
    expect(page.get_by_role("status").first).to_contain_text("Saved")


def _has(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))
