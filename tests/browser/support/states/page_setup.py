"""Steps that lead to pages which have no address of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import NoReturn

from playwright.sync_api import Page
from sqlalchemy import delete

from bridge.errors import StoreError
from bridge.store.auth import email_change, signin_links
from bridge.store.curricula import plan_requests
from bridge.store.learning import refresh_requests
from bridge.store.members import pending_signups
from bridge.store.members.pending_signups import PendingSignupData
from bridge.store.operations import runs
from bridge.store.persons import mailings, personal_links, records
from bridge.store.persons.records import PersonRecord
from bridge.store.tables.operations import Run
from bridge.store.tables.statistics import SavedStatistics
from bridge.web.app import MAX_BODY
from bridge.web.common.services import EXTENSION_KEY
from bridge.web.signin.pages import NONCE
from bridge.workflows.personal_links import CONFIRM_EMAIL
from bridge.workflows.statistics import update_statistics
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.editing import CURRICULUM

PageSetup = Callable[[Page, AppServer], object]
SHEET = f"{CURRICULUM}/new-member.yaml"
PATH = "/path/member-steward-path"
ACTIONS = ("create", "change", "rename", "hide", "by-hand")


def open_page(address: str) -> PageSetup:
    """Open the address. `{member}` and `{version}` are filled in from the sample data."""

    def way(page: Page, app_server: AppServer) -> None:
        crowd = app_server.crowd
        page.goto(address.format(member=crowd.member, version=crowd.version))

    return way


def submit_form(address: str, form: str = "main form", **fields: str) -> PageSetup:
    """Open the page and submit its form with these fields. `form` selects one of several."""

    def way(page: Page, app_server: AppServer) -> None:
        open_page(address)(page, app_server)
        for name, value in fields.items():
            fill = "(field, value) => { field.value = value; }"
            page.locator(f"{form} [name={name}]").first.evaluate(fill, value)
        with page.expect_navigation():
            page.locator(f"{form} button:not([formtarget])").first.click()

    return way


def submit_editor(action: str, sheet: str = SHEET, **fields: str) -> PageSetup:
    """Submit the editor of a file to one of its actions with these fields."""

    def way(page: Page, app_server: AppServer) -> None:
        page.goto(sheet)
        for name, value in fields.items():
            fill = "(field, value) => { field.value = value; }"
            page.locator(f"form.editor [name={name}]").evaluate(fill, value)
        with page.expect_navigation():
            page.locator("form.editor").evaluate(
                "(form, action) => { form.action = action; form.submit(); }", f"{sheet}{action}"
            )

    return way


def save_too_late(page: Page, app_server: AppServer) -> None:
    """Save a changed text after another user has saved."""
    page.goto(SHEET)
    page.locator("form.editor").evaluate(
        "form => { form.text.value += '# Later\\n'; form.base.value = '0'.repeat(64); }"
    )
    with page.expect_navigation():
        page.locator("form.editor").evaluate("form => form.submit()")


def go_back_too_late(page: Page, app_server: AppServer) -> None:
    """Restore an earlier version after another user has saved."""
    open_page(f"{SHEET}/history/{{version}}")(page, app_server)
    page.locator("[name=base]").evaluate("field => { field.value = '0'.repeat(64); }")
    with page.expect_navigation():
        page.locator("main form button").click()


def confirming(page: Page, app_server: AppServer) -> None:
    token = f"join-{now().timestamp()}"
    one = PendingSignupData("new@union.example", "New", "Hire", "", "north", "en", "Yes")
    with app_server.database.transaction() as session:
        pending_signups.add_pending_signup(session, token, one, now())
    page.goto(f"/signup/{token}")


def confirmed(page: Page, app_server: AppServer) -> None:
    """A link that was used already."""
    confirming(page, app_server)
    token = page.url.rpartition("/")[2]
    with app_server.database.transaction() as session:
        pending_signups.confirm(session, token, now())
    page.goto(f"/signup/{token}")


def signing_in(page: Page, app_server: AppServer) -> None:
    token = f"signin-{now().timestamp()}"
    with app_server.database.transaction() as session:
        signin_links.add_link(session, token, "nonce", "new@union.example", "", now())
    page.context.add_cookies([app_server.cookie(NONCE, "nonce")])  # type: ignore[list-item]
    page.goto(f"/signin/{token}")


def person(page: Page, app_server: AppServer) -> None:
    page.goto(f"/committee/people/{_guest(app_server)}")


def wrong_person(page: Page, app_server: AppServer) -> None:
    person(page, app_server)
    form = page.locator("form[action$=details]")
    form.locator("[name=name]").fill("")
    form.locator("button").click()


def personal_link(page: Page, app_server: AppServer) -> None:
    token = f"link-{now().timestamp()}"
    guest = _guest(app_server)
    with app_server.database.transaction() as session:
        personal_links.issue(session, token, CONFIRM_EMAIL, guest, "", now(), timedelta(days=1))
    page.goto(f"/link/{token}")


def unsubscribing(below: str = "") -> PageSetup:
    def way(page: Page, app_server: AppServer) -> None:
        guest = _guest(app_server)
        with app_server.database.transaction() as session:
            token = mailings.subscribe(session, guest, "digest", now()).token
        page.goto(f"/unsubscribe/{token}{below}")

    return way


def _guest(app_server: AppServer) -> int:
    with app_server.database.transaction() as session:
        record = PersonRecord("Kim Guest", "guest@union.example", "en")
        return records.find_or_add(session, record, now()).id


def changing_address(page: Page, app_server: AppServer) -> None:
    token = f"address-{now().timestamp()}"
    with app_server.database.transaction() as session:
        email_change.request(session, token, app_server.crowd.member, "new@union.example", now())
    page.goto(f"/me/data/email/{token}")


def changing_role(page: Page, app_server: AppServer) -> None:
    """The form that changes a member's first role."""
    page.goto(f"/committee/members/{app_server.crowd.member}")
    page.locator("section[aria-labelledby=roles-held] td a").first.click()


