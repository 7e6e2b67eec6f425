"""Every page in each of its states: who sees it and how to get there.

test_accessibility fails for every route with a page that is missing here.
"""

from __future__ import annotations

from bridge.access.rights import RIGHTS, Right
from tests.browser.support.states import page_setup
from tests.browser.support.states.consultation_states import (
    CONSULTATION_REDIRECTS,
    CONSULTATION_STATES,
)
from tests.browser.support.states.curriculum_states import CURRICULUM_REDIRECTS, CURRICULUM_STATES
from tests.browser.support.states.form_states import FORM_STATES
from tests.browser.support.states.members.member_email_states import (
    MEMBER_EMAIL_REDIRECTS,
    MEMBER_EMAIL_STATES,
)
from tests.browser.support.states.members.member_list_states import (
    IMPORT_REDIRECTS,
    IMPORT_STATES,
    MEMBER_LIST_STATES,
)
from tests.browser.support.states.members.member_states import MEMBER_REDIRECTS, MEMBER_STATES
from tests.browser.support.states.page_setup import (
    PATH,
    open_page,
    submit_form,
)
from tests.browser.support.states.page_state import PageState
from tests.browser.support.states.report_states import REPORT_REDIRECTS, REPORT_STATES
from tests.browser.support.states.saved_states import SAVED_REDIRECTS, SAVED_STATES
from tests.browser.support.states.session_people_states import SESSION_PEOPLE_STATES
from tests.browser.support.states.session_states import SESSION_REDIRECTS, SESSION_STATES
from tests.browser.support.states.signoff_states import SIGNOFF_REDIRECTS, SIGNOFF_STATES
from tests.browser.support.states.signup_states import SIGNUP_STATES
from tests.browser.support.states.team_states import TEAM_REDIRECTS, TEAM_STATES
from tests.web.lists.declared_lists import declared_lists
from tests.web.signed_in_users import Who

CONTACT = f"/contact{PATH.removeprefix('/path')}/new-member"
MEMBER = "/committee/members/{member}"

