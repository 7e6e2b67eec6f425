"""`/committee/decisions`: milestones that lack something since a correction, until decided."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.progress import milestone_renames
from bridge.store.learning import awards, decisions
from bridge.store.learning.decisions import ListedDecision
from bridge.store.tables.signoffs import AwardDecision
from bridge.web.committee.corrections import credit_page
from bridge.web.committee.corrections.titles import about_title
from bridge.web.committee.members.forms import DecisionForm
from bridge.web.committee.members.visible import find_visible
from bridge.web.committee.members.withdrawals import milestone_title_of
from bridge.web.common.access import open_to
from bridge.web.common.services import Services, current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.lists.columns import CsvField, cell, day, member, text, visitor_may
from bridge.web.lists.filter_fields import MAX_ID, REGION
from bridge.web.lists.filters import Filters
from bridge.web.lists.list_page import Export, ListPage, NextStep
from bridge.web.lists.routes import add_list_routes
from bridge.workflows.corrections.decisions import Correction
from bridge.workflows.corrections.decisions import decide as make_decision


def blueprint(services: Services) -> Blueprint:
    """`/committee/decisions`, its CSV, the page of a decision, and the one to change a credit."""
    pages = Blueprint("corrections", __name__, url_prefix="/committee")
    add_list_routes(pages, services, LIST)
    credit_page.register_routes(pages, services)

    @pages.route("/members/<int:member>/decisions/<int:decision>", methods=["GET", "POST"])
    @open_to("members-change")
    def decide(member: int, decision: int) -> Answer | str:
        form = DecisionForm()
        with services.database.reading() as session:
            person = find_visible(session, member)
            found = _find(session, member, decision)
            award = awards.find_award(session, found.award_id)
            if award is None:
                raise NotFound
        if form.validate_on_submit():
            return _decide(services, found, form)
        return render_template(
            "web/committee/corrections/decision.html",
            form=form, decision=found, member=person, title=milestone_title_of(services, award),
            what=about_title(services.curricula, award.curriculum, found.about),
        )  # fmt: skip

    return pages


def _find(session: Session, member: int, decision: int) -> AwardDecision:
    """The decision about this member. Raises NotFound."""
    found = decisions.find_decision(session, decision) if decision <= MAX_ID else None
    if found is None or found.member_id != member:
        raise NotFound
    return found


def _decide(services: Services, found: AwardDecision, form: DecisionForm) -> Answer:
    said = form.reason.data or ""
    actor, now = current_visitor().email, services.now()
    correction = Correction(actor, now, said, form.answer.data, said)
    with services.database.transaction() as session:
        done = make_decision(session, services.curricula, found.id, correction)
    told = gettext("Saved.") if done else gettext("This was decided before. Nothing was changed.")
    flash(told, "success")
    if done:
        services.trigger_job()
    return redirect(url_for("corrections.decisions"), 303)


def _read(session: Session, filters: Filters, limit: int, after: int) -> Sequence[ListedDecision]:
    return decisions.list_open(session, limit, after, filters.scope)


def _milestone(each: ListedDecision) -> str:
    services = current_services()
    renames = milestone_renames(services.curricula)
    key = renames.get((each.curriculum, each.milestone), each.milestone)
    path = next((one for one in services.curricula if one.key == each.curriculum), None)
    found = path.milestone(key) if path else None
    return found.title.shown(visitors_language(services.config)) if found else each.milestone


def _about(each: ListedDecision) -> str:
    return about_title(current_services().curricula, each.curriculum, each.about)


REASON: CsvField[ListedDecision] = CsvField(_("Reason"), lambda each: each.reason)
LIST: ListPage[ListedDecision] = ListPage(
    endpoint="corrections.decisions",
    address="/committee/decisions",
    title=_("Milestones to decide about"),
    access="members",
    introduction=_(
        "These milestones were awarded because of something that was corrected since. They stay "
        "until someone on the committee decides."
    ),
    fields=(REGION,),
    read=_read,
    empty=lambda _filters: str(gettext("Nothing to decide.")),
    next_step=NextStep(
        _("When you correct or withdraw something that a milestone depends on, it appears here."),
        "members.index",
        _("Members"),
        "members",
    ),
    terms=("milestone", "sign-off", "credit", "withdraw"),
    export=Export("decisions"),
    parent=("members.index", _("All members")),
    parts="web/committee/corrections/list-parts.html",
    columns=(
        member(lambda each: each.member_id),
        text(_("Milestone"), _milestone, words=True),
        text(_("What it lacks"), _about, note=REASON, words=True),
        day(_("Since"), lambda each: each.raised_at),
        cell(_("Action"), "decide", shown=visitor_may("members-change"), control=True),
    ),
)
