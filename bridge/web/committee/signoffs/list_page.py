"""The page for signing off many people: choose, look at the preview, record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Answer

from bridge.features.registers import all_own_people
from bridge.foundations.feature import Context
from bridge.store.learning import credits, enrolments, signoff_batches
from bridge.store.learning.signoff_batches import signed_off
from bridge.store.members import lookup
from bridge.store.statistics import one_signoff_away
from bridge.web.committee.people_lists.candidates import (
    Candidates,
    fill_filters,
    read_candidates,
)
from bridge.web.committee.people_lists.forms import list_problems
from bridge.web.committee.people_lists.labels import tell_left_out
from bridge.web.committee.signoffs import recorded_page
from bridge.web.committee.signoffs.forms import SignoffListForm
from bridge.web.committee.signoffs.labels import LABELS
from bridge.web.committee.signoffs.place import Place, permits_at, place_of
from bridge.web.committee.signoffs.requirements import (
    RequirementGroup,
    options_of,
    requirement_groups,
)
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.workflows.people_lists.people import People
from bridge.workflows.signoffs.permits import Permit, allowed, scope_for
from bridge.workflows.signoffs.preview import SignoffPreview, preview
from bridge.workflows.signoffs.recording import Recorded, record_list

MAX_RECENT = 10


@dataclass(frozen=True, slots=True)
class Work:
    """What a request works with."""

    services: Services
    place: Place
    form: SignoffListForm
    permits: list[Permit]
    groups: list[RequirementGroup]


def blueprint(services: Services) -> Blueprint:
    """`/committee/sign-offs`, and `…/<kind>/<id>` for the people of an object."""
    pages = Blueprint("signoffs", __name__, url_prefix="/committee/sign-offs")
    _add_form(pages, services, "")
    recorded_page.register_routes(pages, services, "")
    for kind in all_own_people(services.features):
        _add_form(pages, services, kind)
        recorded_page.register_routes(pages, services, kind)
    return pages


def _add_form(pages: Blueprint, services: Services, kind: str) -> None:
    @pages.route(
        f"/{kind}/<int:{kind}>" if kind else "",
        methods=["GET", "POST"],
        endpoint=f"{kind}_form" if kind else "form",
    )
    @open_to("sign-offs", subject=kind)
    def form_page(**_path: int) -> Answer | str:
        form, place, language = (
            SignoffListForm(),
            place_of(kind),
            visitors_language(services.config),
        )
        form.start(services.now().date())
        with services.database.reading() as session:
            context = services.context(session, language)
            permits = permits_at(services, session, place)
            groups = requirement_groups(
                services.curricula, allowed(services.curricula, permits), language,
                enrolments.count_open(session),
            )  # fmt: skip
            form.offer(options_of(groups))
            work = Work(services, place, form, permits, groups)
            if form.step not in ("preview", "record") or not form.validate_on_submit():
                return _page(work, context)
            found = _preview(work, context)
            form.people.errors = list_problems(found)
            if form.people.errors or not form.is_confirmed(found):
                form.previewed.data = form.fingerprint(found)
                return _page(work, context, found)
        return _record(work, found)


def _preview(work: Work, context: Context) -> SignoffPreview:
    curriculum, requirement = work.form.requirement_key
    scope = scope_for(context.curricula, curriculum, requirement, work.permits)
    own = own_members(context.session)
    people = People(work.form.people.data or "", work.form.ticked, scope, own)
    return preview(context.session, curriculum, requirement, people)


def _page(work: Work, context: Context, found: SignoffPreview | None = None) -> str:
    form = work.form
    fill_filters(work.services, context, form)
    curriculum, requirement = form.requirement_key
    scope = [each.people for each in work.permits]
    if requirement:
        scope = list(scope_for(context.curricula, curriculum, requirement, work.permits))
    recent = _recent(context)
    return render_template(
        "web/committee/signoffs/form.html",
        names=_names(context, recent), form=form, place=work.place, groups=work.groups,
        found=found, labels=LABELS,
        candidates=_candidates(work, context, scope),
        recent=recent if not work.place.kind else [],
    )  # fmt: skip


def _candidates(work: Work, context: Context, scope: lookup.Scope) -> Candidates:
    chosen, place = work.form.requirement_key, work.place

    def have_it(ids: Collection[int]) -> Collection[int]:
        return signed_off(context.session, *chosen, ids) if all(chosen) else ()

    def lack_only_this() -> frozenset[int]:
        return one_signoff_away.member_ids(context.session, [chosen] if all(chosen) else None)

    return read_candidates(
        work.services, context, work.form, scope, have_it, lack_only_this,
        list_all=bool(place.kind),
    )  # fmt: skip


def _recent(context: Context) -> list[recorded_page.RecentList]:
    visitor = current_visitor()
    mine = "" if visitor.may("members-change") else visitor.email
    found = signoff_batches.recent(context.session, MAX_RECENT, mine)
    return [
        recorded_page.RecentList(
            each, recorded_page.shown_title(context.curricula, each, context.language)
        )
        for each in found
    ]


def _names(context: Context, recent: Sequence[recorded_page.RecentList]) -> list[str]:
    """Names to suggest: the visitor's, and those of the lists recorded last. One query."""
    ids = [each.batch.credit_id for each in recent]
    found = credits.credits_for_ids(context.session, ids)
    used = [str(found[each].evidence.get("by_name", "")) for each in ids if each in found]
    return [name for name in dict.fromkeys((current_visitor().name, *used)) if name]


def _record(work: Work, found: SignoffPreview) -> Answer:
    """Record what was looked at; who was signed off meanwhile stays as they are."""
    services, form = work.services, work.form
    actor, now = current_visitor().email, services.now()
    with services.database.transaction() as session:
        key = form.once(found, actor)
        done = record_list(session, services.curricula, form.details, found.new, key, actor, now)
    _tell(done, found)
    if done.awarded:
        services.trigger_job()
    return redirect(work.place.address("recorded", batch=done.batch_id), 303)


def _tell(done: Recorded, found: SignoffPreview) -> None:
    if done.repeated:
        flash(gettext("This list was recorded before. Nothing was changed."), "info")
        return
    told = ngettext("%(num)s person was signed off.", "%(num)s people were signed off.",
                    len(done.members))  # fmt: skip
    flash(told, "success")
    if done.awarded:
        flash(ngettext("%(num)s milestone was reached.", "%(num)s milestones were reached.",
                       done.awarded), "success")  # fmt: skip
    tell_left_out(found, LABELS.words)