KNOWN_STATES = (
    PageState("public.home", open_page("/")),
    PageState("public.welcome", open_page("/welcome")),
    PageState("public.milestone", open_page(f"{PATH}/new-member")),
    PageState("public.milestone", open_page(f"{PATH}/new-steward"), "member", state="steward"),
    PageState("public.milestone", open_page(f"{PATH}/nowhere"), status=404),
    PageState(
        "public.milestone",
        submit_form(f"{PATH}/new-member", ".choose", region="north"),
        state="region",
    ),
    PageState("lessons.page", open_page(f"{PATH}/active-member/running-a-meeting")),
    PageState("lessons.quiz", open_page(f"{PATH}/new-member/quiz/union-basics-check")),
    PageState(
        "lessons.quiz",
        submit_form(f"{PATH}/new-member/quiz/union-basics-check"),
        state="checked",
    ),
    PageState("contact.form", open_page(CONTACT)),
    PageState("contact.form", submit_form(CONTACT, email="no address"), method="POST"),
    PageState("contact.form", page_setup.too_often, method="POST", status=429),
    PageState("contact.thanks", open_page("/contact/thanks")),
    PageState("demo.mailbox", open_page("/demo/mail"), state="empty"),
    PageState("demo.mailbox", page_setup.mailed),
    PageState("public.welcome", page_setup.BROKEN, status=500),
    PageState("public.welcome", page_setup.RESTING, status=503),
    PageState("me.progress", open_page("/me"), "member"),
    PageState("me.progress", page_setup.checking, "member", state="checking"),
    PageState("me.calendar", open_page("/me/calendar"), "member"),
    PageState("me.calendar_address", submit_form("/me/calendar"), "member", "POST"),
    PageState("me.record", open_page("/me/record"), "member"),
    PageState("me.record", open_page("/me/record?kind=led"), "member", state="empty"),
    PageState("me.data", open_page("/me/data"), "member"),
    PageState("me.edit", open_page("/me/data/edit"), "member"),
    PageState(
        "me.edit", submit_form("/me/data/edit", first_name="", last_name=""), "member", "POST"
    ),
    PageState("me.email_sent", open_page("/me/data/email"), "member"),
    PageState("me.email", page_setup.changing_address, "member"),
    PageState("me.email", open_page("/me/data/email/none"), "member", status=410),
    PageState("me.erase", open_page("/me/data/erase"), "member"),
    PageState("me.erase", submit_form("/me/data/erase"), "member", "POST"),
    PageState("dashboard.index", open_page("/committee"), "committee"),
    PageState("dashboard.index", open_page("/committee?region=empty"), "committee", state="empty"),
    PageState("dashboard.index", open_page("/committee"), "member", status=403),
    PageState("dashboard.index", page_setup.uncounted, "committee", state="uncounted"),
    PageState("quiz_statistics.index", open_page("/committee/quizzes"), "committee"),
    PageState("quiz_statistics.index", open_page("/committee/quizzes"), "chair", state="chair"),
    PageState(
        "quiz_statistics.index",
        open_page("/committee/quizzes?region=empty"),
        "auditor",
        state="empty",
    ),
    PageState("dashboard.follow_up", open_page("/committee/follow-up"), "chair"),
    PageState(
        "dashboard.follow_up",
        open_page("/committee/follow-up?region=empty"),
        "auditor",
        state="empty",
    ),
    PageState("members.index", open_page("/committee/members"), "committee"),
    PageState(
        "members.index", submit_form("/committee/members", words="kim"), "chair", state="found"
    ),
    PageState(
        "members.index",
        submit_form("/committee/members", words="qqq"),
        "chair",
        state="empty",
    ),
    PageState("members.show", open_page(MEMBER), "committee"),
    PageState("members.show", open_page(MEMBER), "chair", state="chair"),
    PageState("members.record", open_page(f"{MEMBER}/record"), "chair"),
    PageState("members.withdraw_award", open_page(f"{MEMBER}/awards/1/withdraw"), "committee"),
    PageState(
        "members.withdraw_award",
        submit_form(f"{MEMBER}/awards/1/withdraw", "main form"),
        "committee",
        "POST",
    ),
    PageState("members.signoff", submit_form(MEMBER, "form[action$=signoff]"), "committee", "POST"),
    PageState(
        "members.role", submit_form(MEMBER, "form[action$=role]", role="!"), "committee", "POST"
    ),
    PageState("members.correct_role", page_setup.changing_role, "committee"),
    PageState("members.correct_role", page_setup.changing_role_without_reason, "committee", "POST"),
    PageState("failed_deliveries.index", open_page("/committee/failed-deliveries"), "committee"),
    PageState(
        "failed_deliveries.index",
        open_page("/committee/failed-deliveries?region=empty"),
        "auditor",
        state="empty",
    ),
    PageState("account_questions.index", open_page("/committee/account-questions"), "committee"),
    PageState("number_questions.index", open_page("/committee/number-questions"), "committee"),
    PageState("moodle_differences.index", open_page("/committee/moodle-differences"), "committee"),
    PageState(
        "account_questions.index", open_page("/committee/account-questions"), "chair", state="chair"
    ),
    PageState(
        "account_questions.index",
        open_page("/committee/account-questions?answered=1"),
        "committee",
        state="answered",
    ),
    PageState(
        "account_questions.index",
        open_page("/committee/account-questions?region=empty"),
        "auditor",
        state="empty",
    ),
    PageState("failed_emails.index", open_page("/committee/failed-emails"), "committee"),
    PageState("people.index", open_page("/committee/people"), "committee"),
    PageState(
        "people.index",
        submit_form("/committee/people", words="qqq"),
        "chair",
        state="empty",
    ),
    PageState("people.add", open_page("/committee/people/add"), "committee"),
    PageState("people.add", submit_form("/committee/people/add", name=""), "committee", "POST"),
    PageState("people.show", page_setup.person, "committee"),
    PageState("people.show", page_setup.person, "auditor", state="to-read"),
    PageState("people.correct", page_setup.wrong_person, "committee", "POST"),
    PageState("links.ask", page_setup.personal_link),
    PageState("unsubscribe.ask", page_setup.unsubscribing()),
    PageState("unsubscribe.preferences", page_setup.unsubscribing("/all")),
    PageState("links.ask", open_page("/link/none"), status=410),
    PageState("contact_requests.index", open_page("/committee/contact-requests"), "committee"),
    PageState(
        "contact_requests.index",
        open_page("/committee/contact-requests?handled=1"),
        "chair",
        state="handled",
    ),
    PageState(
        "contact_requests.index",
        open_page("/committee/contact-requests?region=empty"),
        "auditor",
        state="empty",
    ),
    PageState("audit_log.index", open_page("/committee/audit"), "auditor"),
    PageState("access_pages.everyone", open_page("/committee/access"), "auditor"),
    PageState("access_pages.mine", open_page("/access"), "payroll"),
    PageState(
        "audit_log.index", open_page("/committee/audit?member=999999"), "auditor", state="empty"
    ),
    *CURRICULUM_STATES,
    *FORM_STATES,
    *SESSION_STATES,
    *SESSION_PEOPLE_STATES,
    *SIGNUP_STATES,
    *MEMBER_EMAIL_STATES,
    *MEMBER_LIST_STATES,
    *IMPORT_STATES,
    *SIGNOFF_STATES,
    *TEAM_STATES,
    *MEMBER_STATES,
    *CONSULTATION_STATES,
    *REPORT_STATES,
    *SAVED_STATES,
)

