"""The page for giving a role to many members, or ending it: choose, look, record."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Answer
from wtforms.fields.choices import SelectChoice

from bridge.foundations.feature import Context
from bridge.store.batches import batches
from bridge.store.members import lookup
from bridge.store.members.roles import held_roles
from bridge.web.committee.members.role_view import read_known_roles, unknown_role_warning
from bridge.web.committee.people_lists.candidates import (
    Candidates,
    fill_filters,
    read_candidates,
)
from bridge.web.committee.people_lists.forms import list_problems
from bridge.web.committee.people_lists.labels import tell_left_out
from bridge.web.committee.role_lists import recorded_page
from bridge.web.committee.role_lists.forms import RoleListForm
from bridge.web.committee.role_lists.labels import END, END_WORDS, GIVE, GIVE_WORDS, list_title
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import role_name
from bridge.web.layout.language import visitors_language
from bridge.workflows.people_lists.people import People
from bridge.workflows.role_lists.preview import RolePreview, preview
from bridge.workflows.role_lists.recording import KINDS, Recorded, record_roles

MAX_RECENT = 10


def blueprint(services: Services) -> Blueprint:
    """`/committee/roles`, and the lists that were recorded there."""
    pages = Blueprint("role_lists", __name__, url_prefix="/committee/roles")
    recorded_page.register_routes(pages, services)

    @pages.route("", methods=["GET", "POST"])
    @open_to("members-change")
    def form() -> Answer | str:
        filled = _form(services)
        with services.database.reading() as session:
            context = services.context(session, visitors_language(services.config))
            if filled.step not in ("preview", "record") or not filled.validate_on_submit():
                return _page(services, context, filled)
            people = People(filled.people.data or "", filled.ticked, own=own_members(session))
            found = preview(session, filled.details, people)
            filled.people.errors = list_problems(found)
            if filled.people.errors or not filled.is_confirmed(found):
                filled.previewed.data = filled.fingerprint(found)
                return _page(services, context, filled, found)
        return _record(services, filled, found)

    return pages


def _form(services: Services) -> RoleListForm:
    form = RoleListForm()
    form.known = read_known_roles(services)
    form.start(services.now().date())
    form.role_region.choices = [
        SelectChoice("", gettext("All regions")),
        *(SelectChoice(key, each.name) for key, each in services.config.regions.items()),
    ]
    return form


def _page(
    services: Services, context: Context, form: RoleListForm, found: RolePreview | None = None
) -> str:
    roles = sorted(((key, role_name(key)) for key in form.known.keys), key=lambda each: each[1])
    fill_filters(services, context, form, roles)
    recent = batches.recent(context.session, list(KINDS.values()), MAX_RECENT)
    return render_template(
        "web/committee/role-lists/form.html",
        form=form, found=found, labels=END if form.action.data == "end" else GIVE,
        candidates=_candidates(services, context, form), known_roles=[name for _, name in roles],
        recent=[(each, list_title(each.kind, each.details, services.config)) for each in recent],
    )  # fmt: skip


def _candidates(services: Services, context: Context, form: RoleListForm) -> Candidates:
    role, today = form.known.key(form.role.data or ""), services.now().date()

    def need_nothing(ids: Collection[int]) -> Collection[int]:
        if not role or not form.action.data:
            return ()
        held = held_roles(context.session, ids, today)
        return [each for each in ids if (role in held[each]) == (form.action.data == "give")]

    return read_candidates(services, context, form, lookup.EVERYONE, need_nothing)


def _record(services: Services, form: RoleListForm, found: RolePreview) -> Answer:
    """Record what was looked at; whose roles were changed meanwhile stays as they are."""
    actor, now, wanted = current_visitor().email, services.now(), form.details
    with services.database.transaction() as session:
        key = form.once(found, actor)
        done = record_roles(session, services.curricula, wanted, found.new, key, actor, now)
    _tell(done, form, found)
    if done.awarded:
        services.trigger_job()
    return redirect(url_for("role_lists.recorded", batch=done.batch_id), 303)


def _tell(done: Recorded, form: RoleListForm, found: RolePreview) -> None:
    if done.repeated:
        flash(gettext("This list was recorded before. Nothing was changed."), "info")
        return
    count = len(done.members)
    if form.action.data == "give":
        told = ngettext("%(num)s member was given the role.",
                        "%(num)s members were given the role.", count)  # fmt: skip
    else:
        told = ngettext("The role of %(num)s member was ended.",
                        "The role of %(num)s members was ended.", count)  # fmt: skip
    flash(told, "success")
    if done.awarded:
        flash(ngettext("%(num)s milestone was reached.", "%(num)s milestones were reached.",
                       done.awarded), "success")  # fmt: skip
    if warning := unknown_role_warning(form.details.role.role, form.known):
        flash(warning, "warning")
    if form.action.data == "end":
        tell_left_out(found, END_WORDS)
    else:
        tell_left_out(found, GIVE_WORDS)
