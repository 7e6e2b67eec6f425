"""What imports, their rows and what these change are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import format_date, gettext, lazy_gettext, ngettext
from markupsafe import Markup, escape

from bridge.member_imports import undoing
from bridge.member_imports.record_json import read_held
from bridge.membership.roles import HeldRole
from bridge.messages import from_data
from bridge.store.batches.member_imports import RowResult, RowState
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.web.committee.members.changes.merge_labels import FIELDS, shown_value
from bridge.web.committee.members.role_view import scope_words
from bridge.web.common.services import current_services
from bridge.web.layout.formatting import role_name
from bridge.web.layout.translation import translate

STATES: Mapping[RowState, str] = {
    "new": lazy_gettext("New"),
    "changed": lazy_gettext("Changed"),
    "question": lazy_gettext("Question"),
    "refused": lazy_gettext("Refused"),
    "unchanged": lazy_gettext("Unchanged"),
}
COUNTED: Mapping[RowState, Callable[[int], str]] = {
    "new": lambda count: ngettext("%(num)s new", "%(num)s new", count),
    "changed": lambda count: ngettext("%(num)s changed", "%(num)s changed", count),
    "question": lambda count: ngettext("%(num)s question", "%(num)s questions", count),
    "refused": lambda count: ngettext("%(num)s refused", "%(num)s refused", count),
    "unchanged": lambda count: ngettext("%(num)s unchanged", "%(num)s unchanged", count),
}
RESULTS: Mapping[RowResult, str] = {
    "": "",
    "recorded": lazy_gettext("recorded"),
    "asked": lazy_gettext("asked"),
    "skipped": lazy_gettext("not recorded"),
    "undone": lazy_gettext("undone"),
    "left": lazy_gettext("not undone"),
}
KINDS: Mapping[str, str] = {
    "new": "good", "changed": "good", "question": "warn", "refused": "bad", "skipped": "bad",
    "left": "warn",
}  # fmt: skip
LEFT: Mapping[str, str] = {
    undoing.OWN: lazy_gettext("It's about you: someone else must undo it."),
    undoing.SINCE: lazy_gettext("Changed since the import."),
    undoing.USED: lazy_gettext("The member has done something since, or was told something."),
    undoing.MERGED: lazy_gettext("Two records were made one since: correct the one that is left."),
    undoing.CONFIDENTIAL: lazy_gettext(
        "The email stays: they wrote something that you can't read."
    ),
}
FILE_FIELDS = {
    **FIELDS,
    "payroll_number": lazy_gettext("Payroll number"),
    "supervisor_name": lazy_gettext("Supervisor"),
    "supervisor_email": lazy_gettext("Email of the supervisor"),
    "source": lazy_gettext("Recorded by"),
}
NOT_SHOWN = ("source",)


@dataclass(frozen=True, slots=True)
class Change:
    """A field or role that a row changes. `is_private`: neither value is shown."""

    label: str
    before: str
    after: str
    is_private: bool = False


def changes_of(row: MemberImportRow) -> list[Change]:
    """What the row changes, as the preview said."""
    values = row.details.get("values")
    roles = row.details.get("roles")
    return [
        *(
            _value_change(name, *pair)
            for name, pair in (values.items() if isinstance(values, dict) else ())
            if name not in NOT_SHOWN
        ),
        *(_role_change(*pair) for pair in (roles if isinstance(roles, list) else ())),
    ]


def reason_of(row: MemberImportRow) -> Markup:
    """Why the row was refused, skipped or left; '' if it wasn't."""
    left = row.details.get("left")
    if isinstance(left, dict) and left:
        names = [str(FILE_FIELDS.get(name, name)) for name in left.get("fields", ())]
        names += [role_name(each) for each in left.get("roles", ())]
        return escape(" ".join([str(LEFT[str(left["why"])]), ", ".join(names)]).strip())
    return translate(from_data(_without_backticks(row.details.get("reason", ""))))


def _without_backticks(reason: object) -> object:
    """Of a stored reason: those in its template mark code, those that someone typed don't."""
    match reason:
        case {"template": template, "values": dict(values)}:
            texts = {name: _without_backticks(value) for name, value in values.items()}
            return {"template": template, "values": texts}
        case str():
            return reason.replace("`", "'")
        case _:
            return reason


def with_codes(text: Markup) -> Markup:
    """A text in which what is between backticks, such as the name of a column, is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return text
    marked = (Markup("<code>{}</code>").format(each) if place % 2 else each
              for place, each in enumerate(parts))  # fmt: skip
    return Markup("").join(marked)


def who_of(row: MemberImportRow) -> str:
    """Whom the row is about, as it says."""
    said = row.record
    name = f"{said.get('first_name', '')} {said.get('last_name', '')}".strip()
    return name or " · ".join(row.cells)[:200]


def count_words(found: MemberImport, *states: RowState) -> str:
    """How many rows are in each of these states, by default in all, in words."""
    counts = {state: sum(_results(found, state).values()) for state in states or COUNTED}
    return ", ".join(COUNTED[state](count) for state, count in counts.items() if count)


def count_results(found: MemberImport, *results: RowResult) -> int:
    """How many rows have one of these results."""
    return sum(_results(found, state).get(each, 0) for state in COUNTED for each in results)


def count_states(found: MemberImport, *states: RowState) -> int:
    """How many rows are in one of these states."""
    return sum(sum(_results(found, state).values()) for state in states)


def _results(found: MemberImport, state: RowState) -> Mapping[str, int]:
    counted = found.counts.get(state)
    return counted if isinstance(counted, dict) else {}


def _value_change(name: str, before: object, after: object) -> Change:
    label = str(FILE_FIELDS.get(name, name))
    if "…" in (before, after):
        return Change(label, "", "", is_private=True)
    return Change(label, shown_value(name, before or ""), shown_value(name, after or ""))


def _role_change(before: Mapping[str, object], after: Mapping[str, object]) -> Change:
    return Change(str(gettext("Role")), _held_words(before), _held_words(after))


def _held_words(values: Mapping[str, object]) -> str:
    if not values:
        return ""
    held: HeldRole = read_held(values)
    scope = scope_words(held, current_services().config)
    name = f"{role_name(held.role)} ({scope})" if scope else role_name(held.role)
    if held.until:
        day = format_date(held.until, "medium", rebase=False)
        return str(gettext("%(role)s until %(day)s", role=name, day=day))
    return name
