"""What the privacy notice says about each table with personal data. A test finds what is missing.

Times come from the code that deletes, and who may see it from the table of rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from bridge.access.rights import RIGHTS, Right, Scope
from bridge.access.roles import ROLES
from bridge.foundations.forms import drafts, submissions
from bridge.store.auth import logins, signin_links, team
from bridge.store.batches.member_imports import UNDO_TIME
from bridge.store.members import pending_signups
from bridge.store.persons import unconfirmed
from bridge.store.retention import CONTACT_REQUEST_RETENTION, EMAIL_KEY_RETENTION, RETENTION
from bridge.web.layout.translation import translated_text

UNTIL_ERASED = _("Until you delete your data, or your union deletes it.")
SCOPES: dict[Scope, str] = {
    "own": _("only for what they are named for"),
    "own regions": _("in their regions"),
    "all": "",
}


@dataclass(frozen=True, slots=True)
class Category:
    """Tables that the notice describes together, by their key in an export.

    `right`: what one needs to see them; None: nobody does, only programs use them.
    """

    tables: str
    what: str
    why: str
    kept: str | Callable[[], str]
    right: Right | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A category as the page shows it."""

    what: str
    why: str
    kept: str
    who: tuple[str, ...]


def _days(time: timedelta) -> int:
    return time // timedelta(days=1)


CATEGORIES = (
    Category(
        "member member_role member_batch member_batch_line person",
        _("Your name, email address, region, language, member number, status and roles."),
        _("To know who takes part, and to write to you."),
        lambda: gettext(
            "Until you delete your data, or your union deletes it. An address that you typed and"
            " never confirmed: %(days)s days.",
            days=_days(unconfirmed.RETENTION),
        ),
        "members",
    ),
    Category(
        "member_import member_import_row",
        _("What a file of members says about you, when your union imports one."),
        _("To show what it would change, and to undo it if it was the wrong file."),
        lambda: gettext(
            "%(hours)s hour, or until the service runs again. Counts without names stay.",
            hours=UNDO_TIME // timedelta(hours=1),
        ),
        "members-change",
    ),
    Category(
        "member_note",
        _("What the committee notes about you, such as what you agreed on the telephone."),
        _("To remember it the next time."),
        _("Until its author removes it, or you delete your data. Your download has it."),
        "members-change",
    ),
    Category(
        "enrolment completion first_try credit award award_decision delivery due reminder",
        _("Your courses, results, first attempts at quizzes, credits, milestones and deadlines."),
        _("To show your progress, and to award milestones."),
        UNTIL_ERASED,
        "members",
    ),
    Category(
        "session_registration session_registration_change session_attendance session_notice"
        " session_join_link session_leader",
        _("Sessions that you registered for, attended or lead, and emails about them."),
        _("To keep your seat, to tell you about changes, and to count your attendance."),
        UNTIL_ERASED,
        "session-roster",
    ),
    Category(
        "consultation_invitation consultation_answer",
        _("Consultations that you were invited to, your answers, and what you approved."),
        _("So that the committee can improve the courses, and tell you what it did."),
        UNTIL_ERASED,
        "consultations",
    ),
    Category(
        "form_draft form_submission stored_file",
        _("Forms that you began or sent, and their files."),
        _("So that those who are responsible can read them. A form says who they are."),
        lambda: gettext(
            "Drafts: %(draft)s days after the last change. Forms that you withdrew: %(sent)s days."
            " Others: until you delete your data, or your union deletes it.",
            draft=_days(drafts.RETENTION),
            sent=_days(submissions.WITHDRAWN_RETENTION),
        ),
        "sent-forms",
    ),
    Category(
        "contact_request",
        _("What you wrote when you asked a steward to contact you."),
        _("So that someone in your region can answer."),
        lambda: gettext(
            "%(days)s days after it was answered.", days=_days(CONTACT_REQUEST_RETENTION)
        ),
        "contact-requests",
    ),
    Category(
        "letter mailing_subscription former_mailing_token",
        _("Which emails we sent you, without their text, and which you turned off."),
        _("To send each email once, and none that you don't want."),
        lambda: gettext(
            "Sent emails: %(days)s days, and that one was sent: %(keys)s days. What you turned off:"
            " until you delete your data.",
            days=_days(RETENTION),
            keys=_days(EMAIL_KEY_RETENTION),
        ),
        "emails",
    ),
    Category(
        "member_email member_email_recipient",
        _("Which emails the committee sent you together with other members."),
        _("To tell members what is new, each of them once."),
        lambda: gettext(
            "%(days)s days. You can unsubscribe from these emails.",
            days=_days(EMAIL_KEY_RETENTION),
        ),
        "member-emails",
    ),
    Category(
        "join_request signin web_session personal_link recheck",
        _("Sign-ups that wait for confirmation, links to sign in, and signed-in browsers."),
        _("So that only you sign in as you, and nobody floods you with emails."),
        lambda: gettext(
            "Sign-ups: %(signup)s days. Links to sign in: %(link)s minutes. A login: %(login)s days"
            " at most. They are deleted the night after.",
            signup=_days(pending_signups.LINK_LIFETIME),
            link=signin_links.LINK_LIFETIME // timedelta(minutes=1),
            login=_days(logins.MAX_LIFETIME),
        ),
        None,
    ),
    Category(
        "team_role",
        _(
            "Your roles in Stewardpath, such as the committee's, and who gave them to you. Those "
            "who confirm a role see your name and address, too."
        ),
        _("So that you can do your part, and it is clear who gave access to you."),
        lambda: gettext(
            "Until the role ends. An invitation that you don't accept: %(days)s days.",
            days=_days(team.EXPIRED_RETENTION),
        ),
        "access",
    ),
    Category(
        "saved_filter saved_filter_recipient",
        _("Filters of lists that you saved, and reports that you get by email."),
        _("So that you open a list with one click, and get the reports that you may read."),
        _("Until you delete them or leave the report, or you delete your data."),
        "saved-filters",
    ),
    Category(
        "account_question number_question moodle_difference",
        _("Questions about your Moodle account or your member number, with their answers."),
        _("So that nobody's results are counted for someone else."),
        UNTIL_ERASED,
        "accounts",
    ),
    Category(
        "audit curriculum_version api_token",
        _("Who did or opened what, and when."),
        _("So that changes can be explained, and you can see who opened your data."),
        _("As long as the site is used. When you delete your data, your name is removed."),
        "audit-log",
    ),
)


def entries() -> Iterator[Entry]:
    """The notice in the visitor's language."""
    for each in CATEGORIES:
        kept = each.kept() if callable(each.kept) else each.kept
        yield Entry(str(each.what), str(each.why), str(kept), tuple(_who(each.right)))


def _who(right: Right | None) -> Iterator[str]:
    """The roles with a right, and how far it reaches."""
    if right is None:
        yield gettext("Nobody. Only the program uses them.")
        return
    for role, scope in RIGHTS[right].cells.items():
        title, reach = translated_text(ROLES[role].title), str(SCOPES[scope])
        yield f"{title} ({reach})" if reach else title
