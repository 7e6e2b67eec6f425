"""Every table of kinds has all kinds: nothing falls through to a default.

Tables are found by their type: a constant annotated as `Mapping[K, …]` or `dict[K, …]`, where K is
a `Literal`, must have every value of K as a key. SUBSETS names the tables that are meant to have
fewer. OTHERS lists tables whose keys are plain texts, with the values they must have.

For `match`, mypy does the same: see docs/decisions/0034-every-kind-has-its-own-branch.md.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest

import bridge
from bridge.moodle.schemas.companion import ModuleName
from bridge.moodle.site.core_site import MODNAMES
from bridge.moodle.site.core_writer import KINDS as SITE_WIDE_KINDS
from bridge.plan.model import ACTIVITIES, Kind
from bridge.store.accounts.answers import Answer
from bridge.store.delivery.failed_emails import EmailFailureReason
from bridge.store.delivery.kinds import DeliveryState
from bridge.store.operations.audit_log import AuditAction
from bridge.web.committee import audit_log
from bridge.web.committee.needs_attention import account_labels, failed_emails
from bridge.web.me import labels as me_labels


def values_of(key: Any) -> tuple[str, ...]:
    """The values of a Literal, or of a union of Literals; none for any other type."""
    if get_origin(key) is Literal:
        return get_args(key)
    if get_origin(key) in (Union, UnionType):
        parts = [values_of(each) for each in get_args(key)]
        return tuple(chain.from_iterable(parts)) if all(parts) else ()
    return ()


COURSE_KINDS = set(values_of(Kind)) - SITE_WIDE_KINDS

SUBSETS: Mapping[str, Collection[str]] = {
    "bridge.access.rights.REGIONAL": {"chair", "committee", "auditor"},
    "bridge.access.rights.CENTRAL": {"committee", "auditor"},
    "bridge.access.rights.COMMITTEE_ONLY": {"committee"},
    "bridge.access.rights.SPECIALISTS": {"reviewer", "approver", "payroll", "grievance"},
    "bridge.moodle.site.core_writer._CREATE": SITE_WIDE_KINDS,
    "bridge.moodle.site.core_writer._UPDATE": SITE_WIDE_KINDS,
    # Questions are imported together, as a file.
    "bridge.moodle.site.companion_requests.SAVE": COURSE_KINDS - {"question"},
    "bridge.moodle.site.companion_site.RENAMED": ACTIVITIES | {"section", "question", "badge"},
}
"""Tables that have only these keys, by module and name."""

NOT_ABOUT_A_MEMBER = {
    "contact",
    "curriculum",
    "apply",
    "token-added",
    "token-revoked",
    "forgot",
    "person-erased",
}
"""Actions that a member never sees in the log of their own record."""

OTHERS: Mapping[str, tuple[Mapping[str, object], Collection[str]]] = {
    "ACTIONS in bridge/web/committee/audit_log.py": (audit_log.ACTIONS, values_of(AuditAction)),
    "ACTIONS in bridge/web/me/labels.py": (
        me_labels.ACTIONS,
        set(values_of(AuditAction)) - NOT_ABOUT_A_MEMBER,
    ),
    "ANSWERS in bridge/web/committee/needs_attention/account_labels.py": (
        account_labels.ANSWERS,
        values_of(Answer),
    ),
    "MODNAMES in bridge/moodle/site/core_site.py": (MODNAMES, values_of(ModuleName)),
    "REASONS in bridge/web/committee/needs_attention/failed_emails.py": (
        failed_emails.REASONS,
        values_of(EmailFailureReason),
    ),
    "ADVICE in bridge/web/committee/needs_attention/failed_emails.py": (
        failed_emails.ADVICE,
        {*values_of(EmailFailureReason), "contact", "configured", "overtaken"},
    ),
}

PACKAGES = [Path(each) for each in bridge.__path__]
NOT_IMPORTED = ("bridge.store.migrations.", "bridge._data.")
"""Alembic runs migrations; they can't be imported."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(bridge.__path__, "bridge."):
        if not found.name.startswith(NOT_IMPORTED):
            yield importlib.import_module(found.name)


def names_of(module: ModuleType, tree: ast.Module) -> dict[str, object]:
    """The module's names, and those that it imports only for type checking."""
    names = dict(vars(module))
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            code = ast.Module(body=node.body, type_ignores=[])
            exec(compile(code, str(module.__file__), "exec"), names)
    return names


def tables_in(module: ModuleType) -> Iterator[tuple[str, Mapping[object, object], set[object]]]:
    """Each table of the module with its name, and the keys that its type has."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    if "Mapping[" not in source and "dict[" not in source:
        return
    tree = ast.parse(source)
    names = names_of(module, tree)
    for node in tree.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if not isinstance(table := vars(module).get(node.target.id), Mapping):
            continue
        annotation = eval(ast.unparse(node.annotation), names)
        keys = values_of((get_args(annotation) or (None,))[0])
        if keys:
            yield f"{module.__name__}.{node.target.id}", table, set(keys)


TABLES = {name: (table, keys) for each in modules() for name, table, keys in tables_in(each)}


def check(where: str, table: Mapping[Any, object], expected: Collection[object]) -> None:
    missing, unknown = set(expected) - table.keys(), table.keys() - set(expected)
    assert not missing, f"{where} has no entry for {sorted(map(str, missing))}: add it there"
    assert not unknown, (
        f"{where} has entries for {sorted(map(str, unknown))}, which aren't expected: remove "
        "them, or correct the expected keys in tests/test_tables_of_kinds.py"
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_every_kind(name: str) -> None:
    table, keys = TABLES[name]
    module, _, constant = name.rpartition(".")
    check(f"{constant} in {module.replace('.', '/')}.py", table, SUBSETS.get(name, keys))


@pytest.mark.parametrize("where", OTHERS)
def test_another_table_has_every_kind(where: str) -> None:
    check(where, *OTHERS[where])


def test_tables_are_found() -> None:
    assert {"bridge.mail.kinds.EMAILS", "bridge.plan.labels.KINDS"} <= TABLES.keys()
    assert TABLES["bridge.cli.service.status.STATES"][1] == set(values_of(DeliveryState))
    unknown = SUBSETS.keys() - TABLES.keys()
    assert not unknown, f"SUBSETS names {sorted(unknown)}, which aren't tables any more"


def test_a_missing_kind_is_named() -> None:
    with pytest.raises(AssertionError, match=r"TABLE in file has no entry for \['two'\]"):
        check("TABLE in file", {"one": 1}, ("one", "two"))
    with pytest.raises(AssertionError, match=r"entries for \['two'\], which aren't expected"):
        check("TABLE in file", {"one": 1, "two": 2}, ("one",))
