"""Check that what is required several times has one title."""

from __future__ import annotations

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.problems import Position, Report, quoted
from bridge.curriculum.requirements.register import with_parts_of
from bridge.curriculum.text import Text
from bridge.messages import Message


def check_requirement_titles(parsed: ParsedCurriculum, report: Report) -> None:
    """Warn if a sign-off or a credit has two titles: members see only the first."""
    first: dict[tuple[str, str], tuple[Text, Position]] = {}
    for milestone in parsed.milestones:
        for one in with_parts_of(milestone.records("requirements")):
            kind = one.schema.keys[0].name
            title, position = one.text("title"), one.position_of("title")
            if not title or not one.word(kind):
                continue
            other, place = first.setdefault((kind, one.word(kind)), (title, position))
            if other != title:
                report.warning(
                    position,
                    Message(
                        "`%(kind)s: %(key)s` has another title, %(title)s, in %(place)s.",
                        kind=kind, key=one.word(kind), title=quoted(other.pick()),
                        place=f"{place.file}:{place.line}",
                    ),
                    Message("write the same title, or give one of them another key"),
                )  # fmt: skip
