"""Withdrawing a member's credits and awards, and allowing an award again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.features.credits import credit_titles
from bridge.store.learning import awards, credits
from bridge.store.tables.learning import Award, Credit
from bridge.store.tables.members import Member
from bridge.web.committee.members.forms import WithdrawForm, withdraw_form
from bridge.web.committee.members.history import milestone_title
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.translation import translated_text
from bridge.web.lists.filter_fields import MAX_ID
from bridge.workflows.awards import assess
from bridge.workflows.corrections.credits import withdraw_credit
from bridge.workflows.dependent_awards import dependent_awards
from bridge.workflows.withdrawals import allow_again, withdraw_award


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is to be withdrawn. `depending`: titles of the milestones awarded because of it."""

    member: Member
    title: str
    depending: tuple[str, ...] = ()
    is_award: bool = False


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the routes below `/committee/members/<id>` that withdraw something."""
    _add_credit_route(pages, services)
    _add_award_routes(pages, services)


def _add_credit_route(pages: Blueprint, services: Services) -> None:
    @pages.route(
        "/<int:member>/credits/<int:credit>/withdraw",
        methods=["GET", "POST"],
        endpoint="withdraw_credit",
    )
    @open_to("members-change")
    def withdraw_credit_page(member: int, credit: int) -> Answer | str:
        with services.database.reading() as session:
            found = find_credit(session, member, credit)
            if elsewhere := corrected_elsewhere(services, found):
                return redirect(elsewhere, 303)
            depending = dependent_awards(session, services.curricula, found, services.now())
            titles = tuple(milestone_title_of(services, each) for each in depending)
            person = find_visible(session, member)
            title = credit_title(services, session, found)
            shown = Withdrawal(person, title, titles)
        form = withdraw_form(asks_about_milestones=bool(depending))
        if not form.validate_on_submit():
            return render_template("web/committee/withdraw.html", shown=shown, form=form)
        return _withdraw_credit(services, member, credit, form)


def _add_award_routes(pages: Blueprint, services: Services) -> None:
    @pages.route(
        "/<int:member>/awards/<int:award>/withdraw",
        methods=["GET", "POST"],
        endpoint="withdraw_award",
    )
    @open_to("members-change")
    def withdraw_award_page(member: int, award: int) -> Answer | str:
        with services.database.reading() as session:
            title = milestone_title_of(services, _find_award(session, member, award))
            shown = Withdrawal(find_visible(session, member), title, is_award=True)
        form = withdraw_form(asks_about_milestones=False)
        if not form.validate_on_submit():
            return render_template("web/committee/withdraw.html", shown=shown, form=form)
        return _withdraw_award(services, member, award, form)

    @pages.post("/<int:member>/awards/<int:award>/allow")
    @open_to("members-change")
    def allow_award(member: int, award: int) -> Answer:
        with services.database.transaction() as session:
            _find_award(session, member, award)
            actor, now = current_visitor().email, services.now()
            changed, earned = allow_again(session, services.curricula, award, actor, now)
        flash(
            gettext("It can be earned again now.") if changed else gettext("No change."), "success"
        )
        if earned:
            flash(ngettext("The member earned %(num)s milestone.",
                           "The member earned %(num)s milestones.", earned), "success")  # fmt: skip
            services.trigger_job()
        return redirect(url_for("members.show", member=member), 303)


def _withdraw_credit(services: Services, member: int, credit: int, form: WithdrawForm) -> Answer:
    correction = form.correction(current_visitor().email, services.now())
    with services.database.transaction() as session:
        found = find_credit(session, member, credit)
        done = withdraw_credit(session, services.curricula, found, correction)
    return _after_withdrawal(services, member, done)


def _withdraw_award(services: Services, member: int, award: int, form: WithdrawForm) -> Answer:
    actor, now, reason = current_visitor().email, services.now(), form.reason.data or ""
    with services.database.transaction() as session:
        done = withdraw_award(session, services.curricula, award, reason, actor, now)
        assess(session, services.curricula, [member], now)
    return _after_withdrawal(services, member, done)


def _after_withdrawal(services: Services, member: int, done: bool) -> Answer:
    flash(gettext("It was withdrawn.") if done else gettext("No change."), "success")
    if done:
        services.trigger_job()
    return redirect(url_for("members.show", member=member), 303)


def corrected_elsewhere(services: Services, credit: Credit) -> str:
    """The path of the page where what a credit follows from is corrected; '' if it is itself."""
    sources = {source.name: source.correct for f in services.features for source in f.credits}
    return sources[credit.source](credit) if credit.source in sources else ""


def find_credit(session: Session, member: int, credit: int) -> Credit:
    """The member's credit. Raises NotFound."""
    find_visible(session, member)
    found = credits.credits_for_ids(session, [credit] if credit <= MAX_ID else []).get(credit)
    if found is None or found.member_id != member:
        raise NotFound
    return found


def _find_award(session: Session, member: int, award: int) -> Award:
    """The member's award. Raises NotFound."""
    find_visible(session, member)
    found = awards.find_award(session, award) if award <= MAX_ID else None
    if found is None or found.member_id != member:
        raise NotFound
    return found


def credit_title(services: Services, session: Session, credit: Credit) -> str:
    """What a credit is called in the visitor's language."""
    context = services.context(session, visitors_language(services.config))
    return translated_text(credit_titles(services.features, context, [credit])[credit.id])


def milestone_title_of(services: Services, award: Award) -> str:
    """The title of an award's milestone in the visitor's language."""
    language = visitors_language(services.config)
    found = (each for each in services.curricula if each.key == award.curriculum)
    return next((milestone_title(each, award, language) for each in found), award.milestone)
