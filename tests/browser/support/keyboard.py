"""Somebody who has no mouse: Tab, Enter, Space, arrows and letters, and nothing else."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MANY = 400
"""More stops than any page has."""
FOCUSED = "element => element === document.activeElement"


class Keyboard:
    """Goes through the page that is open."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.press = page.keyboard.press

    def to(self, wanted: Locator) -> None:
        """Tab until it is reached; AssertionError if Tab never comes there."""
        expect(wanted).to_be_visible()
        for _ in range(MANY):
            if wanted.evaluate(FOCUSED):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {wanted}")

    def follow(self, wanted: Locator) -> None:
        """Go to a link or a button, and press Enter."""
        self.to(wanted)
        self.press("Enter")

    def link(self, name: str) -> None:
        self.follow(self._page.get_by_role("main").get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.follow(self._page.get_by_role("main").get_by_role("button", name=name).first)

    def write(self, label: str, text: str) -> None:
        """Into the field with that label, in place of what stands there."""
        self.to(self._page.get_by_label(label))
        self.press("ControlOrMeta+A")
        self._page.keyboard.type(text)

    def tick(self, wanted: Locator) -> None:
        self.to(wanted)
        self.press("Space")
        expect(wanted).to_be_checked()

    def choose(self, group: Locator, wanted: Locator) -> None:
        """One radio button of a group: Tab comes to the group, arrows move inside."""
        self.to(group.first)
        self.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {wanted}")

    def select(self, wanted: Locator, value: str) -> None:
        """The option with that value of a list."""
        self.to(wanted)
        for _ in range(wanted.locator("option").count()):
            if wanted.input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {value} in {wanted}")
