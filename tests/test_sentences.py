"""Sentences: their English, what they carry, and that every template can be found."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

from bridge.curriculum.folders import read_all
from bridge.desired_state import build_desired_state
from bridge.messages import NOTHING, Message, Quote, as_data, from_data
from bridge.moodle.site.companion_resources import GRADING
from bridge.plan import FIELDS, KINDS, STATES
from bridge.resources import resource

BRIDGE = Path(__file__).parents[1] / "bridge"
FROM_THE_TABLE = {"about", "what", "name"}
"""What the table of keys says; tests/web/translation_catalogue.py walks it."""


def test_a_sentence_is_its_english() -> None:
    inner = Message("the %(what)s", what="page")
    said = Message("%(count)s of 100%% for %(thing)s: %(why)s", count=1500, thing=inner, why="%s")
    assert said == "1,500 of 100% for the page: %s"
    assert not NOTHING


def test_a_sentence_outlives_being_copied_and_kept() -> None:
    said = Message("%(a)s %(b)s %(c)s", a=Message("x %(n)s", n=2), b=Quote("zut", "fr"), c="50%")
    kept = from_data(json.loads(json.dumps(as_data(said))))
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said)), kept):
        assert isinstance(other, Message)
        assert (other, other.template, other.values) == (said, said.template, said.values)
    quote = kept.values["b"] if isinstance(kept, Message) else ""
    assert isinstance(quote, Quote)
    assert quote.lang == "fr"
    assert from_data("an old row") == "an old row"


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in BRIDGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                yield f"{file.relative_to(BRIDGE)}:{node.lineno}", node


def test_every_template_is_one_literal() -> None:
    """Only then do the translators see it."""
    wrong = [
        place
        for place, call in calls()
        if call.args and not isinstance(call.args[0], ast.Constant)
        and place.partition(":")[0] != "sentences.py"
        and not FROM_THE_TABLE & {n.attr for n in ast.walk(call) if isinstance(n, ast.Attribute)}
    ]  # fmt: skip
    assert len(list(calls())) > 100
    assert wrong == []


def test_all_that_a_plan_speaks_of_has_words() -> None:
    shipped = [each.curriculum for each in read_all(resource("curricula"))]
    resources = [thing for path in shipped if path for thing in build_desired_state(path)]
    assert {resource.kind for resource in resources} <= set(KINDS)
    fields = {name for resource in resources for name in resource.fields}
    assert len(fields) > 10
    assert fields <= set(FIELDS)
    assert set(GRADING.values()) <= set(STATES)