READERS: tuple[Who, ...] = ("member", "chair", "auditor", "committee", "payroll")


def first_reader(right: Right) -> Who:
    """Who looks at a list that is not above."""
    return next(each for each in READERS if each in RIGHTS[right].cells)


PAGE_STATES = KNOWN_STATES + tuple(
    PageState(page.endpoint, open_page(page.address), first_reader(page.access))
    for page in declared_lists()
    if page.endpoint not in {each.endpoint for each in KNOWN_STATES}
)
REDIRECTS = {
    ("language.choose", "GET"),
    ("region.choose", "POST"),
    ("lessons.check", "POST"),
    ("members.index", "POST"),
    ("people.index", "POST"),
    ("signup.complete", "POST"),
    ("signin.complete", "POST"),
    ("signin.done", "GET"),
    ("signin.sign_out", "POST"),
    ("me.refresh", "POST"),
    ("me.change_email", "POST"),
    ("forms.withdraw", "POST"),
    *SESSION_REDIRECTS,
    *SIGNOFF_REDIRECTS,
    *TEAM_REDIRECTS,
    *MEMBER_EMAIL_REDIRECTS,
    *MEMBER_REDIRECTS,
    *CONSULTATION_REDIRECTS,
    *REPORT_REDIRECTS,
    *IMPORT_REDIRECTS,
    *SAVED_REDIRECTS,
    *CURRICULUM_REDIRECTS,
    ("forms.withdraw_by_link", "POST"),
    ("members.allow_award", "POST"),
    ("failed_deliveries.retry", "POST"),
    ("failed_deliveries.retry_all", "POST"),
    ("account_questions.answer", "POST"),
    ("number_questions.answer", "POST"),
    ("number_questions.withdraw", "POST"),
    ("moodle_differences.answer", "POST"),
    ("moodle_differences.withdraw", "POST"),
    ("account_questions.withdraw", "POST"),
    ("failed_emails.retry", "POST"),
    ("failed_deliveries.treat_as_sent", "POST"),
    ("failed_emails.treat_as_sent", "POST"),
    ("contact_requests.mark_done", "POST"),
    ("people.confirm", "POST"),
    ("people.link", "POST"),
    ("people.unlink", "POST"),
    ("people.merge", "POST"),
    ("people.erase", "POST"),
    ("links.act", "POST"),
    ("me.end_calendar", "POST"),
    ("unsubscribe.stop", "POST"),
    ("unsubscribe.again", "POST"),
}
"""Routes that redirect, or that answer with one of the pages above."""
FILES = {
    (page.csv_endpoint, "POST" if page.is_search else "GET")
    for page in declared_lists()
    if page.export
} | {
    ("member_emails.as_it_arrives", "GET"),
    ("me.record_table", "GET"),
    ("me.record_data", "GET"),
    ("calendar.dates", "GET"),
    ("members.record_table", "GET"),
    ("members.record_data", "GET"),
    ("people.export", "GET"),
    ("committee_sessions.export", "GET"),
    ("committee_sessions.history_table", "GET"),
    ("committee_consultations.answers_table", "GET"),
    ("files.download", "GET"),
    ("forms.file_by_link", "GET"),
    ("static", "GET"),
    ("bootstrap.static", "GET"),
    ("theme.css", "GET"),
    ("theme.logo", "GET"),
    ("theme.icon", "GET"),
    ("theme.favicon", "GET"),
    ("theme.preview", "GET"),
    ("images.show", "GET"),
    ("me.download", "GET"),
    ("dashboard.table", "GET"),
    ("dashboard.signups", "GET"),
    ("quiz_statistics.table", "GET"),
    ("reports.coverage_table", "GET"),
    ("members.history_table", "GET"),
    ("member_imports.refused", "GET"),
    ("curricula.plan_state", "GET"),
    ("curricula.problems", "POST"),
}
"""Routes that answer with a file or with data for a script."""
WITHOUT_PAGES = ("api", "health", "hooks", "moved_pages")
"""Blueprints without pages of their own."""
