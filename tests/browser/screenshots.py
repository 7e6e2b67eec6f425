"""`make screenshots`: pictures of the main pages into docs/screenshots.

A member's own pages are those of the demo; the committee's are of a union with more people.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, StorageState

from tests.browser.support import chromium
from tests.browser.support.app_server import start_app_server
from tests.browser.support.demo_users import SignedInDemoUsers
from tests.browser.support.service import serving

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
PATH = "/path/member-steward-path"
EDITOR = "/committee/curricula/member-steward-path"
LARGEST = 150_000
"""Maximum size of a screenshot in bytes, because they are in the repository."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One screenshot: the page, who sees it and how."""

    name: str
    address: str
    role: str = "nobody"
    width: int = 1280
    height: int = 860
    scheme: str = "light"
    locale: str = "en-CA"
    crowded: bool = False


PICTURES = (
    Picture("home", "/", height=1180),
    Picture("welcome", "/welcome", width=1000, height=820),
    Picture("milestone-phone", f"{PATH}/new-member", width=390, height=844),
    Picture("signup-french-dark", "/signup", scheme="dark", locale="fr-CA"),
    Picture("my-learning", "/me", "member"),
    Picture("my-learning-phone-dark", "/me", "member", 390, 844, "dark"),
    Picture("practice-quiz", f"{PATH}/new-member/quiz/union-basics-check"),
    Picture("dashboard", "/committee", "committee", height=1180, crowded=True),
    Picture("dashboard-phone", "/committee", "committee", 390, 844, crowded=True),
    Picture("members", "/committee/members", "chair", crowded=True),
    Picture("editor", f"{EDITOR}/new-member.yaml", "committee"),
)


def main(names: list[str]) -> int:
    """Take all screenshots or the named ones. 1 if a page is missing or a picture too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [each for each in PICTURES if not names or each.name in names]
    with (
        TemporaryDirectory(prefix="stewardpath-") as folder,
        chromium.launched() as browser,
        serving(_made(Path(folder), "demo")) as demo,
        start_app_server(_made(Path(folder), "house")) as app_server,
    ):
        people = SignedInDemoUsers(browser, demo)
        return max(
            [
                _take(browser, app_server.url, app_server.state(each.role), each)
                if each.crowded
                else _take(browser, demo.url, people.state(each.role), each)
                for each in wanted
            ],
            default=0,
        )


def _made(folder: Path, name: str) -> Path:
    folder.joinpath(name).mkdir()
    return folder / name


def _take(browser: Browser, url: str, state: StorageState | None, picture: Picture) -> int:
    context = chromium.visiting(
        browser,
        base_url=url,
        color_scheme=picture.scheme,
        locale=picture.locale,
        storage_state=state,
        viewport={"width": picture.width, "height": picture.height},
    )
    page = context.new_page()
    try:
        answer = page.goto(picture.address)
        if answer is None or not answer.ok:
            sys.stderr.write(f"{picture.name}: {picture.address} is not there\n")
            return 1
        return _save(page, picture)
    finally:
        context.close()


def _save(page: Page, picture: Picture) -> int:
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    size = file.stat().st_size
    sys.stdout.write(f"{file.relative_to(FOLDER.parents[1])}: {size // 1000} kB\n")
    return int(size > LARGEST)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
