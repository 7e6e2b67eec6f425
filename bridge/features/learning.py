"""What the core itself gives: results, milestones, sign-offs, and how long certificates last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from bridge.access.visitor import Visitor
from bridge.curriculum.descriptions import names_of
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.requirement import Names
from bridge.curriculum.text import key_as_words
from bridge.features.credits import NO_NAMES, titles_of_curricula
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.feature import (
    CommitteeToDo,
    Context,
    CreditSource,
    Feature,
    RecordLine,
    RecordRequest,
    RecordSource,
)
from bridge.foundations.owners import Owner
from bridge.messages import Message
from bridge.progress import milestone_renames
from bridge.store.learning import decisions, signoffs
from bridge.store.tables.learning import Award, Completion, Credit

BY_HAND = "by-hand"
"""The source of credits that the committee enters."""
MAX_ENTRIES = 100
"""Certificates whose last day the calendar shows."""


def _completions(context: Context, request: RecordRequest) -> Sequence[RecordLine]:
    """Activities that were done, or graded without being passed yet."""
    query = select(Completion).where(
        Completion.member_id == request.member_id,
        or_(Completion.done, Completion.grade.is_not(None)),
        Completion.at < request.before,
    )
    order = (Completion.at.desc(), Completion.curriculum, Completion.activity)
    rows = context.session.scalars(query.order_by(*order).limit(request.limit))
    names = {
        each.key: names_of(each, context.language, context.config.role_labels)
        for each in context.curricula
    }
    return [_completion(row, names.get(row.curriculum, NO_NAMES)) for row in rows]


def _completion(row: Completion, names: Names) -> RecordLine:
    return RecordLine(
        kind="completion",
        on=row.at,
        curriculum=row.curriculum,
        key=row.activity,
        title=ActivityDone.name_of(row.activity, names),
        result=_result(row),
        grade=row.grade,
    )


def _result(row: Completion) -> Message:
    if row.grade is None:
        return Message("done")
    return Message("passed") if row.done else Message("not passed yet")


def _awards(context: Context, request: RecordRequest) -> Sequence[RecordLine]:
    query = select(Award).where(Award.member_id == request.member_id, Award.at < request.before)
    newest = query.order_by(Award.at.desc(), Award.id.desc()).limit(request.limit)
    titles = _milestone_titles(context)
    return [_award(row, titles) for row in context.session.scalars(newest)]


def _award(row: Award, titles: Mapping[tuple[str, str], str]) -> RecordLine:
    return RecordLine(
        kind="award",
        on=row.at,
        curriculum=row.curriculum,
        key=row.milestone,
        title=titles.get((row.curriculum, row.milestone)) or key_as_words(row.milestone),
        result=Message("reached"),
        withdrawn_on=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        correct="" if row.withdrawn_at else _withdrawal(row),
    )


def _withdrawal(row: Award) -> str:
    """The path of the page where the committee withdraws an award."""
    return f"/committee/members/{row.member_id}/awards/{row.id}/withdraw"


def _milestone_titles(context: Context) -> Mapping[tuple[str, str], str]:
    """By curriculum and key, also the key that a milestone had before."""
    titles = {
        (curriculum.key, each.key): each.title.shown(context.language)
        for curriculum in context.curricula
        for each in curriculum.milestones
    }
    former = milestone_renames(context.curricula).items()
    return {**{(path, old): titles[path, new] for (path, old), new in former}, **titles}


def _last_days(context: Context, owner: Owner) -> Sequence[CalendarEntry]:
    """The last days of a member's credits that still count and were not renewed."""
    if owner.member_id is None:
        return ()
    later = aliased(Credit)
    renewed = (
        select(later.id)
        .where(
            later.member_id == Credit.member_id,
            later.curriculum == Credit.curriculum,
            later.kind == Credit.kind,
            later.key == Credit.key,
            later.withdrawn_at.is_(None),
            or_(
                later.valid_until.is_(None),
                later.valid_until > Credit.valid_until,
                and_(later.valid_until == Credit.valid_until, later.id > Credit.id),
            ),
        )
        .exists()
    )
    ending = select(Credit).where(
        Credit.member_id == owner.member_id,
        Credit.withdrawn_at.is_(None),
        Credit.valid_until >= context.today,
        ~renewed,
    )
    rows = list(
        context.session.scalars(ending.order_by(Credit.valid_until, Credit.id).limit(MAX_ENTRIES))
    )
    titles = titles_of_curricula(context, rows)
    return [
        CalendarEntry(
            f"credit-{row.id}",
            Message("%(what)s: valid until this day", what=titles[row.id]),
            last,
        )
        for row in rows
        if (last := row.valid_until) is not None
    ]


def _committee_to_dos(context: Context, visitor: Visitor) -> Sequence[CommitteeToDo]:
    """The awards to decide about. No query for those who can't."""
    if not visitor.may("members-change"):
        return ()
    count = decisions.count_open(context.session)
    title = Message("Milestones to decide about")
    to_do = CommitteeToDo(title, "/committee/decisions", "members-change", count=count)
    return (to_do,) if count else ()


LEARNING = Feature(
    name="learning",
    credits=(
        CreditSource(signoffs.SOURCE, titles_of_curricula),
        CreditSource(BY_HAND, titles_of_curricula),
    ),
    record=(
        RecordSource({"award": Message("Milestones")}, _awards),
        RecordSource({"completion": Message("Quizzes and other activities")}, _completions),
    ),
    calendar=_last_days,
    committee_to_dos=_committee_to_dos,
)
"""Its emails and tables are those of the core, in `EMAILS` and `STORE_TABLES`."""
