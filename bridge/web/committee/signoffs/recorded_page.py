"""A list of sign-offs that was recorded: who is in it, undoing it, correcting it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Language, key_as_words
from bridge.store.learning.signoff_batches import ListedBatch
from bridge.store.members import lookup
from bridge.store.members.lookup import FoundMember
from bridge.store.tables.signoffs import SignoffBatch
from bridge.web.committee.signoffs.place import Place, permits_at, place_of
from bridge.web.committee.signoffs.requirements import title_of
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.lists.filter_fields import MAX_ID
from bridge.workflows.corrections.decisions import Correction
from bridge.workflows.signoffs import recording
from bridge.workflows.signoffs.recording import RecordedList


@dataclass(frozen=True, slots=True)
class RecentList:
    """A list, with what its requirement is called."""

    batch: ListedBatch
    title: str


class WithdrawListForm(PageForm):
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [DataRequired(lazy_gettext("Enter a reason.")), Length(max=1000)],
        filters=[lambda value: value and value.strip()],
        render_kw={"rows": 2},
    )


def register_routes(pages: Blueprint, services: Services, kind: str) -> None:
    """Add `…/lists/<batch>` and `…/lists/<batch>/undo`."""
    start = f"/{kind}/<int:{kind}>" if kind else ""
    name = f"{kind}_" if kind else ""

    @pages.get(f"{start}/lists/<int:batch>", endpoint=f"{name}recorded")
    @open_to("sign-offs", subject=kind)
    def recorded(batch: int, **_path: int) -> str:
        return _page(services, place_of(kind), batch, WithdrawListForm(formdata=None))

    @pages.post(f"{start}/lists/<int:batch>/undo", endpoint=f"{name}undo")
    @open_to("sign-offs", subject=kind)
    def undo(batch: int, **_path: int) -> Answer | str:
        return _undo(services, place_of(kind), batch)


def _find(services: Services, session: Session, batch: int) -> RecordedList:
    """A list that the visitor recorded, or any for the committee. Raises NotFound."""
    now, visitor = services.now(), current_visitor()
    found = (
        recording.find_list(session, services.curricula, batch, now) if batch <= MAX_ID else None
    )
    if found is None:
        raise NotFound
    theirs = any(each.recorded_by == visitor.email for each in found.credits)
    if not theirs and not visitor.may("members-change"):
        raise NotFound
    return found


def _visible(
    services: Services, session: Session, place: Place, found: RecordedList
) -> dict[int, FoundMember]:
    """The people of a list that the visitor may sign off here now; for the committee all."""
    everyone = current_visitor().may("members-change")
    permits = () if everyone else permits_at(services, session, place)
    scope = lookup.EVERYONE if everyone else tuple(each.people for each in permits)
    return lookup.by_ids(session, {each.member_id for each in found.credits}, scope)


def _hidden(found: RecordedList, visible: Collection[int]) -> int:
    """How many people of a list the visitor may not see."""
    return len({each.member_id for each in found.credits} - set(visible))


def _may_withdraw(found: RecordedList, visible: Collection[int]) -> bool:
    """Others than the committee undo only what nothing depends on, for people they may see."""
    mine = {each.member_id for each in found.active} <= set(visible)
    return current_visitor().may("members-change") or (mine and not found.depending)


def _page(services: Services, place: Place, batch: int, form: WithdrawListForm) -> str:
    language = visitors_language(services.config)
    with services.database.reading() as session:
        found = _find(services, session, batch)
        members = _visible(services, session, place, found)
    path = next((each for each in services.curricula if each.key == found.batch.curriculum), None)
    title = title_of(path, found.batch.requirement, language) if path else found.batch.requirement
    return render_template(
        "web/committee/signoffs/recorded.html",
        found=found, title=title, members=_by_name(members.values()), place=place, form=form,
        hidden=_hidden(found, members), may_withdraw=_may_withdraw(found, members),
        active={each.member_id for each in found.active},
        by_name=next((each.evidence.get("by_name") for each in found.credits), ""),
    )  # fmt: skip


def shown_title(
    curricula: Iterable[Curriculum], batch: SignoffBatch | ListedBatch, language: Language
) -> str:
    """What the requirement of a list is called; its key in words if it is gone."""
    path = next((each for each in curricula if each.key == batch.curriculum), None)
    return title_of(path, batch.requirement, language) if path else key_as_words(batch.requirement)


def _by_name(members: Iterable[FoundMember]) -> list[FoundMember]:
    return sorted(members, key=lambda each: (each.last_name.casefold(), each.first_name.casefold()))


def _undo(services: Services, place: Place, batch: int) -> Answer | str:
    actor, now = current_visitor().email, services.now()
    form = WithdrawListForm()
    with services.database.transaction() as session:
        found = _find(services, session, batch)
        if not _may_withdraw(found, _visible(services, session, place, found)):
            raise Forbidden("Only the committee can withdraw this list.")
        if own_members(session) & {each.member_id for each in found.active}:
            flash(gettext("You are in this list. Someone else must withdraw it."), "danger")
            return redirect(place.address("recorded", batch=batch), 303)
        if found.depending and form.validate_on_submit():
            correction = Correction(actor, now, form.reason.data or "")
            done = recording.withdraw_list(session, services.curricula, batch, correction)
        else:
            done = recording.undo(session, services.curricula, batch, actor, now)
    if done is None or (done.depending and not form.reason.data):
        return _page(services, place, batch, form)
    _tell(done)
    return redirect(place.address("recorded", batch=batch), 303)


def _tell(done: RecordedList) -> None:
    if done.again:
        flash(ngettext("%(num)s sign-off was corrected or recorded again, and stays.",
                       "%(num)s sign-offs were corrected or recorded again, and stay.",
                       len(done.again)), "warning")  # fmt: skip
    if not done.active:
        flash(gettext("No change."), "success")
        return
    flash(ngettext("%(num)s sign-off was withdrawn.", "%(num)s sign-offs were withdrawn.",
                   len(done.active)), "success")  # fmt: skip
    if done.depending:
        asked = sum(map(len, done.depending.values()))
        flash(ngettext("%(num)s milestone to decide about.", "%(num)s milestones to decide about.",
                       asked), "warning")  # fmt: skip