def changing_role_without_reason(page: Page, app_server: AppServer) -> None:
    changing_role(page, app_server)
    with page.expect_navigation():
        page.locator("main form button").first.click()


def mailed(page: Page, app_server: AppServer) -> None:
    """The demo's mailbox with one email."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "kim@union.example", "Your link to sign in"
    mail.set_content(f"Open this:\n\nhttps://union.example/signin/{'0' * 60}\n")
    folder = app_server.config.path(app_server.config.mail.folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("one.eml").write_bytes(bytes(mail))
    page.goto("/demo/mail")


def checking(page: Page, app_server: AppServer) -> None:
    """During a refresh. Without its script, the page doesn't reload."""
    page.route("**/checking.js", lambda route: route.abort())
    with app_server.database.transaction() as session:
        refresh_requests.request(session, app_server.crowd.member, now())
    page.goto("/me")


Detail = dict[str, object]
APPLY: Detail = {"curriculum": "member-steward-path", "fingerprint": "0", "force": False}


def sentence(template: str, **values: str) -> Detail:
    """A message as jobs store it."""
    return {"template": template, "values": values}


def plan(app_server: AppServer) -> Detail:
    """A plan with one change of each kind, a blocker and a risk."""
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
        "revision": app_server.crowd.path.revision,
        "counts": dict.fromkeys(ACTIONS, 1),
        "changes": changes,
        "blocked": [sentence("There is no milestone `%(key)s`.", key="x")],
        "risks": [sentence("It would hide much.")],
    }


def planned(kind: str = "", ok: bool | None = True, detail: Detail = APPLY) -> PageSetup:
    """The plan's page after a run of that kind. `ok` None: still running."""

    def way(page: Page, app_server: AppServer) -> None:
        page.goto("about:blank")  # The page of a run reloads itself when the run ends.
        with app_server.database.transaction() as session:
            session.execute(
                delete(Run).where(Run.kind.in_((plan_requests.PLAN, plan_requests.APPLY)))
            )
            if kind:
                known = detail if kind == plan_requests.APPLY or not ok else plan(app_server)
                run = plan_requests.request(session, kind, known, now())
                if ok is not None:
                    runs.finish_run(session, run, ok, known, now())
        page.goto(f"{CURRICULUM}/plan")

    return way


def uncounted(page: Page, app_server: AppServer) -> None:
    """The dashboard before the first count."""
    known = app_server.database
    with known.transaction() as session:
        session.execute(delete(SavedStatistics))
    page.goto("/committee")
    update_statistics(known, [app_server.crowd.path], now)


def too_often(page: Page, app_server: AppServer) -> None:
    for _ in range(20):
        submit_form(f"/contact{PATH.removeprefix('/path')}/new-member")(page, app_server)
        if app_server.answers[-1][2] == 429:
            break
    app_server.app.extensions[EXTENSION_KEY].limiter.reset()


def too_much(page: Page, app_server: AppServer) -> None:
    page.goto("/signin")
    fill = "(field, size) => { field.value = 'x'.repeat(size); }"
    page.locator("[name=email]").evaluate(fill, MAX_BODY)
    with page.expect_navigation():
        page.locator("main form button").click()


def expired(page: Page, app_server: AppServer) -> None:
    page.goto("/signin")
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator("main form button").click()


def failing(error: Exception) -> PageSetup:
    """A page whose code raises `error`."""

    def way(page: Page, app_server: AppServer) -> None:
        with _failing(app_server, error):
            page.goto("/welcome")

    return way


@contextmanager
def _failing(app_server: AppServer, error: Exception) -> Iterator[None]:
    def fail() -> NoReturn:
        raise error

    views = app_server.app.view_functions
    former, views["public.welcome"] = views["public.welcome"], fail
    try:
        yield
    finally:
        views["public.welcome"] = former


BROKEN = failing(RuntimeError("on purpose"))
RESTING = failing(StoreError("it is locked."))
