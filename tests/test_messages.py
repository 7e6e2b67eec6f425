"""Messages: their English text, their values, and that all templates can be extracted."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

from bridge.curriculum.library.folders import read_all
from bridge.desired_state import build_desired_state
from bridge.messages import NOTHING, Message, Quote, as_data, from_data
from bridge.moodle.site.companion_resources import GRADING
from bridge.plan import FIELDS, KINDS, STATES
from bridge.resources import resource

BRIDGE = Path(__file__).parents[1] / "bridge"
TABLE_ATTRIBUTES = {"about", "what", "name"}
"""Texts of the table of keys, which tests/web/translation_catalogue.py extracts."""


def test_a_message_is_its_english_text() -> None:
    inner = Message("the %(what)s", what="page")
    said = Message("%(count)s of 100%% for %(thing)s: %(why)s", count=1500, thing=inner, why="%s")
    assert said == "1,500 of 100% for the page: %s"
    assert not NOTHING


def test_a_message_survives_copying_pickling_and_json() -> None:
    said = Message("%(a)s %(b)s %(c)s", a=Message("x %(n)s", n=2), b=Quote("zut", "fr"), c="50%")
    restored = from_data(json.loads(json.dumps(as_data(said))))
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said)), restored):
        assert isinstance(other, Message)
        assert (other, other.template, other.values) == (said, said.template, said.values)
    quote = restored.values["b"] if isinstance(restored, Message) else ""
    assert isinstance(quote, Quote)
    assert quote.lang == "fr"
    assert from_data("an old row") == "an old row"


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in BRIDGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                yield f"{file.relative_to(BRIDGE)}:{node.lineno}", node


def test_every_template_is_one_string_literal() -> None:
    """Otherwise it is not extracted for translation."""
    wrong = [
        place
        for place, call in calls()
        if call.args and not isinstance(call.args[0], ast.Constant)
        and place.partition(":")[0] != "messages.py"
        and not TABLE_ATTRIBUTES & {n.attr for n in ast.walk(call) if isinstance(n, ast.Attribute)}
    ]  # fmt: skip
    assert len(list(calls())) > 100
    assert wrong == [], "Write the text in the call itself, with %(name)s for what varies."


def test_everything_in_a_plan_has_a_label() -> None:
    shipped = [each.curriculum for each in read_all(resource("curricula"))]
    resources = [thing for path in shipped if path for thing in build_desired_state(path)]
    kinds = {resource.kind for resource in resources}
    assert kinds <= set(KINDS), f"Add to KINDS in bridge/plan: {kinds - set(KINDS)}"
    fields = {name for resource in resources for name in resource.fields}
    assert len(fields) > 10
    assert fields <= set(FIELDS), f"Add to FIELDS in bridge/plan: {fields - set(FIELDS)}"
    assert set(GRADING.values()) <= set(STATES), "Add to STATES in bridge/plan."
