"""A page in one of its states."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.support.states.page_setup import PageSetup


@dataclass(frozen=True)
class PageState:
    """A page in one state: its route, its status, who sees it, and how to get there."""

    endpoint: str
    way: PageSetup
    role: str = "nobody"
    method: str = "GET"
    status: int = 200
    state: str = ""

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.method, self.endpoint, str(self.status), self.state)))
