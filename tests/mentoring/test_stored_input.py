"""A stored run can be repeated; importing the package is cheap."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.mentoring.matching.mentees import match_mentees
from bridge.mentoring.matching.model import Participant
from bridge.mentoring.matching.preferences import MENTORS
from bridge.mentoring.matching.stored_input import fingerprint, input_json, read_input
from tests.mentoring.people import exclusions, participants, with_exclusions


@settings(max_examples=50, deadline=None)
@given(participants("m", 4), participants("t", 3), exclusions(), st.randoms())
def test_a_stored_input_gives_the_same_result(few, some, excluded, chance) -> None:
    rules = with_exclusions(MENTORS, excluded)
    stored = input_json(few, some, rules)
    mixed = [chance.sample(each, len(each)) for each in (few, some, excluded)]
    assert input_json(*mixed[:2], with_exclusions(MENTORS, mixed[2])) == stored
    again = read_input(stored)
    assert input_json(*again) == stored
    assert match_mentees(*again) == match_mentees(few, some, rules)


def test_the_fingerprint_tells_inputs_apart() -> None:
    one = input_json([Participant("m1")], [], MENTORS)
    other = input_json([Participant("m1")], [], replace(MENTORS, load=3))
    assert len(fingerprint(one)) == 64
    assert fingerprint(one) != fingerprint(other)


def test_the_solvers_are_imported_only_when_matching() -> None:
    modules = "bridge.mentoring.matching.mentees, bridge.mentoring.matching.peers"
    loaded = "sorted({'scipy', 'numpy', 'rustworkx'} & set(sys.modules))"
    code = f"import sys, {modules}; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
