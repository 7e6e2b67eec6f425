"""What credits are called, and the lines they add to a member's record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bridge.curriculum.descriptions import names_of
from bridge.curriculum.requirements.credited import Credited, evidence_key
from bridge.curriculum.requirements.facts import CreditKind
from bridge.curriculum.requirements.requirement import Names
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.features.registers import check_names, check_unique
from bridge.foundations.feature import Context, Feature, RecordLine, RecordRequest, RecordSource
from bridge.messages import Message
from bridge.store.tables.learning import Credit

KINDS: Mapping[CreditKind, Message] = {
    "signoff": Message("Sign-offs"),
    "session": Message("Sessions"),
    "led": Message("Sessions led"),
    "mentoring": Message("Mentoring"),
    "certificate": Message("Certificates"),
    "program": Message("Programs"),
}
"""What the record's filter calls each kind of credit."""
KEY = re.compile("[a-z][a-z0-9-]{0,19}")
NO_NAMES = Names("", {}, {}, {}, {})


def all_credit_kinds(features: Sequence[Feature]) -> Mapping[str, Message]:
    """What the record's filter calls each kind of credit.

    Raises ValueError for two with the same key, and for one that can't be stored.
    """
    own = [(str(kind), label) for each in features for kind, label in each.credit_kinds.items()]
    every = [*((str(kind), label) for kind, label in KINDS.items()), *own]
    check_unique("kinds of credits", (kind for kind, _ in every))
    sources = [source.name for each in features for source in each.credits]
    check_names("sources of credits", sources, Credit.source)
    for kind, _ in own:
        if not KEY.fullmatch(kind):
            raise ValueError(f"the kind of credit `{kind}` isn't a key of at most 20 characters")
    return dict(every)


def credit_titles(
    features: Sequence[Feature], context: Context, credits: Sequence[Credit]
) -> Mapping[int, str]:
    """What each credit is for, by its ID. One query for each source at most."""
    titles: dict[int, str] = {}
    for source in (source for each in features for source in each.credits):
        own = [each for each in credits if each.source == source.name]
        titles |= source.titles(context, own) if own else {}
    unnamed = [each for each in credits if each.id not in titles]
    return {**titles_of_curricula(context, unnamed), **titles}


def correction_paths(features: Sequence[Feature], credits: Sequence[Credit]) -> Mapping[int, str]:
    """Where the committee corrects each of these credits, by its ID, unless it was withdrawn."""
    sources = {source.name: source.correct for each in features for source in each.credits}
    paths = {}
    for each in credits:
        if each.withdrawn_at is None:
            own = sources[each.source](each) if each.source in sources else ""
            here = f"/committee/members/{each.member_id}/credits/{each.id}/change"
            paths[each.id] = own or here
    return paths


def titles_of_curricula(context: Context, credits: Sequence[Credit]) -> Mapping[int, str]:
    """What the curricula call these credits; their kind and key if none has them."""
    labels = context.config.role_labels
    names = {each.key: names_of(each, context.language, labels) for each in context.curricula}
    return {each.id: _title(each, names) for each in credits}


def credit_lines(features: Sequence[Feature]) -> RecordSource:
    """The lines of all credits, also withdrawn ones, with the titles that their sources give."""

    def read(context: Context, request: RecordRequest) -> Sequence[RecordLine]:
        found = _read(context, request)
        titles = credit_titles(features, context, found)
        paths = correction_paths(features, found)
        return [_line(each, titles[each.id], paths.get(each.id, "")) for each in found]

    return RecordSource(all_credit_kinds(features), read)


def _read(context: Context, request: RecordRequest) -> Sequence[Credit]:
    query = select(Credit).where(
        Credit.member_id == request.member_id,
        Credit.kind.in_(sorted(request.kinds)),
        Credit.occurred_on <= request.last_day,
    )
    newest = query.order_by(Credit.occurred_on.desc(), Credit.id.desc()).limit(request.limit)
    return list(context.session.scalars(newest))


def _line(credit: Credit, title: str, correct: str) -> RecordLine:
    return RecordLine(
        kind=credit.kind,
        on=credit.occurred_on,
        curriculum=credit.curriculum,
        key=credit.key,
        title=title,
        by=str(credit.evidence.get("by_name") or credit.recorded_by),
        note=str(credit.evidence.get("note") or ""),
        valid_until=credit.valid_until,
        withdrawn_on=credit.withdrawn_at,
        withdrawn_reason=credit.withdrawn_reason,
        correct=correct,
    )


def _title(credit: Credit, names: Mapping[str, Names]) -> str:
    """The title in the credit's curriculum; in the first one that has it if it counts in all."""
    if credit.kind != "signoff":
        known = names.get(credit.curriculum) or next(iter(names.values()), NO_NAMES)
        return Credited.name_of(evidence_key(credit.kind, credit.key), known)
    here = [credit.curriculum] if credit.curriculum else list(names)
    found = (names[key].signoffs.get(credit.key) for key in here if key in names)
    return next(filter(None, found), None) or SignedOff.name_of(credit.key, NO_NAMES)
