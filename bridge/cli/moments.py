"""Days and times as options."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click


class _Moment(click.DateTime):
    """A day or a time in one format. `form`: as people read it, such as YYYY-MM-DD."""

    def __init__(self, pattern: str, form: str, sample: str) -> None:
        super().__init__([pattern])
        self._form, self._sample = form, sample

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return self._form

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"write {value!r} as {self._form}, such as {self._sample}.", param, ctx)


DAY = _Moment("%Y-%m-%d", "YYYY-MM-DD", "2026-03-31")
TIME = _Moment("%Y-%m-%d %H:%M", "'YYYY-MM-DD HH:MM'", "'2026-03-31 18:00'")
