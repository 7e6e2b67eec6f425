"""A sentence for every kind of entry in the activity log."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from bridge.store.operations.audit_log import AuditAction
from bridge.web.committee.activity import (
    of_consultations,
    of_content,
    of_deliveries,
    of_emails,
    of_notes,
    of_people,
    of_saved,
    of_sessions,
    of_team,
)
from bridge.web.committee.activity.exports import list_title
from bridge.web.committee.activity.names import number_in
from bridge.web.committee.activity.told import (
    Told,
    credit,
    fill,
    link,
    member,
    milestone,
    session,
    signoff,
    who,
)
from bridge.web.common.access import may_open
from bridge.web.layout.formatting import key_as_words, role_name


def _looked(told: Told) -> Markup:
    template = gettext("%(who)s viewed the record of %(member)s.")
    return fill(template, who=who(told), member=member(told))


def _listed(told: Told) -> Markup:
    title = list_title(told.value("list"))
    if told.entry.member_id:
        template = gettext("%(who)s exported the list “%(list)s” about %(member)s.")
        return fill(template, who=who(told), list=title, member=member(told))
    if number_in(told.entry.after, "session"):
        template = gettext("%(who)s exported the list “%(list)s” of the session %(session)s.")
        return fill(template, who=who(told), list=title, session=session(told))
    return fill(gettext("%(who)s exported the list “%(list)s”."), who=who(told), list=title)


def _exported(told: Told) -> Markup:
    template = gettext("%(who)s exported the data of %(member)s.")
    return fill(template, who=who(told), member=member(told))


def _signed_up(told: Told) -> Markup:
    match told.entry.actor:
        case "join" | "form":
            return fill(gettext("%(member)s signed up on this site."), member=member(told))
        case "moodle":
            return fill(gettext("%(member)s registered in Moodle."), member=member(told))
        case _:
            template = gettext("%(who)s signed up %(member)s.")
            return fill(template, who=who(told), member=member(told))


def _member(told: Told) -> Markup:
    if told.is_own:
        return fill(gettext("%(who)s changed their own record."), who=who(told))
    template = gettext("%(who)s changed the record of %(member)s.")
    return fill(template, who=who(told), member=member(told))


def _signoff(told: Told) -> Markup:
    template = gettext("%(who)s signed off %(member)s for “%(what)s”.")
    return fill(template, who=who(told), member=member(told), what=signoff(told))


def _signoffs(told: Told) -> Markup:
    count = number_in(told.entry.after, "count")
    template = gettext("%(who)s signed off %(members)s for “%(what)s”.")
    return fill(template, who=who(told), members=_members(told, count), what=signoff(told))


def _signoffs_undone(told: Told) -> Markup:
    count = number_in(told.entry.after, "count")
    template = gettext("%(who)s undid the sign-offs of %(members)s.")
    return fill(template, who=who(told), members=_members(told, count))


def _roles(told: Told) -> Markup:
    count = number_in(told.entry.after, "count")
    template = gettext("%(who)s gave a role to %(members)s, or ended it.")
    return fill(template, who=who(told), members=_members(told, count, "role_lists.recorded"))


def _roles_undone(told: Told) -> Markup:
    count = number_in(told.entry.after, "count")
    template = gettext("%(who)s undid a list of roles of %(members)s.")
    return fill(template, who=who(told), members=_members(told, count, "role_lists.recorded"))


def _imported(told: Told) -> Markup:
    count = number_in(told.entry.after, "count")
    template = gettext("%(who)s imported %(members)s from a file.")
    members = _members(told, count, "member_imports.show")
    return fill(template, who=who(told), members=members)


def _import_undone(told: Told) -> Markup:
    number = number_in(told.entry.after, "list")
    words: Markup | str = gettext("an import of members")
    if number and may_open("member_imports.show"):
        words = link(words, url_for("member_imports.show", batch=number))
    return fill(gettext("%(who)s undid %(import_)s."), who=who(told), import_=words)


def _members(told: Told, count: int, page: str = "signoffs.recorded") -> Markup | str:
    """How many members, linked to the list of them for those who may open it."""
    words = ngettext("%(num)s member", "%(num)s members", count)
    batch = number_in(told.entry.after, "list")
    return link(words, url_for(page, batch=batch)) if batch and may_open(page) else words


def _credit(told: Told) -> Markup:
    template = gettext("%(who)s recorded “%(what)s” for %(member)s.")
    return fill(template, who=who(told), what=credit(told), member=member(told))


def _credit_withdrawn(told: Told) -> Markup:
    template = gettext("%(who)s withdrew “%(what)s” from %(member)s.")
    return fill(template, who=who(told), what=credit(told), member=member(told))


def _award_question(told: Told) -> Markup:
    template = gettext("%(who)s asked whether %(member)s keeps the milestone “%(milestone)s”.")
    return _about_milestone(template, told)


def _award_kept(told: Told) -> Markup:
    template = gettext("%(who)s decided that %(member)s keeps the milestone “%(milestone)s”.")
    return _about_milestone(template, told)


def _award_withdrawn(told: Told) -> Markup:
    template = gettext("%(who)s withdrew the milestone “%(milestone)s” from %(member)s.")
    return _about_milestone(template, told)


def _award_allowed(told: Told) -> Markup:
    template = gettext("%(who)s let %(member)s earn the milestone “%(milestone)s” again.")
    return _about_milestone(template, told)


def _reminded(told: Told) -> Markup:
    template = gettext("%(who)s reminded %(member)s of the milestone “%(milestone)s”.")
    return _about_milestone(template, told)


def _about_milestone(template: str, told: Told) -> Markup:
    return fill(template, who=who(told), member=member(told), milestone=milestone(told))


def _role(told: Told) -> Markup:
    had, has = (bool(each.get("role")) for each in (told.entry.before, told.entry.after))
    if has and not had:
        template = gettext("%(who)s gave %(member)s the role “%(role)s”.")
    elif had and not has:
        template = gettext("%(who)s removed the role “%(role)s” of %(member)s.")
    else:
        template = gettext("%(who)s changed the role “%(role)s” of %(member)s.")
    role = role_name(told.value("role"))
    return fill(template, who=who(told), member=member(told), role=role)


def _forgot(told: Told) -> Markup:
    return fill(gettext("%(who)s erased a member."), who=who(told))


Sentence = Callable[[Told], Markup]
SENTENCES: Mapping[AuditAction, Sentence] = {
    "looked": _looked,
    "listed": _listed,
    "exported": _exported,
    "signed-up": _signed_up,
    "member": _member,
    "sign-off": _signoff,
    "credit": _credit,
    "credit-withdrawn": _credit_withdrawn,
    "sign-offs": _signoffs,
    "sign-offs-undone": _signoffs_undone,
    "roles": _roles,
    "roles-undone": _roles_undone,
    "members-imported": _imported,
    "import-undone": _import_undone,
    "award-question": _award_question,
    "award-kept": _award_kept,
    "award-withdrawn": _award_withdrawn,
    "award-allowed": _award_allowed,
    "role": _role,
    "reminded": _reminded,
    "member-email": of_emails.to_members,
    "retry": of_deliveries.retried,
    "treat-as-sent": of_deliveries.treated_as_sent,
    "account-answer": of_deliveries.account_answered,
    "number-answer": of_deliveries.number_answered,
    "difference-answer": of_deliveries.difference_answered,
    "contact": of_content.contact,
    "curriculum": of_content.curriculum_edited,
    "apply": of_content.published,
    "token-added": of_content.token_added,
    "token-revoked": of_content.token_revoked,
    "file-stored": of_content.file_stored,
    "file-read": of_content.file_read,
    "forgot": _forgot,
    "person-looked": of_people.looked,
    "person-exported": of_people.exported,
    "person-added": of_people.added,
    "person": of_people.changed,
    "person-confirmed": of_people.confirmed,
    "person-linked": of_people.linked,
    "person-merged": of_people.merged,
    "person-erased": of_people.erased,
    "form-read": of_content.form_read,
    "form-sent": of_content.form_sent,
    "form-withdrawn": of_content.form_withdrawn,
    "session": of_sessions.changed,
    "session-leaders": of_sessions.leaders_named,
    "attendance": of_sessions.attendance,
    "note-added": of_notes.added,
    "note-changed": of_notes.changed,
    "note-removed": of_notes.removed,
    "member-merged": of_notes.merged,
    "team-given": of_team.given,
    "team-confirmed": of_team.confirmed,
    "team-invited-again": of_team.invited_again,
    "team-accepted": of_team.accepted,
    "team-removed": of_team.removed,
    "filter-saved": of_saved.saved,
    "filter-changed": of_saved.changed,
    "filter-deleted": of_saved.deleted,
    "report-emailed": of_saved.emailed,
    "report-stopped": of_saved.stopped,
    "consultation": of_consultations.changed,
    "consultation-invitation": of_consultations.invitation,
    "consultation-answers": of_consultations.answers,
    "consultation-approval": of_consultations.approval,
}
"""The sentence for each action, in the visitor's language, with links."""


def sentence(told: Told) -> Markup:
    """What happened. An action of another version of the program is said in its own words."""
    write: Mapping[str, Sentence] = {str(action): each for action, each in SENTENCES.items()}
    if told.entry.action in write:
        return write[told.entry.action](told)
    action = key_as_words(told.entry.action)
    return fill(gettext("%(who)s: %(action)s"), who=who(told), action=action)
