"""Check that the topics of live sessions make sense."""

from __future__ import annotations

from bridge.curriculum.parsed_curriculum import ParsedCurriculum, key_of
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.register import with_parts_of
from bridge.messages import Message


def check_topics(parsed: ParsedCurriculum, report: Report) -> None:
    """Report topics that earn something else than their authors expect."""
    required = _required(parsed)
    for topic in parsed.topics or ():
        _check_credit(topic, required, report)


def _required(parsed: ParsedCurriculum) -> frozenset[str]:
    """The keys of topics that a milestone requires someone to attend."""
    top = (each for milestone in parsed.milestones for each in milestone.records("requirements"))
    return frozenset(each.word("session") for each in with_parts_of(top) if each.has("session"))


def _check_credit(topic: ParsedRecord, required: frozenset[str], report: Report) -> None:
    credit, position = topic.option("credit"), topic.position_of("credit")
    if credit == "any-part" and not topic.has("parts"):
        wrong = Message("`any-part` needs `parts`.")
        report.error(position, wrong, Message("delete the line, or add the parts"))
    if credit == "none" and key_of(topic) in required:
        wrong = Message(
            "A milestone requires `session: %(key)s`, but with `credit: none` nobody earns it.",
            key=key_of(topic),
        )
        report.error(position, wrong, Message("delete the line, or the requirement"))
