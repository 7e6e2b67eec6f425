"""Uses pages by keyboard only: Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

from playwright.sync_api import Error, Locator, Page, expect

MAX_TAB_STOPS = 400
"""More focusable elements than any page has."""
FOCUSED = "element => element === document.activeElement"


class Keyboard:
    """Operates the open page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.press = page.keyboard.press

    def to(self, wanted: Locator) -> None:
        """Press Tab until the element has focus. Raises AssertionError if it never does."""
        expect(wanted).to_be_visible()
        for _ in range(MAX_TAB_STOPS):
            if _has_focus(wanted):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {wanted}")

    def follow(self, wanted: Locator) -> None:
        """Go to a link or button and press Enter."""
        self.to(wanted)
        self.press("Enter")

    def link(self, name: str) -> None:
        self.follow(self._page.get_by_role("main").get_by_role("link", name=name).first)

    def button(self, name: str) -> None:
        self.follow(self._page.get_by_role("main").get_by_role("button", name=name).first)

    def write(self, label: str, text: str) -> None:
        """Replace the text of the field with that label."""
        self.to(self._page.get_by_label(label))
        self.press("ControlOrMeta+A")
        self._page.keyboard.type(text)

    def tick(self, wanted: Locator) -> None:
        self.to(wanted)
        self.press("Space")
        expect(wanted).to_be_checked()

    def choose(self, group: Locator, wanted: Locator) -> None:
        """Choose a radio button: Tab reaches the group, arrow keys move inside it."""
        self.to(group.first)
        self.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {wanted}")

    def select(self, wanted: Locator, value: str) -> None:
        """Choose the option with that value in a list."""
        self.to(wanted)
        for _ in range(wanted.locator("option").count()):
            if wanted.input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {value} in {wanted}")


def _has_focus(wanted: Locator) -> bool:
    """False also while another page opens, which a busy browser may do between two keys."""
    try:
        return bool(wanted.evaluate(FOCUSED))
    except Error as error:
        if "Execution context was destroyed" in str(error):
            return False
        raise
