"""A minimal REST client, independent of the code under test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from tests.support.waiting import HANG_SECONDS

SERVER = "/webservice/rest/server.php"


def flatten(value: Any, name: str = "") -> list[tuple[str, str]]:
    """`{"a": [{"b": 1}]}` to `[("a[0][b]", "1")]`; None is left out, booleans are 0 and 1."""
    if value is None:
        return []
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        inside = (flatten(v, f"{name}[{k}]" if name else str(k)) for k, v in items)
        return [pair for pairs in inside for pair in pairs]
    return [(name, str(int(value)) if isinstance(value, bool) else str(value))]


class Refused(AssertionError):
    """An error answer where data was expected."""


@dataclass
class Moodle:
    """One site under test. `kind` is `sandbox` or `moodle`; `samples` keeps what it answered."""

    kind: str
    url: str
    token: str
    samples: dict[str, dict[str, Any]] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def answer(self, function: str, *, token: str | None = None, **params: Any) -> Any:
        """Call a function; return its answer, data or error."""
        reserved = {
            "wstoken": self.token if token is None else token,
            "wsfunction": function,
            "moodlewsrestformat": "json",
        }
        body = [*reserved.items(), *flatten(params)]
        got = self.session.post(self.url + SERVER, data=body, timeout=HANG_SECONDS)
        assert got.status_code == 200
        assert got.headers["Content-Type"].startswith("application/json")
        answer = got.json()
        self._keep(function, params, answer)
        return answer

    def call(self, function: str, *, token: str | None = None, **params: Any) -> Any:
        """Call a function; return its data. An error fails the test."""
        answer = self.answer(function, token=token, **params)
        if isinstance(answer, dict) and "exception" in answer:
            raise Refused(f"{function}: {answer}")
        return answer

    def plugin(self, function: str, **params: Any) -> Any:
        """`call` a function of the plugin."""
        return self.call(f"local_stewardpath_{function}", **params)

    def refusal(self, function: str, *, token: str | None = None, **params: Any) -> dict[str, str]:
        """Call a function; return its error. Data fails the test."""
        answer = self.answer(function, token=token, **params)
        assert isinstance(answer, dict), answer
        assert "exception" in answer, answer
        assert all(isinstance(answer[k], str) for k in ("exception", "errorcode", "message"))
        return answer

    def _keep(self, function: str, params: dict[str, Any], answer: Any) -> None:
        bad = isinstance(answer, dict) and "exception" in answer
        name = f"bad-{answer.get('errorcode', '')}" if bad else "good"
        known = self.samples.setdefault(function, {})
        known.setdefault(name, {"params": params, "answer": answer})
