"""Every page in each of its states: who sees it and how to get there.

test_accessibility fails for every route with a page that is missing here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.store.curricula import plan_requests
from tests.browser.support import page_setup
from tests.browser.support.editing import CURRICULUM
from tests.browser.support.page_setup import (
    APPLY,
    PATH,
    SHEET,
    Way,
    at,
    planned,
    sending,
    sentence,
    writing,
)


@dataclass(frozen=True)
class Sight:
    """A page in one state: its route, its status, who sees it, and how to get there."""

    endpoint: str
    way: Way
    role: str = "nobody"
    method: str = "GET"
    status: int = 200
    state: str = ""

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.method, self.endpoint, str(self.status), self.state)))


CONTACT = f"/contact{PATH.removeprefix('/path')}/new-member"
DONE = APPLY | {"made": 3, "refused": []}
UNDER_WAY = APPLY | {"place": 3, "count": 9, "doing": sentence("quiz What you know")}
FAILED = APPLY | {"error": sentence("Moodle did not answer.")}
REFUSED = DONE | {"refused": [{"kind": "page", "key": "a-page", "why": sentence("It may not.")}]}
WRONG = "milestone: new-member\nminutes: 30\n"
MEMBER = "/committee/members/{member}"

SIGHTS = (
    Sight("public.home", at("/")),
    Sight("public.welcome", at("/welcome")),
    Sight("public.milestone", at(f"{PATH}/new-member")),
    Sight("public.milestone", at(f"{PATH}/new-steward"), "member", state="steward"),
    Sight("public.milestone", at(f"{PATH}/nowhere"), status=404),
    Sight(
        "public.milestone", sending(f"{PATH}/new-member", ".choose", region="north"), state="region"
    ),
    Sight("lessons.page", at(f"{PATH}/active-member/running-a-meeting")),
    Sight("lessons.quiz", at(f"{PATH}/new-member/quiz/union-basics-check")),
    Sight("lessons.check", sending(f"{PATH}/new-member/quiz/union-basics-check"), method="POST"),
    Sight("contact.form", at(CONTACT)),
    Sight("contact.form", sending(CONTACT, email="no address"), method="POST"),
    Sight("contact.form", page_setup.too_often, method="POST", status=429),
    Sight("contact.thanks", at("/contact/thanks")),
    Sight("signup.form", at("/signup")),
    Sight("signup.form", sending("/signup", email="no address"), method="POST"),
    Sight("signup.sent", at("/signup/sent")),
    Sight("signup.confirm", page_setup.confirming),
    Sight("signup.confirm", at("/signup/none"), status=410),
    Sight("signup.done", at("/signup/done")),
    Sight("signin.form", at("/signin")),
    Sight("signin.form", sending("/signin", email="no address"), method="POST"),
    Sight("signin.form", page_setup.expired, method="POST", status=400),
    Sight("signin.form", page_setup.too_much, method="POST", status=413),
    Sight("signin.sent", at("/signin/sent")),
    Sight("signin.confirm", page_setup.signing_in),
    Sight("signin.confirm", at("/signin/none"), status=410),
    Sight("demo.mailbox", at("/demo/mail"), state="empty"),
    Sight("demo.mailbox", page_setup.mailed),
    Sight("public.welcome", page_setup.BROKEN, status=500),
    Sight("public.welcome", page_setup.RESTING, status=503),
    Sight("me.progress", at("/me"), "member"),
    Sight("me.progress", page_setup.checking, "member", state="checking"),
    Sight("me.data", at("/me/data"), "member"),
    Sight("me.edit", at("/me/data/edit"), "member"),
    Sight("me.edit", sending("/me/data/edit", first_name=""), "member", "POST"),
    Sight("me.email_sent", at("/me/data/email"), "member"),
    Sight("me.email", page_setup.changing_address, "member"),
    Sight("me.email", at("/me/data/email/none"), "member", status=410),
    Sight("me.erase", at("/me/data/erase"), "member"),
    Sight("me.erase", sending("/me/data/erase"), "member", "POST"),
    Sight("dashboard.index", at("/committee"), "committee"),
    Sight("dashboard.index", at("/committee?region=empty"), "committee", state="empty"),
    Sight("dashboard.index", at("/committee"), "member", status=403),
    Sight("dashboard.index", page_setup.uncounted, "committee", state="uncounted"),
    Sight("quiz_statistics.index", at("/committee/quizzes"), "committee"),
    Sight("quiz_statistics.index", at("/committee/quizzes"), "chair", state="chair"),
    Sight("quiz_statistics.index", at("/committee/quizzes?region=empty"), "auditor", state="empty"),
    Sight("dashboard.follow_up", at("/committee/follow-up"), "chair"),
    Sight("dashboard.follow_up", at("/committee/follow-up?region=empty"), "auditor", state="empty"),
    Sight("members.index", at("/committee/members"), "committee"),
    Sight("members.index", sending("/committee/members", words="kim"), "chair", "POST"),
    Sight(
        "members.index", sending("/committee/members", words="qqq"), "chair", "POST", state="empty"
    ),
    Sight("members.show", at(MEMBER), "committee"),
    Sight("members.show", at(MEMBER), "chair", state="chair"),
    Sight("members.signoff", sending(MEMBER, "form[action$=signoff]"), "committee", "POST"),
    Sight("members.role", sending(MEMBER, "form[action$=role]", role="!"), "committee", "POST"),
    Sight("failed_deliveries.index", at("/committee/failed-deliveries"), "committee"),
    Sight(
        "failed_deliveries.index",
        at("/committee/failed-deliveries?region=empty"),
        "auditor",
        state="empty",
    ),
    Sight("account_questions.index", at("/committee/account-questions"), "committee"),
    Sight("account_questions.index", at("/committee/account-questions"), "chair", state="chair"),
    Sight(
        "account_questions.index",
        at("/committee/account-questions?answered=1"),
        "committee",
        state="answered",
    ),
    Sight(
        "account_questions.index",
        at("/committee/account-questions?region=empty"),
        "auditor",
        state="empty",
    ),
    Sight("failed_emails.index", at("/committee/failed-emails"), "committee"),
    Sight("contact_requests.index", at("/committee/contact-requests"), "committee"),
    Sight(
        "contact_requests.index",
        at("/committee/contact-requests?handled=1"),
        "chair",
        state="handled",
    ),
    Sight(
        "contact_requests.index",
        at("/committee/contact-requests?region=empty"),
        "auditor",
        state="empty",
    ),
    Sight("audit_log.index", at("/committee/audit"), "auditor"),
    Sight("audit_log.index", at("/committee/audit?member=999999"), "auditor", state="empty"),
    Sight("curricula.index", at("/committee/curricula"), "committee"),
    Sight("curricula.new_curriculum", at("/committee/curricula/new"), "committee"),
    Sight(
        "curricula.new_curriculum", sending("/committee/curricula/new"), "committee", "POST", 422
    ),
    Sight("curricula.new_milestone", at(f"{CURRICULUM}/new"), "committee"),
    Sight("curricula.new_milestone", sending(f"{CURRICULUM}/new"), "committee", "POST", 422),
    Sight("curricula.deleted_files", at(f"{CURRICULUM}/deleted"), "auditor"),
    Sight("curricula.file_actions", at(f"{SHEET}/file"), "committee"),
    Sight(
        "curricula.rename",
        sending(f"{SHEET}/file", "form[action$=rename]", name="a/b"),
        "committee",
        "POST",
        422,
    ),
    Sight(
        "curricula.delete",
        sending(f"{SHEET}/file", "form[action$=delete]", base="0" * 64),
        "committee",
        "POST",
        409,
    ),
    Sight("curricula.edit", at(SHEET), "committee"),
    Sight("curricula.edit", at(SHEET), "auditor", state="to-read"),
    Sight("curricula.check", writing("/check", text=WRONG), "committee", "POST"),
    Sight("curricula.save_file", writing("", text=WRONG), "committee", "POST", 422),
    Sight("curricula.save_file", writing("", base="0" * 64), "committee", "POST", 409),
    Sight("curricula.preview", writing("/preview"), "committee", "POST"),
    Sight("curricula.preview", writing("/preview", text=WRONG), "committee", "POST", 422),
    Sight("curricula.history", at(f"{SHEET}/history"), "committee"),
    Sight(
        "curricula.history", at(f"{CURRICULUM}/curriculum.yaml/history"), "auditor", state="empty"
    ),
    Sight("curricula.version", at(f"{SHEET}/history/{{version}}"), "committee"),
    Sight("curricula.restore", page_setup.go_back_too_late, "committee", "POST", 409),
    Sight("curricula.plan", planned(), "committee"),
    Sight("curricula.plan", planned(plan_requests.PLAN, None), "committee", state="asked"),
    Sight("curricula.plan", planned(plan_requests.PLAN), "committee", state="made"),
    Sight(
        "curricula.plan", planned(plan_requests.PLAN, False, FAILED), "committee", state="no-plan"
    ),
    Sight(
        "curricula.plan",
        planned(plan_requests.APPLY, None, UNDER_WAY),
        "committee",
        state="applying",
    ),
    Sight("curricula.plan", planned(plan_requests.APPLY, True, DONE), "committee", state="applied"),
    Sight(
        "curricula.plan", planned(plan_requests.APPLY, False, REFUSED), "committee", state="refused"
    ),
)

LEADS_ON = {
    ("language.choose", "GET"),
    ("region.choose", "POST"),
    ("signup.complete", "POST"),
    ("signin.complete", "POST"),
    ("signin.done", "GET"),
    ("signin.sign_out", "POST"),
    ("me.refresh", "POST"),
    ("me.change_email", "POST"),
    ("curricula.request_plan", "POST"),
    ("failed_deliveries.retry", "POST"),
    ("failed_deliveries.retry_all", "POST"),
    ("account_questions.answer", "POST"),
    ("account_questions.withdraw", "POST"),
    ("failed_emails.retry", "POST"),
    ("contact_requests.mark_done", "POST"),
}
"""Routes that redirect, or that answer with one of the pages above."""
FILES = {
    ("static", "GET"),
    ("bootstrap.static", "GET"),
    ("theme.css", "GET"),
    ("theme.logo", "GET"),
    ("me.download", "GET"),
    ("dashboard.table", "GET"),
    ("dashboard.signups", "GET"),
    ("dashboard.follow_up_table", "GET"),
    ("quiz_statistics.table", "GET"),
    ("members.table", "POST"),
    ("members.history_table", "GET"),
    ("failed_deliveries.table", "GET"),
    ("failed_emails.table", "GET"),
    ("contact_requests.table", "GET"),
    ("audit_log.table", "GET"),
    ("curricula.plan_state", "GET"),
    ("curricula.problems", "POST"),
}
"""Routes that answer with a file or with data for a script."""
MACHINES = ("api", "health", "hooks", "moved_pages")
"""Blueprints without pages of their own."""
