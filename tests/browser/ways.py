"""How somebody comes to a page that no address leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import NoReturn

from playwright.sync_api import Page
from sqlalchemy import delete

from bridge.errors import StoreError
from bridge.jobs.figures import count_figures
from bridge.store import address_change, asked, joins, rechecks, runs, signins
from bridge.store.joins import Joining
from bridge.store.tables import KeptFigures, Run
from bridge.web.app import MAX_BODY
from bridge.web.collaborators import KEY
from bridge.web.signin import NONCE

from .editing import CURRICULUM
from .house import House, now

Way = Callable[[Page, House], object]
SHEET = f"{CURRICULUM}/new-member.yaml"
PATH = "/path/member-steward-path"
ACTIONS = ("create", "change", "rename", "hide", "by-hand")


def at(address: str) -> Way:
    """The address itself; `{member}` and `{version}` are the crowd's."""

    def way(page: Page, house: House) -> None:
        crowd = house.crowd
        page.goto(address.format(member=crowd.member, version=crowd.version))

    return way


def sending(address: str, form: str = "main form", **fields: str) -> Way:
    """The page, and its form sent with these fields; where there are several, name the form."""

    def way(page: Page, house: House) -> None:
        at(address)(page, house)
        for name, value in fields.items():
            fill = "(field, value) => { field.value = value; }"
            page.locator(f"{form} [name={name}]").first.evaluate(fill, value)
        with page.expect_navigation():
            page.locator(f"{form} button:not([formtarget])").first.click()

    return way


def writing(action: str, **fields: str) -> Way:
    """The editor, sent to one of its addresses with these fields."""

    def way(page: Page, house: House) -> None:
        page.goto(SHEET)
        for name, value in fields.items():
            fill = "(field, value) => { field.value = value; }"
            page.locator(f"form.editor [name={name}]").evaluate(fill, value)
        with page.expect_navigation():
            page.locator("form.editor").evaluate(
                "(form, action) => { form.action = action; form.submit(); }", f"{SHEET}{action}"
            )

    return way


def go_back_too_late(page: Page, house: House) -> None:
    """To an earlier version, when somebody has saved meanwhile."""
    at(f"{SHEET}/history/{{version}}")(page, house)
    page.locator("[name=base]").evaluate("field => { field.value = '0'.repeat(64); }")
    with page.expect_navigation():
        page.locator("main form button").click()


def confirming(page: Page, house: House) -> None:
    token = f"join-{now().timestamp()}"
    one = Joining("new@union.example", "New", "Hire", "", "north", "en", "Yes")
    with house.database.transaction() as session:
        joins.ask(session, token, one, now())
    page.goto(f"/join/{token}")


def signing_in(page: Page, house: House) -> None:
    token = f"signin-{now().timestamp()}"
    with house.database.transaction() as session:
        signins.ask(session, token, "nonce", "new@union.example", "", now())
    page.context.add_cookies([house.cookie(NONCE, "nonce")])  # type: ignore[list-item]
    page.goto(f"/signin/{token}")


def changing_address(page: Page, house: House) -> None:
    token = f"address-{now().timestamp()}"
    with house.database.transaction() as session:
        address_change.ask(session, token, house.crowd.member, "new@union.example", now())
    page.goto(f"/me/data/address/{token}")


def mailed(page: Page, house: House) -> None:
    """The demo's mailbox with a mail in it."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "kim@union.example", "Your link to sign in"
    mail.set_content(f"Open this:\n\nhttps://union.example/signin/{'0' * 60}\n")
    folder = house.config.path(house.config.mail.folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("one.eml").write_bytes(bytes(mail))
    page.goto("/demo/mail")


def checking(page: Page, house: House) -> None:
    """While Moodle is asked; the page stays, where its script would look again."""
    page.route("**/checking.js", lambda route: route.abort())
    with house.database.transaction() as session:
        rechecks.ask(session, house.crowd.member, now())
    page.goto("/me")


Detail = dict[str, object]
APPLY: Detail = {"curriculum": "member-steward-path", "fingerprint": "0", "force": False}


def sentence(template: str, **values: str) -> Detail:
    """As the jobs keep what they say."""
    return {"template": template, "values": values}


def plan(house: House) -> Detail:
    """One of each action, with something that cannot be and a risk."""
    changes = [
        {
            "action": action,
            "kind": "page",
            "key": "a-page",
            "title": "A page with a long name that goes on and on",
            "fields": [
                {"name": "name", "old": "Old", "new": "New"},
                {"name": "content", "old": "", "new": ""},
            ],
        }
        for action in ACTIONS
    ]
    return {
        "curriculum": "member-steward-path",
        "fingerprint": "0123456789ab",
        "revision": house.crowd.path.revision,
        "counts": dict.fromkeys(ACTIONS, 1),
        "changes": changes,
        "blocked": [sentence("There is no milestone `%(key)s`.", key="x")],
        "risks": [sentence("It would hide much.")],
    }


def planned(kind: str = "", ok: bool | None = True, detail: Detail = APPLY) -> Way:
    """The plan's page after such a run, and none before; `ok` None: under way."""

    def way(page: Page, house: House) -> None:
        with house.database.transaction() as session:
            session.execute(delete(Run).where(Run.kind.in_((asked.PLAN, asked.APPLY))))
            if kind:
                known = detail if kind == asked.APPLY or not ok else plan(house)
                run = asked.ask(session, kind, known, now())
                if ok is not None:
                    runs.finish_run(session, run, ok, known, now())
        page.goto(f"{CURRICULUM}/plan")

    return way


def uncounted(page: Page, house: House) -> None:
    """The overview before anything was counted."""
    known = house.database
    with known.transaction() as session:
        session.execute(delete(KeptFigures))
    page.goto("/committee")
    count_figures(known, [house.crowd.path], now)


def too_often(page: Page, house: House) -> None:
    for _ in range(20):
        sending(f"/contact{PATH.removeprefix('/path')}/new-member")(page, house)
        if house.answers[-1][2] == 429:
            break
    house.app.extensions[KEY].limiter.reset()


def too_much(page: Page, house: House) -> None:
    page.goto("/signin")
    fill = "(field, size) => { field.value = 'x'.repeat(size); }"
    page.locator("[name=email]").evaluate(fill, MAX_BODY)
    with page.expect_navigation():
        page.locator("main form button").click()


def expired(page: Page, house: House) -> None:
    page.goto("/signin")
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator("main form button").click()


def failing(error: Exception) -> Way:
    """A page whose code fails like that."""

    def way(page: Page, house: House) -> None:
        with _failing(house, error):
            page.goto("/welcome")

    return way


@contextmanager
def _failing(house: House, error: Exception) -> Iterator[None]:
    def fail() -> NoReturn:
        raise error

    views = house.app.view_functions
    former, views["public.welcome"] = views["public.welcome"], fail
    try:
        yield
    finally:
        views["public.welcome"] = former


BROKEN = failing(RuntimeError("on purpose"))
RESTING = failing(StoreError("it is locked."))
