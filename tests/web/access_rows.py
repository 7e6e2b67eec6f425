"""The rows of the access matrix: every route, with the status for every kind of user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bridge.access.rights import Right
from bridge.web.lists.filter_fields import REGION
from bridge.web.lists.list_page import ListPage
from tests.web.lists.declared_lists import declared_lists
from tests.web.signed_in_users import EVERYBODY, Who

Statuses = dict[Who, int]


def everybody(status: int, **others: int) -> Statuses:
    """The same status for all users, except those that are named."""
    statuses: Statuses = dict.fromkeys(EVERYBODY, status)
    return statuses | others  # type: ignore[operator, no-any-return]


def members(status: int, **others: int) -> Statuses:
    """Open to members. Users without a login must sign in; other users are refused."""
    asked = {"nobody": 303, "bad_token": 303, "member": status, "other_member": status}
    return everybody(403, **asked | others)


def committee(status: int, **others: int) -> Statuses:
    """Open to the committee, auditors and all chairs."""
    opened = dict.fromkeys(("committee", "auditor", "chair", "other_chair"), status)
    return everybody(403, nobody=303, bad_token=303, **opened | others)


def north(status: int, **others: int) -> Statuses:
    """About the region north: not found for the chair of another region."""
    return committee(status, **{"other_chair": 404} | others)


def editors(status: int, **others: int) -> Statuses:
    """Open to the committee only."""
    return everybody(403, **{"nobody": 303, "bad_token": 303, "committee": status} | others)


def readers(status: int) -> Statuses:
    """Open to the committee and auditors, who see all regions; not to chairs."""
    return editors(status, auditor=status)


HERE = "tests/web/access_rows.py"
CHAIRS = {"chair": 404, "other_chair": 404}
SHELF = "/committee/curricula/member-steward-path"
SHEET = "/committee/curricula/member-steward-path/new-member.yaml"
ACCOUNTS = "/committee/account-questions"
DIFFERENCES = "/committee/moodle-differences"
PLAN = "/committee/curricula/member-steward-path/plan"
ROLE = "/committee/members/{member}/role"
PEOPLE = "/committee/people"
RECORD = "/committee/members/{member}/record"


@dataclass(frozen=True)
class Row:
    """A request and its expected statuses. For `{member}` in the address, see `SignedInUsers`."""

    endpoint: str
    method: str
    address: str
    expected: Statuses
    data: dict[str, str] | None = None


WRITER = {"email": "new@union.example", "region": "north"}
GUEST = {"name": "Kim Guest", "email": "kim@guest.example", "language": "en"}
CONTACT = WRITER | {"name": "New Hire", "message": "Who is my steward?"}
JOIN = WRITER | {"first_name": "New", "last_name": "Hire", "language": "en", "consent": "y"}

OPEN_TO: dict[Right, Callable[[int], Statuses]] = {
    "members": committee,
    "people": committee,
    "contact-requests": committee,
    "deliveries": committee,
    "accounts": committee,
    "sent-forms": readers,
    "emails": readers,
    "audit-log": readers,
}
"""The statuses of a list page, by the right it needs, once more than in the table of rights.

