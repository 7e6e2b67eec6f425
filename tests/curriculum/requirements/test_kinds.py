"""Every kind of requirement can be read, met, stored as evidence, described and sent."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import get_args

import pytest

from bridge.curriculum import requirements
from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.reading.record_parser import RecordParser
from bridge.curriculum.reading.yaml_nodes import Sequence, read_nodes
from bridge.curriculum.requirements.facts import NO_FACTS
from bridge.curriculum.requirements.register import (
    KIND_BY_EVIDENCE,
    KINDS,
    RECORDS,
    REQUIREMENTS,
    SINGLE_KINDS,
    build_requirement,
)
from bridge.curriculum.requirements.requirement import (
    RecordedBy,
    Requirement,
    SingleRequirement,
)
from bridge.progress import evidence, missing
from bridge.web.api.schemas import Requirement as RequirementSchema
from tests.support.sample_curricula import (
    curriculum,
    link,
    milestone,
    page,
    quiz,
    section,
)

from .examples import EXAMPLES, Example

EXAMPLES_FILE = "tests/curriculum/requirements/examples.py"


def read(yaml: str) -> ParsedRecord:
    """The only requirement in a list."""
    report = Report()
    report.add_source("x.yaml", yaml)
    node = read_nodes("x.yaml", yaml, report)
    assert isinstance(node, Sequence)
    found = RecordParser(report).value(node, REQUIREMENTS, "`requirements`")
    assert report.problems() == ()
    assert isinstance(found, tuple)
    [record] = found
    assert isinstance(record, ParsedRecord)
    return record


def test_every_way_to_write_a_requirement_has_an_example() -> None:
    written = {read(f"[{example.yaml}]").schema.name for example in EXAMPLES}
    lacking = {record.name for record in RECORDS} - written
    assert not lacking, f"add an Example of {lacking} in {EXAMPLES_FILE}"
    kinds = {kind.__name__ for kind in {*KINDS} - {type(each.requirement) for each in EXAMPLES}}
    assert not kinds, f"no Example in {EXAMPLES_FILE} is a {kinds}"


def test_every_kind_is_in_the_register() -> None:
    modules = [
        importlib.import_module(f"{requirements.__name__}.{each.name}")
        for each in pkgutil.iter_modules(requirements.__path__)
    ]
    written = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Requirement)
    }
    left_out = {kind.__name__ for kind in written - {Requirement, SingleRequirement, *KINDS}}
    assert not left_out, (
        f"add {left_out} to KINDS in bridge/curriculum/requirements/register.py; "
        "docs/development.md lists what else a kind needs"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_complete(kind: type[Requirement]) -> None:
    lacking = sorted(getattr(kind, "__abstractmethods__", ()))
    assert not lacking, f"{kind.__module__}: {kind.__name__} lacks {lacking}"
    assert kind.kind


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.kind for kind in KINDS}) == len(KINDS)
    assert len(KIND_BY_EVIDENCE) == len(SINGLE_KINDS)
    for kind in SINGLE_KINDS:
        assert getattr(kind, "recorded_by", None) in get_args(RecordedBy), (
            f"set recorded_by of {kind.__name__} in {kind.__module__}"
        )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.yaml)
def test_a_requirement(example: Example) -> None:
    requirement = example.requirement
    step = milestone(
        "m", section("s", quiz("check"), page("hello"), link("agreement")),
        requirements=[requirement],
    )  # fmt: skip
    names = names_of(curriculum(step), "en", {})
    assert build_requirement(read(f"[{example.yaml}]")) == requirement
    assert (requirement.is_met(example.facts), requirement.is_met(NO_FACTS)) == (True, False)
    assert (missing(step, example.facts), missing(step, NO_FACTS)) == ((), (requirement,))
    stored = {name: keys for name, keys in evidence(step, example.facts).items() if keys}
    assert stored == example.evidence
    assert not any(evidence(step, NO_FACTS).values())
    words = [KIND_BY_EVIDENCE[name].name_of(key, names) for name in stored for key in stored[name]]
    assert tuple(words) == example.evidence_words
    assert str(describe(requirement, names)) == example.words
    assert requirement.as_data() == example.data
    assert not RequirementSchema(partial=("text",)).validate(dict(example.data))


def test_the_names_in_stored_awards_never_change() -> None:
    assert [*KIND_BY_EVIDENCE][:4] == ["activities", "signoffs", "role", "credits"]
