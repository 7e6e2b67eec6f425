"""The names that an editor completes, from files with and without errors."""

from __future__ import annotations

from bridge.curriculum.editing.referenced_names import (
    DECLARED_KINDS,
    IMPLICIT_KINDS,
    referenced_names,
)
from bridge.curriculum.schema.fields import RECORDS
from bridge.curriculum.value_types import ImageFile, ListOf, Name

from .sample_files import files


def test_names_are_collected_from_all_files() -> None:
    names = referenced_names({**files(), "badges/x.png": b"", "broken.yaml": b"a: ["})
    assert names["after"] == names["milestones"] == ("first-step", "second-step")
    assert "badges/x.png" in names["image"]
    assert names["quiz"]
    assert names["page"]


def test_undefined_references_are_not_offered_except_roles_and_signoffs() -> None:
    text = b"""milestone: one
title: One
course: {sections: [{section: s, title: S, activities: [{quiz: real, title: Q}]}]}
requirements:
  - quiz: imagined
  - any:
      - signoff: basic-training
      - role: steward
"""
    names = referenced_names({"one.yaml": text})
    assert names["quiz"] == ("real",)
    assert (names["signoff"], names["role"]) == (("basic-training",), ("steward",))


def test_every_reference_in_the_format_can_be_completed() -> None:
    """A new key that is a reference must be added to referenced_names."""
    references = {
        key.name
        for record in RECORDS.values()
        for key in record.keys
        if isinstance(key.shape, ImageFile)
        or (isinstance(key.shape, ListOf) and isinstance(key.shape.item, Name))
        or (isinstance(key.shape, Name) and key != record.keys[0])
    }
    required = {record.keys[0].name for record in RECORDS.values() if "requirement" in record.name}
    assert (references | required) - {"previously"} <= set(referenced_names({}))
    assert set(DECLARED_KINDS) | set(IMPLICIT_KINDS) <= {*referenced_names({}), "milestone"}
