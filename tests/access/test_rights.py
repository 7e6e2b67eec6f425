"""The table of rights: what must always hold, and what it gives to whom."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bridge.access.decisions import allows, allows_for, regions_of
from bridge.access.file_purposes import FilePurpose
from bridge.access.form_readers import FORM_FILES, FORM_READERS, file_purpose
from bridge.access.rights import CONFIDENTIAL, RIGHTS, Right
from bridge.access.roles import ROLES, Role
from bridge.curriculum.forms.form import Readers

NORTH = frozenset({"north"})
roles = some.sets(some.sampled_from(get_args(Role)))
rights = some.sampled_from(get_args(Right))


def test_the_tables_have_every_role_and_right() -> None:
    assert set(ROLES) == set(get_args(Role))
    assert set(RIGHTS) == set(get_args(Right))


@pytest.mark.parametrize("right", CONFIDENTIAL)
@pytest.mark.parametrize("role", ["visitor", "chair", "committee", "auditor"])
def test_confidential_things_are_not_for_the_committee(right: Right, role: Role) -> None:
    assert role not in RIGHTS[right].cells
    assert not allows(right, {role})
    assert not allows_for(right, {role}, set(ROLES) - {"leader", "mentor", "link"})


def test_claims_reviews_applications_and_grievance_files_are_confidential() -> None:
    """Once more than in the table, so that a change there is noticed."""
    named = {"applications", "applications-score", "claims", "claims-decide", "payroll-batches",
             "reviews", "grievance-files", "pair-notes", "reviewers-forms", "approvers-forms",
             "payroll-forms", "grievance-forms"}  # fmt: skip
    assert set(CONFIDENTIAL) == named


@given(rights, roles, roles)
def test_roles_add_up(right: Right, some_roles: set[Role], more: set[Role]) -> None:
    if allows(right, some_roles):
        assert allows(right, some_roles | more)


@given(rights, roles, roles)
def test_whoever_has_a_right_for_one_thing_has_it(
    right: Right, held: set[Role], here: set[Role]
) -> None:
    """But for leaders and mentors, who have it only for their own."""
    from_features = {"leader", "mentor", "link"}
    if allows_for(right, held, here - from_features):
        assert allows(right, held)


@given(roles)
def test_nobody_decides_about_their_own(held: set[Role]) -> None:
    for right in ("claims-decide", "applications-score"):
        assert not allows_for(right, held, {*held, "approver", "reviewer", "member"})


def test_a_feature_makes_nobody_an_approver_whom_the_configuration_does_not_name() -> None:
    assert not allows_for("claims", {"member"}, {"approver"})
    assert not allows_for("claims", {"approver"}, set())
    assert allows_for("claims", {"approver"}, {"approver"})
    assert allows_for("pairs", {"member"}, {"mentor"})
    assert not allows_for("pairs", {"member"}, set())


def test_payroll_and_the_grievance_committee_need_nobody_to_name_an_object() -> None:
    assert allows_for("payroll-batches", {"payroll"}, set())
    assert not allows_for("payroll-batches", {"approver"}, {"approver"})
    assert allows_for("grievance-files", {"grievance"}, set())


def test_the_readers_of_a_form_are_a_role_of_the_configuration() -> None:
    """The name in the YAML is that of the setting, and the right is that role's alone."""
    assert set(FORM_READERS) == set(get_args(Readers))
    settings = {data.setting: role for role, data in ROLES.items() if data.setting}
    for name, each in FORM_READERS.items():
        right = each.needs or "sent-forms"
        assert RIGHTS[right].cells[settings[name]] == "all"
        assert each.needs is None or set(RIGHTS[right].cells) == {settings[name]}


def test_regions() -> None:
    assert regions_of("members", {"chair"}, NORTH) == NORTH
    assert regions_of("members", {"chair", "auditor"}, NORTH) is None
    assert regions_of("contact-requests-close", {"chair", "auditor"}, NORTH) == NORTH
    assert regions_of("members-change", {"chair"}, NORTH) == frozenset()


def test_a_file_is_for_others_once_it_was_sent() -> None:
    receipt = FilePurpose("claim", "claims", "claim")
    for each in (receipt, *FORM_FILES):
        assert each.right_to_read(f"{each.attached_to}:1") == each.right
        assert each.right_to_read("draft:1") is None
        assert each.right_to_read("") is None
    assert receipt.right_to_read("claims:1") is None
    assert (receipt.content_right, file_purpose("").content_right) == ("claims", None)
