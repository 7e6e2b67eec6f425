"""The examples in docs/api.md work, and the page is complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bridge.store.auth.api_tokens import SCOPES
from tests.web.api.client import Program, allow
from tests.web.api.client import url as url
from tests.web.api.test_endpoint import OPERATIONS
from tests.web.signed_in_users import SignedInUsers

PAGE = (Path(__file__).parents[3] / "docs/api.md").read_text(encoding="utf-8")
CALLS = [call for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
         for call in re.findall(r"curl --fail-with-body(?:\\\n|[^\n])*", block)]  # fmt: skip


def test_the_page_lists_every_operation_with_its_scope() -> None:
    for method, path, scope in OPERATIONS:
        assert f"| `{method} /api/v1{path}` | `{scope}` |" in PAGE
    assert {scope for _, _, scope in OPERATIONS} == set(SCOPES)


def test_the_examples_work(users: SignedInUsers) -> None:
    allow(users.database, users.clock(), *SCOPES)
    program = Program(users.app)
    assert len(CALLS) == len(OPERATIONS)
    for call in CALLS:
        [path] = re.findall(r'"\$API([^"]*)"', call)
        body = re.search(r"--data '([^']*)'", call)
        if body:
            answer = program.post(path, json.loads(body[1]))
        else:
            answer = program.get(path.replace("/17/", f"/{users.member}/"))
        assert answer.status_code == 200, (call, answer.get_data(as_text=True))
        assert answer.json is not None
        assert not answer.json.get("refused")


def test_the_responses_shown_match_the_schemas(users: SignedInUsers) -> None:
    written = Program(users.app, "").get("/openapi.json").json
    assert written is not None
    shapes = {frozenset(s["properties"]) for s in written["components"]["schemas"].values()}
    shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    assert len(shown) == 4
    for answer in shown:
        assert any(set(answer) <= shape for shape in shapes), answer
