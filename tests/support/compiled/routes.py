"""What builds the URLs of a route, shared by all applications of a process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


def share_compiled_routes() -> None:
    """For every application from now on. Each has 240 routes, and Werkzeug compiles two functions
    for a route. They get the rule as an argument, so rules that look the same can share them."""
    compile_builder: Callable[[Rule, bool], Builder] = Rule._compile_builder
    compiled: dict[tuple[object, ...], Builder] = {}

    def shared(self: Any, append_unknown: bool = True) -> Builder:
        defaults = repr(sorted((self.defaults or {}).items()))
        converters = tuple((name, type(one)) for name, one in self._converters.items())
        key = (self.rule, tuple(self._trace), defaults, converters, append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = shared  # type: ignore[method-assign]
