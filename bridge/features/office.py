"""What there is to do in the core for the committee and the chairs, each with its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.foundations.feature import CommitteeToDo, Context, Feature
from bridge.messages import Message
from bridge.resources import resource
from bridge.store.accounts import questions as account_questions
from bridge.store.delivery import differences, failed_deliveries, failed_emails
from bridge.store.members import contact_requests, number_questions
from bridge.store.operations import runs
from bridge.store.statistics import one_signoff_away
from bridge.workflows.signoffs.permits import asked_for

Regions = frozenset[str] | None
Count = Callable[[Session, Regions], int]
WORK: Sequence[tuple[str, str, Right, Count]] = (
    (
        Message("Contact requests to answer"),
        "/committee/contact-requests",
        "contact-requests-close",
        contact_requests.count_open,
    ),
    (
        Message("Updates that failed"),
        "/committee/failed-deliveries",
        "deliveries-retry",
        lambda session, _regions: failed_deliveries.count_all(session),
    ),
    (
        Message("Emails that failed"),
        "/committee/failed-emails",
        "emails-retry",
        lambda session, _regions: failed_emails.count_all(session),
    ),
    (
        Message("Questions about Moodle accounts"),
        "/committee/account-questions",
        "accounts-answer",
        account_questions.count_open,
    ),
    (
        Message("Questions about member numbers"),
        "/committee/number-questions",
        "accounts-answer",
        number_questions.count_open,
    ),
    (
        Message("Differences in Moodle to decide about"),
        "/committee/moodle-differences",
        "accounts-answer",
        differences.count_open,
    ),
)
"""What it is, where it is done, who does it, and how many there are. One query each."""


def _to_dos(context: Context, visitor: Visitor) -> Sequence[CommitteeToDo]:
    """Nothing, and no query, for those who can do none of it."""
    counted = [
        CommitteeToDo(title, path, right, own=True, count=found)
        for title, path, right, count in WORK
        if visitor.may(right) and (found := count(context.session, visitor.regions(right)))
    ]
    changes = _unpublished(context) if visitor.may("curricula-edit") else ()
    return [*counted, *_one_signoff_away(context, visitor), *changes]


def _one_signoff_away(context: Context, visitor: Visitor) -> Iterator[CommitteeToDo]:
    """As many as the page has lines."""
    if not visitor.may("sign-offs"):
        return
    wanted = asked_for(context.curricula, visitor)
    regions = visitor.regions("sign-offs")
    if count := one_signoff_away.count(context.session, wanted, regions):
        title = Message("Members who are one sign-off away from a milestone")
        yield CommitteeToDo(
            title, "/committee/one-signoff-away", "sign-offs", own=True, count=count
        )


def _unpublished(context: Context) -> Iterator[CommitteeToDo]:
    """What the last comparison with Moodle found, unless it was published since. Two queries."""
    compared = runs.last_run(context.session, "drift", ok_only=True)
    applied = runs.last_run(context.session, "apply", ok_only=True)
    if compared is None or (applied and _ended(applied.finished_at, compared.started_at)):
        return
    for path in context.curricula:
        changes = compared.detail.get(path.key)
        if isinstance(changes, int) and changes:
            title = Message(
                "Changes of “%(title)s” to publish", title=path.title.shown(context.language)
            )
            yield CommitteeToDo(
                title, _plan_path(context.config, path.key), "curricula-edit", count=changes
            )


def _ended(finished: datetime | None, since: datetime) -> bool:
    return finished is not None and finished >= since


def _plan_path(config: Config, key: str) -> str:
    """The page to preview the changes; the list of curricula if the folder has another name."""
    root = config.path(config.curricula) if config.curricula else resource("curricula")
    start = "/committee/curricula"
    return f"{start}/{key}/plan" if root.joinpath(key).is_dir() else start


OFFICE = Feature(name="office", committee_to_dos=_to_dos)
"""Its tables are those of the store."""
