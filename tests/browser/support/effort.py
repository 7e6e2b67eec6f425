"""Counts the clicks and keystrokes that a job takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class Effort:
    """A page, and how often someone clicked and pressed a key. A paste doesn't count."""

    page: Page
    clicks: int = 0
    keys: int = 0

    @property
    def total(self) -> int:
        return self.clicks + self.keys

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.clicks += 1

    def follow(self, selector: str) -> None:
        """Click on what opens another page."""
        with self.page.expect_navigation():
            self.click(selector)

    def open_section(self, section: str, page: str) -> None:
        """Click on a section of the menu, and then on one of its pages."""
        for name in (section, page):
            with self.page.expect_navigation():
                self.page.locator("header nav").get_by_role("link", name=name, exact=True).click()
            self.clicks += 1

    def choose(self, selector: str, place: int) -> None:
        """Open a choice, and click on the option in this place."""
        self.page.locator(selector).select_option(index=place)
        self.clicks += 2

    def write(self, selector: str, text: str) -> None:
        self.click(selector)
        self.page.keyboard.type(text)
        self.keys += len(text)

    def paste(self, selector: str, text: str) -> None:
        self.click(selector)
        self.page.keyboard.insert_text(text)

    def enter(self) -> None:
        """Press Enter, which opens another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.keys += 1


def spent(effort: Effort, job: Callable[[Effort], None]) -> int:
    """The clicks and keystrokes of a job."""
    before = effort.total
    job(effort)
    return effort.total - before
