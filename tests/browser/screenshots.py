"""`make screenshots`: pictures of the main pages into docs/screenshots, from the demo."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from . import chromium
from .people import People
from .service import Service, serving

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
PATH = "/path/member-steward-path"
EDITOR = "/committee/curricula/member-steward-path"
LARGEST = 150_000
"""Bytes: pictures are kept in the repository."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as somebody sees it."""

    name: str
    address: str
    role: str = "nobody"
    width: int = 1280
    height: int = 860
    scheme: str = "light"
    locale: str = "en-CA"


PICTURES = (
    Picture("home", "/", height=1180),
    Picture("welcome", "/welcome", width=1000, height=820),
    Picture("landing-phone", f"{PATH}/new-member", width=390, height=844),
    Picture("join-french-night", "/join", scheme="dark", locale="fr-CA"),
    Picture("my-path", "/me", "member"),
    Picture("overview", "/committee", "committee"),
    Picture("members", "/committee/members", "committee"),
    Picture("editor", f"{EDITOR}/new-member.yaml", "committee"),
)


def main(names: list[str]) -> int:
    """All of them, or those named; 1 if a page is not there or a picture too large."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [each for each in PICTURES if not names or each.name in names]
    with (
        TemporaryDirectory(prefix="stewardpath-") as folder,
        chromium.launched() as browser,
        serving(Path(folder)) as service,
    ):
        people = People(browser, service)
        return max([_take(browser, service, people, each) for each in wanted], default=0)


def _take(browser: Browser, service: Service, people: People, picture: Picture) -> int:
    context = chromium.visiting(
        browser,
        base_url=service.url,
        color_scheme=picture.scheme,
        locale=picture.locale,
        storage_state=people.state(picture.role),
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