A list with another right needs a line here.
"""


def list_rows(page: ListPage[Any]) -> Iterator[Row]:
    """A list page and its CSV: as they are, with every filter, and with wrong values."""
    opened = OPEN_TO[page.access]
    by_region = north if OPEN_TO[page.access] is committee else opened
    yield Row(page.endpoint, "GET", page.address, opened(200))
    yield Row(page.endpoint, "GET", f"{page.address}?after=never", opened(404))
    for name in (each.name for each in page.fields if each.in_address):
        yield Row(page.endpoint, "GET", f"{page.address}?{name}=no-such-value", opened(404))
    asked = {each.name: "Mem" for each in page.fields if not each.in_address} or None
    if page.is_search:
        yield Row(page.endpoint, "POST", page.address, opened(200), asked)
    method, region = "POST" if page.is_search else "GET", REGION in page.fields
    if region:
        yield Row(page.endpoint, "GET", f"{page.address}?region=north", by_region(200))
    if page.export:
        yield Row(page.csv_endpoint, method, page.csv_address, opened(200), asked)
    if page.export and region:
        yield Row(page.csv_endpoint, method, f"{page.csv_address}?region=north", by_region(200),
                  asked)  # fmt: skip


ROWS = (
    *(row for page in declared_lists() for row in list_rows(page)),
    Row("static", "GET", "/static/stewardpath.css", everybody(200)),
    Row("bootstrap.static", "GET", "/bootstrap/static/css/bootstrap.min.css", everybody(200)),
    Row("theme.css", "GET", "/theme.css", everybody(200)),
    Row("theme.logo", "GET", "/logo", everybody(404)),
    Row("language.choose", "GET", "/language/fr", everybody(303)),
    Row("language.choose", "GET", "/language/xx", everybody(404)),
    Row("public.home", "GET", "/", everybody(200)),
    Row("public.milestone", "GET", "/path/a-path/first", everybody(200)),
    Row("public.milestone", "GET", "/path/a-path/nowhere", everybody(404)),
    Row("public.welcome", "GET", "/welcome", everybody(200)),
    Row("lessons.page", "GET", "/path/a-path/first/read-me", everybody(200)),
    Row("lessons.page", "GET", "/path/a-path/first/a-link", everybody(404)),
    Row("lessons.quiz", "GET", "/path/a-path/first/quiz/a-quiz", everybody(200)),
    Row("lessons.quiz", "GET", "/path/a-path/first/quiz/read-me", everybody(404)),
    Row("lessons.check", "POST", "/path/a-path/first/quiz/a-quiz", everybody(200)),
    Row("region.choose", "POST", "/region", everybody(303), {"region": "north"}),
    Row("contact.form", "GET", "/contact/a-path/first", everybody(200)),
    Row("contact.form", "GET", "/contact/a-path/nowhere", everybody(404)),
    Row("contact.form", "POST", "/contact/a-path/first", everybody(200), {"name": ""}),
    Row("contact.form", "POST", "/contact/a-path/first", everybody(303), CONTACT),
    Row("contact.thanks", "GET", "/contact/thanks", everybody(200)),
    Row("signup.form", "GET", "/signup", everybody(200)),
    Row("signup.form", "POST", "/signup", everybody(303), JOIN),
    Row("signup.form", "POST", "/signup", everybody(200), {"email": "no address"}),
    Row("signup.sent", "GET", "/signup/sent", everybody(200)),
    Row("signup.done", "GET", "/signup/done", everybody(200)),
    Row("signup.confirm", "GET", "/signup/never-was", everybody(410)),
    Row("signup.complete", "POST", "/signup/never-was", everybody(410)),
    Row("signin.form", "GET", "/signin", everybody(200)),
    Row("signin.form", "POST", "/signin", everybody(303), {"email": "member@union.example"}),
    Row("signin.form", "POST", "/signin", everybody(200), {"email": "no address"}),
    Row("signin.sent", "GET", "/signin/sent", everybody(200)),
    Row("signin.confirm", "GET", "/signin/never-was", everybody(410)),
    Row("signin.complete", "POST", "/signin/never-was", everybody(410)),
    Row("signin.done", "GET", "/signin/done", everybody(303)),
    Row("signin.sign_out", "POST", "/signout", everybody(303)),
    Row("forms.index", "GET", "/forms", members(200)),
    Row("forms.fill_in", "GET", "/forms/a-path/a-form", members(200)),
    Row("forms.fill_in", "GET", "/forms/a-path/no-form", members(404)),
    # What was typed is shown again to those who were signed out meanwhile.
    Row(
        "forms.save",
        "POST",
        "/forms/a-path/a-form",
        members(303, nobody=401, bad_token=401),
        {"field-why": "x"},
    ),
    Row("forms.ask_for_link", "GET", "/forms/a-path/for-all/link", everybody(200)),
    Row("forms.ask_for_link", "GET", "/forms/a-path/a-form/link", everybody(404)),
    Row("forms.ask_for_link", "POST", "/forms/a-path/for-all/link", everybody(303), GUEST),
    Row("forms.ask_for_link", "POST", "/forms/a-path/a-form/link", everybody(404), GUEST),
    Row("forms.link_sent", "GET", "/forms/a-path/for-all/link/sent", everybody(200)),
    Row(
        "forms.fill_in",
        "GET",
        "/forms/a-path/for-all",
        everybody(303, member=200, other_member=200),
    ),
    Row("forms.by_link", "GET", "/link/no-such-link/form", everybody(410)),
    Row("forms.save_by_link", "POST", "/link/no-such-link/form", everybody(410)),
    Row("forms.withdraw_by_link", "POST", "/link/no-such-link/form/withdraw", everybody(410)),
    Row("forms.file_by_link", "GET", "/link/no-such-link/form/files/1", everybody(410)),
    Row("forms.sent", "GET", "/forms/sent/999", members(404)),
    Row("forms.withdraw", "POST", "/forms/sent/999/withdraw", members(404)),
    Row("sent_forms.submission", "GET", "/committee/forms/999", readers(404)),
    Row("me.progress", "GET", "/me", members(200)),
    Row("me.record", "GET", "/me/record", members(200)),
    Row("me.record", "GET", "/me/record?kind=signoff", members(200)),
    Row("me.record", "GET", "/me/record?kind=nothing", members(404)),
    Row("me.record", "GET", "/me/record?after=never", members(404)),
    Row("me.record_table", "GET", "/me/record.csv", members(200)),
    Row("me.record_data", "GET", "/me/record.json", members(200)),
    Row("me.refresh", "POST", "/me/refresh", members(303)),
    Row("me.data", "GET", "/me/data", members(200)),
    Row("me.download", "GET", "/me/data/download", members(200)),
    Row("me.edit", "GET", "/me/data/edit", members(200)),
    Row("me.edit", "POST", "/me/data/edit", members(200), {"first_name": ""}),
    Row("me.email_sent", "GET", "/me/data/email", members(200)),
    Row("me.email", "GET", "/me/data/email/never-was", members(410)),
    Row("me.change_email", "POST", "/me/data/email/never-was", members(410)),
    Row("me.erase", "GET", "/me/data/erase", members(200)),
    Row("me.erase", "POST", "/me/data/erase", members(200)),
    Row("me.erase", "POST", "/me/data/erase", members(303), {"sure": "y"}),
    Row("curricula.index", "GET", "/committee/curricula", readers(200)),
    Row("curricula.edit", "GET", f"{SHEET}", readers(200)),
    Row("curricula.edit", "GET", "/committee/curricula/nowhere/x.yaml", readers(404)),
    Row("curricula.save_file", "POST", f"{SHEET}", editors(409), {"text": "x", "base": "0" * 64}),
    Row("curricula.check", "POST", f"{SHEET}/check", readers(200), {"text": "x"}),
    Row("curricula.problems", "POST", f"{SHEET}/problems", readers(200), {"text": "x"}),
    Row("curricula.preview", "POST", f"{SHEET}/preview", readers(422), {"text": "x"}),
    Row("curricula.plan", "GET", PLAN, readers(200)),
    Row("curricula.plan", "GET", "/committee/curricula/nowhere/plan", readers(404)),
    Row("curricula.plan_state", "GET", f"{PLAN}/state", readers(200)),
    Row("curricula.request_plan", "POST", PLAN, editors(303), {"do": "plan"}),
    Row("curricula.new_curriculum", "GET", "/committee/curricula/new", editors(409)),
    Row("curricula.new_curriculum", "POST", "/committee/curricula/new", editors(409)),
    Row("curricula.new_milestone", "GET", f"{SHELF}/new", editors(409)),
    Row("curricula.new_milestone", "POST", f"{SHELF}/new", editors(409)),
    Row("curricula.deleted_files", "GET", f"{SHELF}/deleted", readers(200)),
    Row("curricula.file_actions", "GET", f"{SHEET}/file", editors(409)),
    Row("curricula.rename", "POST", f"{SHEET}/rename", editors(409)),
    Row("curricula.delete", "POST", f"{SHEET}/delete", editors(409)),
    Row("curricula.history", "GET", f"{SHEET}/history", readers(200)),
    Row("curricula.version", "GET", f"{SHEET}/history/copy-1", readers(404)),
    Row("curricula.restore", "POST", f"{SHEET}/history/copy-1", editors(404)),
    Row("dashboard.index", "GET", "/committee", committee(200)),
    Row("dashboard.index", "GET", "/committee?region=north", north(200)),
    Row("dashboard.index", "GET", "/committee?milestone=a-path:nowhere", committee(404)),
    Row("dashboard.table", "GET", "/committee/overview.csv", committee(200)),
    Row("dashboard.table", "GET", "/committee/overview.csv?region=north", north(200)),
    Row("quiz_statistics.index", "GET", "/committee/quizzes", committee(200)),
    Row("quiz_statistics.index", "GET", "/committee/quizzes?region=north", north(200)),
    Row(
        "quiz_statistics.index",
        "GET",
        "/committee/quizzes?milestone=a-path:nowhere",
        committee(404),
    ),
    Row("quiz_statistics.table", "GET", "/committee/quizzes/list.csv", committee(200)),
    Row("quiz_statistics.table", "GET", "/committee/quizzes/list.csv?region=north", north(200)),
    Row("dashboard.signups", "GET", "/committee/signups.csv", committee(200)),
    Row("dashboard.signups", "GET", "/committee/signups.csv?region=north", north(200)),
    Row("members.show", "GET", "/committee/members/{member}", north(200)),
    Row("members.show", "GET", "/committee/members/{other_member}", committee(200, chair=404)),
    Row("members.show", "GET", "/committee/members/999999", committee(404)),
    Row("members.history_table", "GET", "/committee/members/{member}/history.csv", north(200)),
    Row("members.record", "GET", RECORD, north(200)),
    Row("members.record", "GET", f"{RECORD}?kind=award", north(200)),
    Row("members.record", "GET", "/committee/members/999999/record", committee(404)),
    Row("members.record_table", "GET", f"{RECORD}.csv", north(200)),
    Row("members.record_data", "GET", f"{RECORD}.json", north(200)),
    Row("members.signoff", "POST", "/committee/members/{member}/signoff", editors(200)),
    Row("members.signoff", "POST", "/committee/members/999999/signoff", editors(404)),
    Row(
        "members.withdraw_award",
        "GET",
        "/committee/members/{member}/awards/999999/withdraw",
        editors(404),
    ),
    Row(
        "members.withdraw_award",
        "POST",
        "/committee/members/{member}/awards/999999/withdraw",
        editors(404),
    ),
    Row(
        "members.allow_award",
        "POST",
        "/committee/members/{member}/awards/999999/allow",
        editors(404),
    ),
    Row(
        "members.withdraw_credit",
        "GET",
        "/committee/members/{member}/credits/999999/withdraw",
        editors(404),
    ),
    Row(
        "members.withdraw_credit",
        "POST",
        "/committee/members/{member}/credits/999999/withdraw",
        editors(404),
    ),
    Row("members.role", "POST", ROLE, editors(303), {"role": "steward"}),
    Row("members.role", "POST", "/committee/members/999999/role", editors(404)),
    Row("people.show", "GET", f"{PEOPLE}/{{person}}", north(200)),
    Row("people.show", "GET", f"{PEOPLE}/{{guest}}", readers(200) | CHAIRS),
    Row("people.show", "GET", f"{PEOPLE}/999999", committee(404)),
    Row("people.export", "GET", f"{PEOPLE}/{{guest}}/data.json", editors(200)),
    Row("people.add", "GET", f"{PEOPLE}/add", editors(200)),
    Row("people.add", "POST", f"{PEOPLE}/add", editors(303), GUEST),
    Row("people.correct", "POST", f"{PEOPLE}/{{guest}}/details", editors(303), GUEST),
    Row("people.correct", "POST", f"{PEOPLE}/999999/details", editors(404)),
    Row("people.confirm", "POST", f"{PEOPLE}/{{guest}}/confirm", editors(303)),
    Row("people.link", "POST", f"{PEOPLE}/{{guest}}/member", editors(303), {"member": "1002"}),
    Row("people.unlink", "POST", f"{PEOPLE}/{{person}}/member/remove", editors(303)),
    Row("people.merge", "POST", f"{PEOPLE}/{{person}}/merge", editors(200)),
    Row("people.erase", "POST", f"{PEOPLE}/{{person}}/erase", editors(200)),
    Row("people.erase", "POST", f"{PEOPLE}/{{person}}/erase", editors(303), {"sure": "y"}),
    Row("unsubscribe.ask", "GET", "/unsubscribe/never-was", everybody(410)),
    Row("unsubscribe.stop", "POST", "/unsubscribe/never-was", everybody(410)),
    Row("unsubscribe.again", "POST", "/unsubscribe/never-was/again", everybody(410)),
    Row("unsubscribe.preferences", "GET", "/unsubscribe/never-was/all", everybody(410)),
    Row("links.ask", "GET", "/link/never-was", everybody(410)),
    Row("links.act", "POST", "/link/never-was", everybody(410)),
    Row("members.correct_role", "GET", f"{ROLE}/999999", editors(404)),
    Row("members.correct_role", "POST", f"{ROLE}/999999", editors(404)),
    Row(
        "failed_deliveries.retry", "POST", "/committee/failed-deliveries/999999/retry", editors(404)
    ),
    Row(
        "failed_deliveries.treat_as_sent",
        "POST",
        "/committee/failed-deliveries/999999/sent",
        editors(303),
    ),
    Row(
        "failed_emails.treat_as_sent", "POST", "/committee/failed-emails/999999/sent", editors(303)
    ),
    Row("failed_deliveries.retry_all", "POST", "/committee/failed-deliveries/retry", editors(303)),
    Row("account_questions.answer", "POST", f"{ACCOUNTS}/answer", editors(303)),
    Row("account_questions.withdraw", "POST", f"{ACCOUNTS}/withdraw", editors(303)),
    Row("moodle_differences.answer", "POST", f"{DIFFERENCES}/answer", editors(303)),
    Row("moodle_differences.withdraw", "POST", f"{DIFFERENCES}/withdraw", editors(303)),
    Row("failed_emails.retry", "POST", "/committee/failed-emails/999999/retry", editors(303)),
    Row(
        "contact_requests.mark_done",
        "POST",
        "/committee/contact-requests/999999/handled",
        editors(404, **CHAIRS),
    ),
    Row(
        "access_pages.mine",
        "GET",
        "/access",
        everybody(
            403, reviewer=200, approver=200, payroll=200, grievance=200, nobody=303, bad_token=303
        ),
    ),
    Row("access_pages.everyone", "GET", "/committee/access", readers(200)),
    Row(
        "files.download",
        "GET",
        "/files/999999",
        everybody(404, nobody=303, bad_token=303, leader=403, mentor=403),
    ),
    Row("hooks.members", "POST", "/hooks/members", everybody(415)),
    Row("api.status", "GET", "/api/v1/status", everybody(401)),
    Row("api.openapi", "GET", "/api/v1/openapi.json", everybody(200)),
    Row("api.members", "POST", "/api/v1/members", everybody(401)),
    Row("api.lookup", "POST", "/api/v1/members/lookup", everybody(401)),
    Row("api.progress", "GET", "/api/v1/members/{member}/progress", everybody(401)),
    Row("api.awards", "GET", "/api/v1/awards", everybody(401)),
    Row("api.curricula", "GET", "/api/v1/curricula", everybody(401)),
    Row("health.healthz", "GET", "/healthz", everybody(200)),
    Row("health.readyz", "GET", "/readyz", everybody(200)),
    Row("health.jobsz", "GET", "/jobsz", everybody(503)),
    Row("health.metrics", "GET", "/metrics", everybody(200)),
)
